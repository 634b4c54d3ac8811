import { once } from 'node:events';
import { WebSocket } from 'ws';
import type { Data } from './harness.ts';
import { Mailbox } from './scripted-model/mailbox.ts';

/** One end of a WebSocket, frame by frame, without a client library that would keep to the protocol. */
export class Frames {
  readonly socket: WebSocket;
  readonly #received = new Mailbox<Data>();
  /** How it closed. */
  readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    socket.on('message', (data) => this.#received.put(JSON.parse(String(data))));
    this.closed = new Promise((resolve) => {
      socket.on('close', (code, reason) => {
        this.#received.seal();
        resolve({ code, reason: String(reason) });
      });
    });
  }

  /** Opens a socket that has not been initialised. */
  static async open(
    url: string,
    protocols: string | string[] = 'graphql-transport-ws',
    headers: Record<string, string> = {},
  ): Promise<Frames> {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, protocols, { headers });
    const frames = new Frames(socket);
    await once(socket, 'open');
    return frames;
  }

  /** Opens a socket that the server has acknowledged. */
  static async ready(url: string, headers: Record<string, string> = {}): Promise<Frames> {
    const frames = await Frames.open(url, 'graphql-transport-ws', headers);
    frames.send({ type: 'connection_init' });
    await frames.next();
    return frames;
  }

  send(...messages: (object | string)[]): void {
    for (const message of messages)
      this.socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  }

  /** The next message. Rejects when the socket closes instead. */
  async next(): Promise<Data> {
    const message = await this.#received.take();
    if (message === undefined) throw new Error('the socket closed');
    return message;
  }

  close(): Promise<{ code: number; reason: string }> {
    this.socket.close();
    return this.closed;
  }
}
