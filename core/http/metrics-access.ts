import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { isLoopback } from '../domain/loopback.ts';

export type MetricsAccess = 'granted' | 'no-token' | 'not-local';

/** Whether a request may read the metrics. If a token is set, only the token decides; else only this machine may. */
export function metricsAccess(request: IncomingMessage, token: string | undefined): MetricsAccess {
  if (token !== undefined) return bears(request, token) ? 'granted' : 'no-token';
  return isLocal(request) ? 'granted' : 'not-local';
}

function bears({ headers }: IncomingMessage, token: string): boolean {
  const given = /^Bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1];
  return given !== undefined && timingSafeEqual(digest(given), digest(token));
}

/** A digest has the same length for every text. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}

/**
 * A connection over loopback is not always a local request: a reverse proxy forwards requests of others, and a web page can
 * let its name resolve to this address (DNS rebinding). A forwarding header or the host name shows both.
 */
function isLocal({ socket, headers }: IncomingMessage): boolean {
  const peer = (socket.remoteAddress ?? '').replace(/^::ffff:/, '');
  const called = (headers.host ?? '').replace(/:\d+$/, '').replace(/^\[|\]$/g, '');
  return isLoopback(peer) && isLoopback(called) && !FORWARDED.some((name) => headers[name] !== undefined);
}

const FORWARDED = ['forwarded', 'via', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip'];
