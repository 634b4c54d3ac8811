import pg from 'pg';
import { DatabaseConfigError } from './errors.ts';

/** Where a PostgreSQL is, checked for form but not yet connected to. */
export interface Connection {
  readonly config: pg.PoolConfig;
  /** For people: host, port and database, without credentials. */
  readonly target: string;
  /** The schema that holds the tables. */
  readonly schema: string;
}

/**
 * A connecting takes at most this long, waiting for a free connection of the pool included: a database that is away
 * is answered for within 2 s.
 */
export const CONNECT_TIMEOUT_MS = 2000;

/**
 * For `connectionTimeoutMillis`: waits for as long as it takes. The embedded database is a thread of this process: while
 * it lives it answers, however busy the machine is, and when it ends its connections break at once.
 */
export const NO_CONNECT_TIMEOUT = 0;

/**
 * Reads a `postgresql://` URL. As with Prisma, `?schema=` names the schema (`public` unless given).
 *
 * @throws DatabaseConfigError when it is not such a URL; the message does not repeat it.
 */
export function parseDatabaseUrl(databaseUrl: string, schema?: string): Connection {
  const url = parse(databaseUrl);
  const named = schema ?? url.searchParams.get('schema') ?? 'public';
  const config: pg.PoolConfig = {
    connectionString: databaseUrl,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    keepAlive: true,
    application_name: 'taskflow',
  };
  const { host, port, database } = readConfig(config);
  return { config, target: `${host}:${port}/${database ?? ''}`, schema: named };
}

function parse(databaseUrl: string): URL {
  const url = URL.canParse(databaseUrl) ? new URL(databaseUrl) : null;
  if (url?.protocol === 'postgres:' || url?.protocol === 'postgresql:') return url;
  throw malformed();
}

// The constructor reads the URL as connecting will: it connects to nothing.
function readConfig(config: pg.PoolConfig): pg.Client {
  try {
    return new pg.Client(config);
  } catch {
    throw malformed();
  }
}

// Without a cause: the parser's own error carries the URL, and so the password, into the log.
function malformed(): DatabaseConfigError {
  return new DatabaseConfigError(
    'DATABASE_URL is not of the form postgresql://user:password@host:port/database',
  );
}
