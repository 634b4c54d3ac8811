import type { IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import type { Config } from '../../core/config/config.ts';
import type { Refusal } from './refusal.ts';

/** The names of this machine for itself. */
const LOOPBACK = ['localhost', '127.0.0.1', '::1'];
/** Addresses to listen on that stand for every address of the machine. They are not names of the server. */
const UNSPECIFIED = ['0.0.0.0', '::'];

/** The names by which a server may be called: ALLOWED_HOSTS, that of AUTH_URL, those of loopback, and the one that it listens on. */
export function knownHosts({
  host,
  allowedHosts,
  authUrl,
}: Pick<Config, 'host' | 'allowedHosts'> & Partial<Pick<Config, 'authUrl'>>): ReadonlySet<string> {
  const own = UNSPECIFIED.includes(host) ? [] : [host];
  const called = authUrl === undefined ? [] : [new URL(authUrl).hostname.replace(/^\[|\]$/g, '')];
  return new Set([...allowedHosts, ...called, ...LOOPBACK, ...own].map((name) => canonical(name)));
}

/**
 * Refuses a request whose Host is not a known name. Every caller is the one local user, and a page of another site could
 * otherwise reach this server under a name of its own (DNS rebinding). The address at which the connection arrived is
 * allowed as well, because rebinding needs a name, and probes and Prometheus call a pod by its address. A request without
 * a Host does not come from a browser.
 */
export function hostRefusal(
  { headers, socket }: IncomingMessage,
  known: ReadonlySet<string>,
): Refusal | null {
  if (headers.host === undefined) return null;
  const name = nameIn(headers.host);
  const arrivedAt = canonical((socket.localAddress ?? '').replace(/^::ffff:(?=\d+\.)/, ''));
  if (name !== null && (known.has(name) || name === arrivedAt)) return null;
  const shown = JSON.stringify(headers.host.slice(0, 100));
  return {
    status: 403,
    code: 'FORBIDDEN_HOST',
    message: `The host ${shown} is not a name of this server. Its operator lists the names in ALLOWED_HOSTS.`,
  };
}

/** The name in a Host header, without its port; null when it is malformed. */
function nameIn(host: string): string | null {
  const [, name, port = '0'] = /^(\[[\da-f:.]+\]|[\w.-]+)(?::(\d{1,5}))?$/i.exec(host) ?? [];
  return name === undefined || Number(port) > 65_535 ? null : canonical(name.replace(/^\[|\]$/g, ''));
}

/** One spelling for each name and address. An IPv6 address has no brackets here. */
function canonical(name: string): string {
  if (isIP(name) !== 6 || name.includes('%')) return name.toLowerCase();
  return new URL(`http://[${name}]`).hostname.slice(1, -1);
}
