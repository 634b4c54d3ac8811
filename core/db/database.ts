import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { PrismaClient } from '../../generated/prisma/client.ts';
import type { Owner } from '../domain/owner.ts';
import type { PoolLoad } from '../telemetry/measured-parts.ts';
import { type Access, asOwner, ownersPool, queryAsOwner } from './as-owner.ts';
import { CONNECT_TIMEOUT_MS, type Connection, NO_CONNECT_TIMEOUT, parseDatabaseUrl } from './connection.ts';
import { unusable } from './data-dir-lock.ts';
import { diskFault, isDiskFullError } from './disk-room.ts';
import { startEmbeddedPostgres } from './embedded.ts';
import { connectionFault, MigrationError } from './errors.ts';
import { migrate } from './migrate.ts';
import { READER_ROLE, WRITER_ROLE } from './owners-policies.ts';
import { OwnersReads } from './owners-reads.ts';
import { createPool, createSearchPool, type DatabaseLog, POOL_SIZE, READERS_SHARE } from './pool.ts';
import { throughBorder, UNLIMITED } from './query-border.ts';
import { secureRows } from './row-security.ts';
import { Statements } from './statements.ts';
import { writersLimit } from './writers-limit.ts';

/** The open database of a process, with an up-to-date schema. */
export interface Database {
  /** Queries of `prisma`, `writers`, `statements` and the readers reject with a StoreUnavailableError when PostgreSQL is unavailable. */
  readonly prisma: PrismaClient;
  /** The client for changes to conversations. Some connections of the pool are reserved for readers. */
  readonly writers: PrismaClient;
  /**
   * Reads rows of one owner. On a real PostgreSQL row security holds there that no other owner's are seen, whatever the
   * query asks for. The reads of one owner take some of the pool's connections only.
   */
  readAs<T>(owner: Owner, read: (prisma: PrismaClient) => Promise<T>): Promise<T>;
  /** The same for prepared statements: those of the lists and pages that are read most. */
  readRowsAs<T>(owner: Owner, read: (statements: Statements) => Promise<T>): Promise<T>;
  /**
   * Looks up an owner's words in the index of the search. No row security holds here: what is found is then read by
   * {@link readAs}. On a real PostgreSQL it has connections of its own, on which a statement may take 2 s.
   */
  searchAs<T>(owner: Owner, search: (statements: Statements) => Promise<T>): Promise<T>;
  /** Changes rows of one owner, with the same bound on what can be seen, changed and made. */
  changeAs<T>(owner: Owner, change: (prisma: PrismaClient) => Promise<T>): Promise<T>;
  /** Prepared statements for changes to conversations on the hot path; `as` bounds them in the same way. */
  readonly statements: Statements;
  /** True if it runs inside this process: one session, no other process, no NOTIFY to an idle listener. */
  readonly embedded: boolean;
  /** The settings for another client of the same server, such as BullMQ's backend. */
  readonly connection: pg.PoolConfig;
  /** The server and database, for logs and messages, without credentials. */
  readonly target: string;
  /** The migrations that were applied when it was opened, oldest first. */
  readonly applied: readonly string[];
  /** The connections of the pool, and the queries that wait for one, those of writers at their limit among them. */
  load(): PoolLoad;
  /** Closes the connections, and stops the server if it is embedded. Idempotent. */
  close(): Promise<void>;
}

export interface OpenDatabaseOptions {
  /** Unset: the embedded PostgreSQL in `dataDir`. */
  readonly databaseUrl?: string | undefined;
  readonly dataDir: string;
  /** The folder of migrations, in Prisma's layout. */
  readonly migrationsDir: string;
  /** The schema of the tables; else the URL's `?schema=`, else `public`. Has no effect on the embedded database. */
  readonly schema?: string;
  /** How many reads of one owner are under way at once; 0, the default: there is no limit. */
  readonly readsPerOwner?: number;
  /** Called with the duration of each query, in milliseconds. */
  readonly onQuery?: (ms: number) => void;
  /** Default: nothing is logged. */
  readonly log?: DatabaseLog;
}

/**
 * Opens the database and migrates it. Without a URL it starts the embedded one.
 *
 * Queries of the embedded database have no time limit while its thread runs.
 *
 * @throws DatabaseUnavailableError when the server of the URL does not answer within 2 s: a retry may succeed.
 * @throws DatabaseConfigError when the URL or the data directory cannot work as it is.
 * @throws MigrationError when the schema cannot be migrated to this version.
 */
