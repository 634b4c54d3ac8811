import type { WebSocket } from 'ws';

/** How many queries and mutations of one socket may be running before nothing more is read. */
const OPERATIONS_AT_ONCE = 16;
/** Which part of what may be unread stops the reading of further messages. */
const PAUSED_FROM = 1 / 4;

/**
 * Keeps what a client asks for over a socket in step with what it reads: while it does not read, or has many operations
 * running, its messages stay in the network. What can still be unread then is bounded in bytes.
 */
export class SocketFlow {
  readonly #socket: WebSocket;
  readonly #maxUnread: number;
  #running = 0;

  constructor(socket: WebSocket, maxUnread: number) {
    this.#socket = socket;
    this.#maxUnread = maxUnread;
  }

  /** Whether more is unread than may be. One message may be larger: it counts when the next one is sent. */
  get isOverfull(): boolean {
    return this.#socket.bufferedAmount > this.#maxUnread;
  }

  /** Resolves when the message was written, or cannot be written because the socket closes, which ends its operations. */
  write(message: string): Promise<void> {
    return new Promise((resolve) => {
      if (this.#socket.readyState !== this.#socket.OPEN) return resolve();
      this.#socket.send(message, () => {
        this.#pauseOrResume();
        resolve();
      });
      this.#pauseOrResume();
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

  #pauseOrResume(): void {
    const isFull =
      this.#running >= OPERATIONS_AT_ONCE || this.#socket.bufferedAmount > this.#maxUnread * PAUSED_FROM;
    if (isFull === this.#socket.isPaused) return;
    if (isFull) this.#socket.pause();
    else this.#socket.resume();
  }
}
