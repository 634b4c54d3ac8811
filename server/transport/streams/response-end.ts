import type { IncomingMessage, ServerResponse } from 'node:http';

/**
 * Calls `listener` once when a response is over, however it ends: written, refused, or left by its caller; at once where it
 * is over already.
 */
export function onResponseEnd(
  { socket }: IncomingMessage,
  response: ServerResponse,
  listener: () => void,
): void {
  const end = () => {
    response.off('close', end);
    socket.off('close', end);
    listener();
  };
  if (response.closed || response.destroyed || socket.destroyed) return end();
  response.once('close', end);
  // A response that waits for one before it on the same connection (HTTP pipelining) is not closed with the connection.
  socket.once('close', end);
}