export async function openDatabase(options: OpenDatabaseOptions): Promise<Database> {
  const log = options.log ?? SILENCE;
  const server = await reachServer(options, log);
  const { config, target, schema } = server.connection;
  try {
    const applied = await migrate({ connection: config, migrationsDir: options.migrationsDir, schema });
    const pool = createPool(config, { schema, sharedSession: server.embedded, log });
    const unsecured = server.embedded ? 'embedded' : await secureRows(config, schema);
    if (unsecured !== null && !server.embedded)
      log.warn(
        { reason: unsecured },
        `row security is not in force: the database's user may not create the roles ${READER_ROLE} and ${WRITER_ROLE}`,
      );
    const adapter = new PrismaPg(pool, { schema });
    const waitMs = server.embedded ? LONGEST_TIMER_MS : CONNECT_TIMEOUT_MS;
    const limit = writersLimit(POOL_SIZE - READERS_SHARE, waitMs);
    const prisma = new PrismaClient({
      adapter,
      log: [{ emit: 'event', level: 'query' }],
      // The other formats put the arguments of a call, such as a user's text, into the message.
      errorFormat: 'minimal',
      transactionOptions: server.embedded ? NO_LIMITS : TRANSACTION_LIMITS,
    });
    prisma.$on('query', ({ duration }) => options.onQuery?.(duration));
    const open = throughBorder(prisma);
    const reads = new OwnersReads(options.readsPerOwner ?? 0);
    const owners = unsecured === null ? createOwnersClient(pool, schema, options.onQuery) : null;
    const send = (query: pg.QueryConfig) => pool.query(query);
    const queries = { prepares: !server.embedded, onQuery: options.onQuery };
    const queriesAs = (access: Access) =>
      owners ? (owner: Owner, query: pg.QueryConfig) => queryAsOwner(pool, owner, access, query) : undefined;
    const rows = new Statements(send, { ...queries, limit: UNLIMITED, queryAs: queriesAs('reads') });
    const searchPool = server.embedded ? null : createSearchPool(config, { schema, log });
    const searches = searchPool
      ? new Statements((query) => searchPool.query(query), { ...queries, limit: UNLIMITED })
      : rows;
    const close = async () => {
      try {
        await searchPool?.end();
        await prisma.$disconnect();
        await owners?.$disconnect();
        await pool.end();
      } finally {
        await server.close();
      }
    };
    let closing: Promise<void> | undefined;
    return {
      prisma: open,
      readAs: (owner, read) =>
        reads.run(owner, () => (owners ? asOwner(owner, 'reads', () => read(owners)) : read(open))),
      readRowsAs: (owner, read) => reads.run(owner, () => read(rows.as(owner))),
      searchAs: (owner, search) => reads.run(owner, () => search(searches)),
      changeAs: (owner, change) => (owners ? asOwner(owner, 'changes', () => change(owners)) : change(open)),
      writers: throughBorder(prisma, limit),
      statements: new Statements(send, { ...queries, limit, queryAs: queriesAs('changes') }),
      embedded: server.embedded,
      connection: config,
      target,
      applied,
      load: () => ({
        open: pool.totalCount,
        idle: pool.idleCount,
        waiting: pool.waitingCount + limit.waiting(),
      }),
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

/** The client of {@link asOwner}. */
function createOwnersClient(
  pool: pg.Pool,
  schema: string,
  onQuery: OpenDatabaseOptions['onQuery'],
): PrismaClient {
  const owners = new PrismaClient({
    adapter: new PrismaPg(ownersPool(pool), { schema }),
    log: [{ emit: 'event', level: 'query' }],
    errorFormat: 'minimal',
  });
  owners.$on('query', ({ duration }) => onQuery?.(duration));
  return throughBorder(owners);
}

/**
 * How long an interactive transaction may wait for a connection, and how long it may take, in milliseconds: an unavailable
 * or frozen server must not block its callers forever.
 */
const TRANSACTION_LIMITS = { maxWait: 2_000, timeout: 5_000 };

/** The same limit for the embedded database, which needs none: the longest time of a timer, 24 days. */
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
