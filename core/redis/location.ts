/** The parsed REDIS_URL. Contains the password: never log it. */
export interface RedisLocation {
  /** One server; the master that Sentinels name; the masters of a Cluster. */
  readonly kind: 'server' | 'sentinel' | 'cluster';
  /** The server, the Sentinels, or the nodes of the Cluster that are asked first. */
  readonly hosts: readonly RedisHost[];
  /** The name of the master at the Sentinels. */
  readonly master?: string;
  readonly username?: string;
  readonly password?: string;
  /** The credentials of the Sentinels themselves. */
  readonly sentinelUsername?: string;
  readonly sentinelPassword?: string;
  readonly db: number;
  readonly tls: boolean;
}

export interface RedisHost {
  readonly host: string;
  readonly port: number;
}

/** REDIS_URL cannot be parsed; the message explains the right form and does not repeat the value. */
export class RedisUrlError extends Error {
  override name = 'RedisUrlError';
}

const URL_FORM = /^(rediss?)(?:\+(cluster|sentinel))?:\/\/([^/?#]*)(\/[^?#]*)?(\?[^#]*)?$/i;

/**
 * Parses `redis://user:password@host:port/db`, the same with several hosts separated by commas (a Cluster), and
 * `redis+cluster://` and `redis+sentinel://host:port,host:port/master/db`; `rediss` for TLS.
 * `?sentinelUsername=` and `?sentinelPassword=` are for the Sentinels themselves.
 * @throws {RedisUrlError}
 */
export function parseRedisUrl(url: string): RedisLocation {
  const [, scheme = '', means, authority = '', path = '', query = ''] = URL_FORM.exec(url.trim()) ?? [];
  if (!scheme) throw new RedisUrlError('must be a URL that starts with redis:// or rediss://');
  const at = authority.lastIndexOf('@');
  const isSentinel = means?.toLowerCase() === 'sentinel';
  const hosts = hostsOf(authority.slice(at + 1), isSentinel ? 26_379 : 6_379);
  const names = path.split('/').slice(1);
  const master = isSentinel ? decoded(names.shift() ?? '') : '';
  if (isSentinel && !master)
    throw new RedisUrlError(
      'must end with the name of the master, as in redis+sentinel://host:26379/mymaster',
    );
  const kind = isSentinel ? 'sentinel' : means || hosts.length > 1 ? 'cluster' : 'server';
  return {
    ...{ kind, hosts, tls: scheme.toLowerCase() === 'rediss', db: databaseOf(names, kind) },
    ...credentialsOf(authority.slice(0, Math.max(at, 0))),
    ...(master && { master }),
    ...sentinelCredentialsOf(query),
  };
}

/** The hosts for logs and messages, without user and password. */
export function describeRedis({ kind, hosts, master }: RedisLocation): string {
  const list = hosts.map(({ host, port }) => `${host.includes(':') ? `[${host}]` : host}:${port}`).join(', ');
  if (kind === 'sentinel') return `Redis by the Sentinels at ${list} (${master})`;
  return kind === 'cluster' ? `the Redis Cluster at ${list}` : `Redis at ${list}`;
}

function hostsOf(list: string, defaultPort: number): RedisHost[] {
  return list.split(',').map((one) => {
    const [, six, name, port] = /^(?:\[([0-9a-fA-F:.]+)\]|([^\s:,@[\]]+))(?::(\d{1,5}))?$/.exec(one) ?? [];
    const number = Number(port ?? defaultPort);
    if (!(six ?? name) || number < 1 || number > 65_535)
      throw new RedisUrlError('must name its servers as host:port, separated by commas');
    return { host: (six ?? name) as string, port: number };
  });
}

function databaseOf(names: readonly string[], kind: RedisLocation['kind']): number {
  const [db = ''] = names;
  if (names.length > 1 || !/^\d{0,5}$/.test(db))
    throw new RedisUrlError('must end with a host or with the number of a database');
  if (kind === 'cluster' && Number(db) > 0)
    throw new RedisUrlError('must not name a database of a Redis Cluster, which has only database 0');
  return Number(db);
}

function credentialsOf(userInfo: string): Pick<RedisLocation, 'username' | 'password'> {
  const [, username = '', password = ''] = /^([^:]*)(?::(.*))?$/.exec(userInfo) ?? [];
  return {
    ...(username && { username: decoded(username) }),
    ...(password && { password: decoded(password) }),
  };
}

function sentinelCredentialsOf(query: string): Pick<RedisLocation, 'sentinelUsername' | 'sentinelPassword'> {
  const given = new URLSearchParams(query);
  const [sentinelUsername, sentinelPassword] = [given.get('sentinelUsername'), given.get('sentinelPassword')];
  return { ...(sentinelUsername && { sentinelUsername }), ...(sentinelPassword && { sentinelPassword }) };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new RedisUrlError('must have % only before two hexadecimal digits');
  }
}
