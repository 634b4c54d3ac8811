import type { WebSocket } from 'ws';

/** Pings a socket every `everyMs` milliseconds, and terminates it if it has not answered by the next ping. */
export function keepAlive(socket: WebSocket, everyMs: number): void {
  let isAnswered = true;
  const timer = setInterval(() => {
    if (!isAnswered) return socket.terminate();
    isAnswered = false;
    socket.ping();
  }, everyMs);
  socket.on('pong', () => {
    isAnswered = true;
  });
  socket.once('close', () => clearInterval(timer));
}
