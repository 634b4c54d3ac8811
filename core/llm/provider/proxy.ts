/** Where proxies are, as URLs; unset: none. `none`: hosts that are reached without one, apart by commas; `*`: all. */
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
 * Makes a `fetch` that goes through the configured proxies; undefined where there are none: then Node's own does.
 * Loopback addresses are never reached through a proxy. Without a proxy for https, the one for http is used.
 */
export async function proxiedFetch({ http, https, none }: ProxySettings): Promise<ProxiedFetch | undefined> {
  if (!http && !https) return undefined;
  // Loaded only where there is a proxy.
  const { EnvHttpProxyAgent, fetch: undiciFetch } = await import('undici');
  const dispatcher = new EnvHttpProxyAgent({
    httpProxy: http ?? '',
    httpsProxy: https ?? '',
    noProxy: exempt(none),
    // Many proxies open tunnels to port 443 only, so what is plain http is asked of the proxy itself.
    proxyTunnel: false,
    // The limits are the caller's.
    headersTimeout: 0,
    bodyTimeout: 0,
  });
  // Node's own fetch refuses dispatchers of another version of undici.
  const through = (input: string, init?: object) => undiciFetch(input, { ...init, dispatcher });
  return { fetch: through as unknown as typeof fetch, close: () => dispatcher.destroy() };
}

/** As Go's HTTP client does: to a proxy, these names are itself. */
const LOOPBACK = ['localhost', '127.0.0.1', '[::1]'];

function exempt(none = ''): string {
  const hosts = none.split(/[\s,]+/).filter(Boolean);
  return hosts.includes('*') ? '*' : [...hosts, ...LOOPBACK].join(',');
}
