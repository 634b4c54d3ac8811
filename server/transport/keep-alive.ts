import { randomFillSync } from 'node:crypto';
import type { WebSocket } from 'ws';

/** In how many parts the sockets are pinged, so that they are not all pinged at once. */
const PARTS = 24;

/** What a WebSocket writes to. */
interface Network {
  write(frame: Buffer): unknown;
}

interface Pinged {
  readonly network: Network;
  /** What was in the ping that is not answered; null: it is. */
  unanswered: Buffer | null;
}

/**
 * Pings each of its sockets every `everyMs` milliseconds, and terminates one that has not answered by the next ping. Only a pong
 * with what was in the ping is an answer: a client that reads nothing cannot know it. One timer is enough for all sockets. Pings
 * are most of what idle sockets cost, so they are written past `ws`, in one buffer instead of two.
 */
export class KeepAlive {
  readonly #everyMs: number;
  /** The sockets of each part. */
  readonly #parts = Array.from({ length: PARTS }, () => new Map<WebSocket, Pinged>());
  #timer: NodeJS.Timeout | null = null;
  #at = 0;
  #count = 0;

  constructor(everyMs: number) {
    this.#everyMs = everyMs;
  }

  /** Until it is closed. `network`: what `socket` writes to, without compression. */
  add(socket: WebSocket, network: Network): void {
    // The part whose turn was just now: its next one is in `everyMs`.
    const part = this.#parts[this.#at];
    if (!part) return;
    const pinged: Pinged = { network, unanswered: null };
    part.set(socket, pinged);
    this.#count++;
    this.#timer ??= setInterval(() => this.#pingNext(), this.#everyMs / PARTS);
    socket.on('pong', (data) => {
      if (pinged.unanswered?.equals(data)) pinged.unanswered = null;
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
    const part = this.#parts[this.#at];
    if (!part || part.size === 0) return;
    const frames = randomFillSync(Buffer.allocUnsafe(part.size * FRAME_BYTES));
    let at = 0;
    for (const [socket, pinged] of part) {
      if (pinged.unanswered) {
        socket.terminate();
        continue;
      }
      const frame = frames.subarray(at, at + FRAME_BYTES);
      at += FRAME_BYTES;
      frame[0] = FINAL_PING;
      frame[1] = PAYLOAD_BYTES;
      pinged.unanswered = frame.subarray(HEADER_BYTES);
      // Nothing may follow the close frame of one that closes.
      if (socket.readyState === socket.OPEN) pinged.network.write(frame);
    }
  }
}

/** A ping (RFC 6455, 5.5.2) of the server, so without a mask. */
const FINAL_PING = 0x89;
const HEADER_BYTES = 2;
const PAYLOAD_BYTES = 8;
const FRAME_BYTES = HEADER_BYTES + PAYLOAD_BYTES;
