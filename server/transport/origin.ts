import type { IncomingHttpHeaders } from 'node:http';

/**
 * Whether a request may reach the API. A browser sends `Origin` from a page: it must be a page that this server
 * itself served. `allowedHosts` (null: any) are the names by which a browser may call this server: where every caller
 * is the one local user, a page of a stranger must not reach it by a name of its own (DNS rebinding).
 */
export function mayCall(headers: IncomingHttpHeaders, allowedHosts: ReadonlySet<string> | null): boolean {
  const { host, origin } = headers;
  if (allowedHosts && !allowedHosts.has(hostName(host ?? ''))) return false;
  if (origin === undefined) return true;
  return URL.canParse(origin) && new URL(origin).host === host;
}

/** The names of this machine for itself. */
export const LOOPBACK_HOSTS: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

function hostName(host: string): string {
  return host.replace(/:\d+$/, '').toLowerCase();
}
