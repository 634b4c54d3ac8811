import { randomBytes } from 'node:crypto';
import type { WebSocket } from 'ws';

/**
 * Pings a socket every `everyMs` milliseconds, and terminates it if it has not answered by the next ping. Only a pong with
 * what was in the ping is an answer: a client that reads nothing cannot know it.
 */
export function keepAlive(socket: WebSocket, everyMs: number): void {
  let unanswered: Buffer | null = null;
  const timer = setInterval(() => {
    if (unanswered) return socket.terminate();
    unanswered = randomBytes(8);
    socket.ping(unanswered);
  }, everyMs);
  socket.on('pong', (data) => {
    if (unanswered?.equals(data)) unanswered = null;
  });
  socket.once('close', () => clearInterval(timer));
}
