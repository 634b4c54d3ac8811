/** Why a server's list of models could not be read; `message` is one line for the operator and holds no key. */
export class ListFault extends Error {
  override readonly name = 'ListFault';
  /** Whether something answered over HTTP: then another path may be the right one. */
  readonly answered: boolean;

  constructor(message: string, options: { answered: boolean; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.answered = options.answered;
  }
}

/** Explains an HTTP status at `url` in one line. `key` names the variable of the key, and says whether it is set. */
export function statusFault(url: string, status: number, key: { name: string; isSet: boolean }): ListFault {
  return new ListFault(`${url} answers ${status}${STATUS_HINTS[status]?.(key, url) ?? ''}`, {
    answered: true,
  });
}

type Hint = (key: { name: string; isSet: boolean }, url: string) => string;

const refused: Hint = ({ name, isSet }) =>
  isSet ? `: it does not accept the key; check ${name}` : `: it requires a key; set ${name}`;

const noList: Hint = (_key, url) =>
  /\/v\d\w*\/(openai\/)?models$/.test(url)
    ? ': OPENAI_BASE_URL is not right, or the server has no list; then set DEFAULT_MODEL'
    : ': OPENAI_BASE_URL may lack a part, such as /v1 at its end';

const STATUS_HINTS: Readonly<Record<number, Hint>> = {
  401: refused,
  403: refused,
  404: noList,
  405: noList,
  429: () => ': too many requests, or no credit',
};

/** Explains in one line where the answer at `url` redirects to, without the query. */
export function redirectFault(url: string, status: number, location: string | null): ListFault {
  const target = URL.parse(location ?? '', url);
  const to = target
    ? `${target.origin}${target.pathname}`.replace(/\/models\/?$/, '').slice(0, 200)
    : 'nowhere';
  const message = `${url} answers ${status}, a redirect to ${to}; if that is the API, set OPENAI_BASE_URL to it`;
  return new ListFault(message, { answered: true });
}

/** Explains in one line why nothing answered at `url`. */
export function connectionFault(url: string, error: unknown): ListFault {
  const { code, message } = innermost(error);
  const { host, hostname } = new URL(url);
  const why =
    proxyHint(message, host) ??
    CODES[code]?.({ host, hostname }) ??
    tlsHint(code, host) ??
    `${host} does not answer (${code || message})`;
  return new ListFault(why, { answered: false, cause: error });
}

type Place = { host: string; hostname: string };

const unknownHost = ({ hostname }: Place) =>
  `the host name ${hostname} of OPENAI_BASE_URL is not known; check its spelling, or whether a proxy must be set`;

const CODES: Readonly<Record<string, (place: Place) => string>> = {
  ECONNREFUSED: ({ host, hostname }) =>
    `nothing listens at ${host}; start the model server, or correct OPENAI_BASE_URL${containerHint(hostname)}`,
  ENOTFOUND: unknownHost,
  EAI_AGAIN: unknownHost,
  TIMEOUT: ({ host }) => `${host} did not answer in time`,
  UND_ERR_CONNECT_TIMEOUT: ({ host }) => `${host} cannot be reached`,
  ERR_SSL_WRONG_VERSION_NUMBER: plainHttp,
  EPROTO: plainHttp,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: plainHttp,
  HPE_INVALID_CONSTANT: notHttp,
  UND_ERR_SOCKET: notHttp,
  ECONNRESET: notHttp,
};

function containerHint(hostname: string): string {
  const isLocal = /^(localhost|127\.|\[::1\])/.test(hostname);
  return isLocal ? ' (within a container, localhost is the container itself)' : '';
}

function plainHttp({ host }: Place): string {
  return `${host} does not speak TLS; OPENAI_BASE_URL should probably begin with http://`;
}

function notHttp({ host }: Place): string {
  return `${host} broke the connection; OPENAI_BASE_URL should perhaps begin with https://`;
}

function tlsHint(code: string, host: string): string | undefined {
  if (!/CERT|SIGNATURE|ISSUER|ALTNAME/.test(code)) return undefined;
  return `the certificate of ${host} is not trusted (${code}); set NODE_EXTRA_CA_CERTS to the file of its authority's certificate`;
}

/** A proxy's refusal comes as an error with undici's message: `Proxy response (407) !== 200 when HTTP Tunneling`. */
function proxyHint(message: string, host: string): string | undefined {
  const status = /^Proxy .*\((\d{3})\)/.exec(message)?.[1];
  if (!status) return undefined;
  const hint =
    status === '407' ? ': it requires a name and a password; set them in HTTP_PROXY or HTTPS_PROXY' : '';
  return `the proxy on the way to ${host} answers ${status}${hint}`;
}

/** The innermost cause, which has the code: `fetch` itself says only that it failed. */
function innermost(error: unknown): { code: string; message: string } {
  let at = error as { code?: unknown; name?: string; message?: string; cause?: unknown; errors?: unknown[] };
  for (let depth = 0; depth < 5 && (at?.cause ?? at?.errors?.[0]); depth += 1)
    at = (at.cause ?? at.errors?.[0]) as typeof at;
  const code = at?.name === 'TimeoutError' ? 'TIMEOUT' : String(at?.code ?? '');
  return {
    code,
    message: String(at?.message ?? error)
      .replace(/\s+/g, ' ')
      .slice(0, 200),
  };
}
