import type { WebSocket } from 'ws';
import type { Corkable, Corks } from './corks.ts';
import { textFrame } from './text-frame.ts';

/** How many queries and mutations of one socket may be running before nothing more is read. */
const OPERATIONS_AT_ONCE = 16;
/** How many bytes of pushed results may wait in the process, so that later ones are merged before they are written. */
const PUSHED_BYTES = 16_384;
/** Which part of what may be unread stops the reading of further messages. */
const PAUSED_FROM = 1 / 4;

/**
 * Keeps what a client asks for over a socket in step with what it reads: while it does not read, or has many operations
 * running, its messages stay in the network. What can still be unread then is bounded in bytes. Messages are written one
 * after the other, also those in parts (fragments: RFC 6455, 5.4).
 */
export class SocketFlow {
  readonly #socket: WebSocket;
  readonly #maxUnread: number;
  readonly #network: Network;
  readonly #corks: Corks;
  /** What is not yet made of the message that is being written in parts. */
  readonly #unmade = new Set<() => number>();
  /** Bytes of the messages that wait for others. */
  #waiting = 0;
  #running = 0;
  /** When the messages before are written; null: they are. */
  #before: Promise<void> | null = null;
  /** Who waits for room. */
  readonly #forRoom = new Set<() => void>();
  readonly #onWritten = () => {
    this.#pauseOrResume();
    this.#notifyOfRoom();
  };

  /** `network`: what `socket` writes to, without compression. `corks`: of all sockets. */
  constructor(socket: WebSocket, maxUnread: number, network: Network, corks: Corks) {
    this.#socket = socket;
    this.#maxUnread = maxUnread;
    this.#network = network;
    this.#corks = corks;
  }

  /** How many bytes the client has asked for and not read. */
  get unread(): number {
    let sum = this.#socket.bufferedAmount + this.#waiting;
    for (const bytes of this.#unmade) sum += bytes();
    return sum;
  }

  /** Whether more is unread than may be. One message may be larger, while it is written: others can come beside it. */
  get isOverfull(): boolean {
    return this.#socket.bufferedAmount + this.#waiting > this.#maxUnread;
  }

  /** Counts what is not yet made of the message that is being written, until the returned function is called. */
  track(bytes: () => number): () => void {
    this.#unmade.add(bytes);
    this.#pauseOrResume();
    return () => {
      this.#unmade.delete(bytes);
      this.#pauseOrResume();
    };
  }

  /** Whether a pushed result can be written at once. If not, `notify` is called once when it can. */
  hasRoom(notify: () => void): boolean {
    if (this.#isRoomy) return true;
    this.#forRoom.add(notify);
    return false;
  }

  /**
   * Writes a pushed result: only if there is room. It is written past `ws`, in one buffer instead of two, and together with the
   * others that are pushed now.
   */
  push(message: string): void {
    const frame = textFrame(message);
    const isRoomLeft = this.#socket.bufferedAmount + frame.length <= this.#mostPushed / 2;
    if (this.#network.writableCorked === 0) this.#corks.cork(this.#network);
    if (isRoomLeft) return void this.#network.write(frame);
    // Only then can it matter to those who wait for room, or to what is read.
    this.#network.write(frame, this.#onWritten);
    this.#pauseOrResume();
  }

  /** Resolves when the message was written, or cannot be written because the socket closes, which ends its operations. */
  write(message: string): Promise<void> {
    if (!this.#before) return this.#send(message, true);
    return this.#afterOthers(message.length, () => this.#send(message, true));
  }

  /**
   * The same of a message in parts, of about so many bytes. The next part is requested when the last one was written; they
   * track themselves from the first one on.
   */
  writeParts(parts: AsyncIterable<Buffer>, bytes: number): Promise<void> {
    return this.#afterOthers(bytes, async () => {
      for await (const part of parts) {
        if (this.#socket.readyState !== this.#socket.OPEN) return;
        await this.#send(part, false);
      }
      await this.#send('', true);
    });
  }

  /** Runs a query or a mutation. */
  async run<T>(operation: () => T | Promise<T>): Promise<T> {
    this.#running++;
    this.#pauseOrResume();
    try {
      return await operation();
    } finally {
      this.#running--;
      this.#pauseOrResume();
    }
  }

  async #afterOthers(bytes: number, write: () => Promise<void>): Promise<void> {
    this.#waiting += bytes;
    this.#pauseOrResume();
    const done = (this.#before ?? Promise.resolve()).then(() => {
      this.#waiting -= bytes;
      return write();
    });
    const before = done.catch(() => {});
    this.#before = before;
    await done;
    if (this.#before === before) this.#before = null;
    this.#notifyOfRoom();
  }

  get #isRoomy(): boolean {
    const { readyState, OPEN, bufferedAmount } = this.#socket;
    return readyState === OPEN && !this.#before && bufferedAmount <= this.#mostPushed;
  }

  get #mostPushed(): number {
    return Math.min(PUSHED_BYTES, this.#maxUnread * PAUSED_FROM);
  }

  #notifyOfRoom(): void {
    if (this.#forRoom.size === 0 || !this.#isRoomy) return;
    const waiting = [...this.#forRoom];
    this.#forRoom.clear();
    // Those for which there is no room wait again.
    for (const notify of waiting) notify();
  }

  #send(data: string | Buffer, isLast: boolean): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.readyState !== this.#socket.OPEN) return resolve();
      this.#socket.send(data, { binary: false, fin: isLast }, () => {
        this.#onWritten();
        resolve();
      });
      this.#pauseOrResume();
    });
  }

  #pauseOrResume(): void {
    const isFull = this.#running >= OPERATIONS_AT_ONCE || this.unread > this.#maxUnread * PAUSED_FROM;
    if (isFull === this.#socket.isPaused) return;
    if (isFull) this.#socket.pause();
    else this.#socket.resume();
  }
}

/** The part of a network socket that is used here. */
interface Network extends Corkable {
  readonly writableCorked: number;
  write(bytes: Buffer, onWritten?: () => void): boolean;
}
