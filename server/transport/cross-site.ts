import type { IncomingMessage } from 'node:http';
import { isAllowedOrigin } from './origin.ts';
import type { Refusal } from './refusal.ts';
import { STREAM_TOKEN_HEADER } from './single-connection.ts';

/** Headers that a page of another origin can send only after a preflight, which has its `Origin`. */
const PREFLIGHTED = [
  'authorization',
  'apollo-require-preflight',
  'x-apollo-operation-name',
  STREAM_TOKEN_HEADER,
] as const;

/**
 * Refuses what a browser sends for a page of another site without `Origin`, such as for the source of an image: the page
 * could not read the answer, but would have the server hold a subscription open. A request with `Origin` is that of
 * {@link originRefusal}.
 *
 * Browsers send `Sec-Fetch-Site` to addresses with https and of this machine. To others, and if they are old, they do not:
 * then a GET must have been preflighted, or name its page in `Referer`. Programs that are no browsers need neither.
 */
export function crossSiteRefusal(
  { method, headers }: Pick<IncomingMessage, 'method' | 'headers'>,
  allowedOrigins: ReadonlySet<string>,
): Refusal | null {
  if (headers.origin !== undefined) return null;
  const site = headers['sec-fetch-site'];
  if (site !== undefined) return site === 'same-origin' || site === 'none' ? null : CROSS_SITE;
  if (method !== 'GET' || !isBrowser(headers['user-agent'])) return null;
  if (PREFLIGHTED.some((name) => headers[name] !== undefined)) return null;
  const { referer = '' } = headers;
  const page = URL.canParse(referer) ? new URL(referer).origin : '';
  return isAllowedOrigin(page, headers.host, allowedOrigins) ? null : CROSS_SITE;
}

/** All browsers have begun the header like this since the nineties, and let no page change it without a preflight. */
function isBrowser(userAgent: string | undefined): boolean {
  return userAgent?.startsWith('Mozilla/') === true;
}

const CROSS_SITE: Refusal = {
  status: 403,
  code: 'FORBIDDEN_ORIGIN',
  message: `A page of another site may not make a browser call this server without saying where it is from. Call with POST, or send the header ${PREFLIGHTED[1]}.`,
};
