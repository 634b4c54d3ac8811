/** The URLs of proxies; unset: no proxy. `none`: hosts that are reached without one, separated by commas; `*`: all. */
export interface ProxySettings {
  http?: string | undefined;
  https?: string | undefined;
  none?: string | undefined;
}

/** A `fetch` that goes through proxies. */
export interface ProxiedFetch {
  fetch: typeof fetch;
  /** Closes its connections; idempotent. */
  close(): Promise<void>;
}

/**
 * Creates a `fetch` that goes through the configured proxies; undefined if there are none: then use Node's own.
 * Loopback addresses are never reached through a proxy. Without a proxy for https, the one for http is used.
 */
export async function proxiedFetch({ http, https, none }: ProxySettings): Promise<ProxiedFetch | undefined> {
  if (!http && !https) return undefined;
  // Loaded only if there is a proxy.
  const { EnvHttpProxyAgent, fetch: undiciFetch } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: http ?? '',
    httpsProxy: https ?? '',
    noProxy: exempt(none),
    // Many proxies open tunnels to port 443 only, so plain http requests are sent to the proxy itself.
    proxyTunnel: false,
    // The caller sets the time limits.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  // Node's own fetch refuses a dispatcher of another version of undici.
  const through = (input: string, init?: object) => undiciFetch(input, { ...init, dispatcher });
  return { fetch: through as unknown as typeof fetch, close: () => dispatcher.destroy() };
}

/** Never sent to a proxy, as in Go's HTTP client: for a proxy, these names are the proxy itself. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

function exempt(none = ''): string {
  const hosts = none.split(/[\s,]+/).filter(Boolean);
  return hosts.includes('*') ? '*' : [...hosts, ...LOOPBACK].join(',');
}
