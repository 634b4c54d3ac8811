import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from '../../generated/prisma/client.ts';
import { CONNECT_TIMEOUT_MS, type Connection, NO_CONNECT_TIMEOUT, parseDatabaseUrl } from './connection.ts';
import { unusable } from './data-dir-lock.ts';
import { diskFault, isDiskFullError } from './disk-room.ts';
import { startEmbeddedPostgres } from './embedded.ts';
import { connectionFault, MigrationError } from './errors.ts';
import { migrate } from './migrate.ts';
import { createPool, type DatabaseLog, POOL_SIZE, READERS_SHARE } from './pool.ts';
import { throughBorder } from './query-border.ts';
import { Statements } from './statements.ts';
import { writersLimit } from './writers-limit.ts';

/** The open database of a process, its schema up to date. */
export interface Database {
  /** Its queries reject with a StoreUnavailableError when PostgreSQL is unavailable, as do those of `writers` and `statements`. */
  readonly prisma: PrismaClient;
  /** The same for those who change conversations: some connections of the pool are not for them. */
  readonly writers: PrismaClient;
  /** Its statements of the hot path, for the same. */
  readonly statements: Statements;
  /** True when it runs inside this process: one session, no other process, no NOTIFY to an idle listener. */
  readonly embedded: boolean;
  /** For a further client of the same server, such as BullMQ's backend. */
  readonly connection: pg.PoolConfig;
  /** Which one it is, for people; without credentials. */
  readonly target: string;
  /** The migrations that this opening applied, oldest first. */
  readonly applied: readonly string[];
  /** Ends the connections, and the server with them when it is embedded. Idempotent. */
  close(): Promise<void>;
}

export interface OpenDatabaseOptions {
  /** Unset: the embedded PostgreSQL under `dataDir`. */
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
  /** The folder of migrations, in Prisma's layout. */
  readonly migrationsDir: string;
  /** The schema that holds the tables; else the URL's `?schema=`, else `public`. Of no effect when embedded. */
  readonly schema?: string;
  /** Told how long each query took, in milliseconds. */
  readonly onQuery?: (ms: number) => void;
  /** Default: silence. */
  readonly log?: DatabaseLog;
}

/**
 * Opens the database, starting the embedded one when no URL is given, and migrates it.
 *
 * Nothing that waits for the embedded database gives up while its thread lives.
 *
 * @throws DatabaseUnavailableError when a server by URL does not answer within 2 s: trying again may help.
 * @throws DatabaseConfigError when the URL or the data directory cannot work as it is.
 * @throws MigrationError when the schema cannot be brought to this version's.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const log = options.log ?? SILENCE;
  const server = await reachServer(options, log);
  const { config, target, schema } = server.connection;
  try {
    const applied = await migrate({ connection: config, migrationsDir: options.migrationsDir, schema });
    const pool = createPool(config, { schema, sharedSession: server.embedded, log });
    const adapter = new PrismaPg(pool, { schema });
    const waitMs = server.embedded ? LONGEST_TIMER_MS : CONNECT_TIMEOUT_MS;
    const limit = writersLimit(POOL_SIZE - READERS_SHARE, waitMs);
    const prisma = new PrismaClient({
      adapter,
      log: [{ emit: 'event', level: 'query' }],
      // The others repeat what a call was given, a user's words among it, in the message.
      errorFormat: 'minimal',
      transactionOptions: server.embedded ? NO_LIMITS : TRANSACTION_LIMITS,
    });
    prisma.$on('query', ({ duration }) => options.onQuery?.(duration));
    const close = async () => {
      try {
        await prisma.$disconnect();
        await pool.end();
      } finally {
        await server.close();
      }
    };
    let closing: Promise<void> | undefined;
    return {
      prisma: throughBorder(prisma),
      writers: throughBorder(prisma, limit),
      statements: new Statements(pool, {
        limit,
        prepares: !server.embedded,
        onQuery: options.onQuery,
      }),
      embedded: server.embedded,
      connection: config,
      target,
      applied,
      close() {
        closing ??= close();
        return closing;
      },
    };
  } catch (error) {
    await server.close();
    if (server.embedded && isDiskFullError(error))
      throw unusable(options.dataDir, await diskFault(options.dataDir, error));
    throw error instanceof MigrationError ? error : connectionFault(error, target);
  }
}

/**
 * How long an interactive transaction may wait for a connection, and how long it may take, in milliseconds: a server that
 * is away or froze must not hold its callers for ever.
 */
const TRANSACTION_LIMITS = { maxWait: 2_000, timeout: 5_000 };

/** The same of the embedded database, which has no limit: the longest that a timer can be set to, 24 days. */
const LONGEST_TIMER_MS = 2 ** 31 - 1;
const NO_LIMITS = { maxWait: LONGEST_TIMER_MS, timeout: LONGEST_TIMER_MS };

interface Server {
  readonly connection: Connection;
  readonly embedded: boolean;
  close(): Promise<void>;
}

async function reachServer(options: OpenDatabaseOptions, log: DatabaseLog): Promise<Server> {
  const { databaseUrl, dataDir, schema } = options;
  if (databaseUrl !== undefined) {
    return { connection: parseDatabaseUrl(databaseUrl, schema), embedded: false, close: async () => {} };
  }
  const postgres = await startEmbeddedPostgres(dataDir, log);
  const config = { ...postgres.connection, connectionTimeoutMillis: NO_CONNECT_TIMEOUT };
  return {
    connection: { config, target: `the embedded database in ${dataDir}`, schema: 'public' },
    embedded: true,
    close: () => postgres.close(),
  };
}

const SILENCE: DatabaseLog = { warn() {}, error() {} };
