import type { Duplex } from 'node:stream';
import type { WebSocket } from 'ws';
import { RateLimitedError } from '../../core/domain/errors.ts';
import type { Owner } from '../../core/domain/owner.ts';
import type { Limits } from '../limits/limits.ts';
import { limitRefusal } from './limit-refusal.ts';
import type { Refusal } from './refusal.ts';

/** Close code of a socket whose client takes too much. */
const TOO_MUCH = 4429;
/** How long such a client has to answer the close, in milliseconds. */
const CLOSE_WITHIN_MS = 1_000;

/** Counts a handshake. Resolves to why it is refused; null: it is not. */
export async function handshakeRefusal(
  address: string,
  socket: Duplex,
  limits: Pick<Limits, 'countHandshake'>,
): Promise<Refusal | null> {
  const ignore = () => {};
  // The client may leave meanwhile.
  socket.on('error', ignore);
  try {
    await limits.countHandshake(address);
    return null;
  } catch (error) {
    if (!(error instanceof RateLimitedError)) throw error;
    return limitRefusal(error);
  } finally {
    socket.off('error', ignore);
  }
}

/** Closes a socket that sends too many messages or pings. Call it before anything else reads its messages. */
export function boundFrames(socket: WebSocket, count: () => void): void {
  const onFrame = () => {
    if (socket.readyState !== socket.OPEN) return;
    try {
      count();
    } catch (error) {
      if (!(error instanceof RateLimitedError)) throw error;
      close(socket, error);
    }
  };
  socket.on('message', onFrame);
  socket.on('ping', onFrame);
  socket.on('pong', onFrame);
}

/** Counts a socket and its messages as its owner's until it is closed; false: its owner has too many, and it is being closed. */
export function takeSocket(
  socket: WebSocket,
  owner: Owner,
  limits: Pick<Limits, 'beginSocket' | 'countFrame'>,
): boolean {
  try {
    const release = limits.beginSocket(owner);
    socket.once('close', release);
    if (socket.readyState === socket.CLOSED) release();
    socket.on('message', () => {
      if (socket.readyState === socket.OPEN)
        limits.countFrame(owner).catch((error: RateLimitedError) => close(socket, error));
    });
    return true;
  } catch (error) {
    if (!(error instanceof RateLimitedError)) throw error;
    close(socket, error);
    return false;
  }
}

function close(socket: WebSocket, { retryAfterMs }: RateLimitedError): void {
  if (socket.readyState !== socket.OPEN) return;
  socket.close(TOO_MUCH, `RATE_LIMITED: Connect again in ${Math.ceil(retryAfterMs / 1_000)} s.`);
  const late = setTimeout(() => socket.terminate(), CLOSE_WITHIN_MS);
  socket.once('close', () => clearTimeout(late));
}
