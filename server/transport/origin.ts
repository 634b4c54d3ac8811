import type { IncomingHttpHeaders } from 'node:http';
import type { Refusal } from './refusal.ts';

/**
 * Refuses a page of another site: a browser sends `Origin` from a page, and it must be one that this server served, or
 * one of ALLOWED_ORIGINS.
 */
export function originRefusal(
  headers: IncomingHttpHeaders,
  allowedOrigins: ReadonlySet<string>,
): Refusal | null {
  const { origin } = headers;
  if (origin === undefined || isAllowedOrigin(origin, headers.host, allowedOrigins)) return null;
  return {
    status: 403,
    code: 'FORBIDDEN_ORIGIN',
    message: `Pages of the origin ${JSON.stringify(origin.slice(0, 100))} may not call this server. Its operator lists those that may in ALLOWED_ORIGINS.`,
  };
}

/** `host`: the header of the request. */
export function isAllowedOrigin(
  origin: string,
  host: string | undefined,
  allowedOrigins: ReadonlySet<string>,
): boolean {
  return allowedOrigins.has(origin) || isOwn(origin, host);
}

function isOwn(origin: string, host: string | undefined): boolean {
  if (host === undefined || !URL.canParse(origin)) return false;
  const page = new URL(origin);
  // With the page's own scheme, because either of the two may leave out its default port.
  const own = `${page.protocol}//${host}`;
  return /^https?:$/.test(page.protocol) && URL.canParse(own) && page.host === new URL(own).host;
}
