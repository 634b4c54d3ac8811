import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';

/** In how many parts the sockets are pinged, so that they are not all pinged at once. */
const PARTS = 24;

/**
 * Pings each of its sockets every `everyMs` milliseconds, and terminates one that has not answered by the next ping. Only a pong
 * with what was in the ping is an answer: a client that reads nothing cannot know it. One timer is enough for all sockets.
 */
export class KeepAlive {
  readonly #everyMs: number;
  /** The sockets of each part, with the ping that they have not answered. */
  readonly #parts = Array.from({ length: PARTS }, () => new Map<WebSocket, Buffer | null>());
  #timer: NodeJS.Timeout | null = null;
  #at = 0;
  #count = 0;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** Until it is closed. */
  add(socket: WebSocket): void {
    // The part whose turn was just now: its next one is in `everyMs`.
    const part = this.#parts[this.#at];
    if (!part) return;
    part.set(socket, null);
    this.#count++;
    this.#timer ??= setInterval(() => this.#pingNext(), this.#everyMs / PARTS);
    socket.on('pong', (data) => {
      if (part.get(socket)?.equals(data)) part.set(socket, null);
    });
    socket.once('close', () => {
      part.delete(socket);
      this.#count--;
      if (this.#count > 0 || !this.#timer) return;
      clearInterval(this.#timer);
      this.#timer = null;
    });
  }

  #pingNext(): void {
    this.#at = (this.#at + 1) % PARTS;
    for (const [socket, unanswered] of this.#parts[this.#at] ?? []) {
      if (unanswered) {
        socket.terminate();
        continue;
      }
      const ping = randomBytes(8);
      this.#parts[this.#at]?.set(socket, ping);
      socket.ping(ping);
    }
  }
}
