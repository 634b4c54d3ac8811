import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../domain/loopback.ts';

export type MetricsAccess = 'granted' | 'no-token' | 'not-local';

/** Whether a request may read the metrics. With a token the token alone decides; without one, only this machine may. */
export function metricsAccess(request: IncomingMessage, token: string | undefined): MetricsAccess {
  if (token !== undefined) return bears(request, token) ? 'granted' : 'no-token';
  return isLocal(request) ? 'granted' : 'not-local';
}

function bears({ headers }: IncomingMessage, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

/** Of equal length, whatever was sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * Not every neighbour on loopback speaks for this machine: a reverse proxy hands strangers on, and a page of a stranger
 * can have its name point here (DNS rebinding). The first says so in a header, or by the name that the stranger called.
 */
function isLocal({ socket, headers }: IncomingMessage): boolean {
  const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const called = (headers.host ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return isLoopback(peer) && isLoopback(called) && !FORWARDED.some((name) => headers[name] !== undefined);
}

const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];
