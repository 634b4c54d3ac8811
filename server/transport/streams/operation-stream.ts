import type { IncomingMessage, ServerResponse } from 'node:http';
import { EVENT_STREAM } from './event-stream.ts';
import { onResponseEnd } from './response-end.ts';
import { STREAM_HEADERS } from './stream-response.ts';
import type { StreamedOperation } from './streamed-operation.ts';

/**
 * A response with the results of many operations. It is reserved, then opened once, and ends with its connection, or when
 * it is not opened in time. Operations may begin before it is open: their first result waits until then. They end with it.
 */
export class OperationStream {
  readonly #operations = new Map<string, StreamedOperation>();
  readonly #onOver: () => void;
  readonly #maxUnread: number;
  readonly #onUnread: () => void;
  #unopened = 0;
  #response: ServerResponse | null = null;
  #waiting: (() => void)[] = [];
  #isOver = false;
  #timer: NodeJS.Timeout;

  /** `maxUnread`: in bytes; when more is unread, and more is written, `onUnread` is called, and the stream ends. */
  constructor(options: {
    openWithinMs: number;
    maxUnread: number;
    onUnread: () => void;
    onOver: () => void;
  }) {
    this.#maxUnread = options.maxUnread;
    this.#onUnread = options.onUnread;
    this.#onOver = options.onOver;
    this.#timer = setTimeout(() => this.end(), options.openWithinMs).unref();
  }

  /** How much waits for the stream to be opened, in UTF-16 code units. */
  get waiting(): number {
    return this.#unopened;
  }

  get isOpen(): boolean {
    return this.#response !== null;
  }

  /** Begins the response. Must be called only once. */
  open(request: IncomingMessage, response: ServerResponse): void {
    clearTimeout(this.#timer);
    this.#response = response;
    onResponseEnd(request, response, () => this.end());
    if (this.#isOver) return;
    response.on('drain', () => this.#wake());
    response.writeHead(200, { 'content-type': EVENT_STREAM.type, ...STREAM_HEADERS });
    response.write(EVENT_STREAM.opening);
    this.#timer = setInterval(() => {
      if (!response.writableNeedDrain) response.write(EVENT_STREAM.heartbeat);
    }, EVENT_STREAM.heartbeatMs);
    this.#wake();
  }

  /** Resolves when there is room for more, or the stream has ended. */
  async write(text: string): Promise<void> {
    if (!this.#response && !this.#isOver) {
      this.#unopened += text.length;
      if (this.#unopened - text.length > this.#maxUnread) this.#endUnread();
      else await this.#woken();
      this.#unopened -= text.length;
    }
    if (this.#isOver || !this.#response) return;
    if (this.#response.writableLength > this.#maxUnread) {
      this.#response.destroy();
      return this.#endUnread();
    }
    if (!this.#response.write(text)) await this.#woken();
  }

  /** False while another operation has the id. An operation that comes after the end of the stream is ended. */
  add(id: string, operation: StreamedOperation): boolean {
    if (this.#operations.has(id)) return false;
    if (this.#isOver) operation.end();
    else this.#operations.set(id, operation);
    return true;
  }

  /** Does nothing if another operation has the id now. */
  remove(id: string, operation: StreamedOperation): void {
    if (this.#operations.get(id) === operation) this.#operations.delete(id);
  }

  /** Ends an operation, if it has not ended. */
  complete(id: string): void {
    this.#operations.get(id)?.end();
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    clearInterval(this.#timer);
    for (const operation of [...this.#operations.values()]) operation.end();
    this.#wake();
    this.#onOver();
  }

  #endUnread(): void {
    if (!this.#isOver) this.#onUnread();
    this.end();
  }

  #woken(): Promise<void> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }

  #wake(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}
