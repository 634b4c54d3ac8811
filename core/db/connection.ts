import pg from 'pg';
import { DatabaseConfigError } from './errors.ts';

/** The address of a PostgreSQL, checked for form only. */
export interface Connection {
  readonly config: pg.PoolConfig;
  /** For logs and messages: host, port and database, without credentials. */
  readonly target: string;
  /** The schema that holds the tables. */
  readonly schema: string;
}

/**
 * The longest time to get a connection, in milliseconds, including the wait for a free one of the pool: an unavailable
 * database is reported within 2 s.
 */
export const CONNECT_TIMEOUT_MS = 2000;

/**
 * For `connectionTimeoutMillis`: no time limit. The embedded database is a thread of this process: while it runs it
 * answers, however busy the machine is, and when it ends its connections break at once.
 */
export const NO_CONNECT_TIMEOUT = 0;

/**
 * Parses a `postgresql://` URL. As with Prisma, `?schema=` names the schema (default `public`).
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

// The constructor parses the URL as connecting does, but does not connect.
function readConfig(config: pg.PoolConfig): pg.Client {
  try {
    return new pg.Client(config);
  } catch {
    throw malformed();
  }
}

// Without a cause: the parser's own error contains the URL, and so the password.
function malformed(): DatabaseConfigError {
  return new DatabaseConfigError(
    'DATABASE_URL is not of the form postgresql://user:password@host:port/database',
  );
}
