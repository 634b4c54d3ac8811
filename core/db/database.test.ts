import { once } from 'node:events';
import { type AddressInfo, createConnection, createServer, type Server, type Socket } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createTestDatabase,
  isPostgresAvailable,
  MIGRATIONS_DIR,
  type TestDatabase,
} from '../../test/support/database.ts';
import { StoreUnavailableError } from '../domain/errors.ts';
import { type Database, openDatabase } from './database.ts';
import { DatabaseConfigError, DatabaseUnavailableError } from './errors.ts';
import { POOL_SIZE, READERS_SHARE } from './pool.ts';

const open = (databaseUrl: string) =>
  openDatabase({ databaseUrl, dataDir: 'unused', migrationsDir: MIGRATIONS_DIR });

describe('a DATABASE_URL that does not work', () => {
  test.each([
    'mysql://u:sekret@h/d',
    'sekret',
    'postgresql://u:sekret@h:99999/d',
    'postgresql://u:sekret@[/d',
  ])('is refused when malformed, and the message does not repeat it: %s', async (url) => {
    const failure = await open(url).catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(DatabaseConfigError);
    expect(wholeText(failure)).not.toContain('sekret');
  });

  test('is unavailable when nothing listens at its address, and the message does not contain the password', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const port = portOf(server);
    await new Promise((resolve) => server.close(resolve));
    const failure = await open(`postgresql://u:sekret@127.0.0.1:${port}/d`).catch((error: unknown) => error);
    expect(failure).toEqual(
      new DatabaseUnavailableError(`PostgreSQL at 127.0.0.1:${port}/d cannot be reached: connection refused`),
    );
    expect(wholeText(failure)).not.toContain('sekret');
  });

  test('is unavailable when its server does not answer', async () => {
    const silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const began = performance.now();
    await expect(open(`postgresql://u@127.0.0.1:${portOf(silent)}/d`)).rejects.toThrow(
      DatabaseUnavailableError,
    );
    expect(performance.now() - began).toBeLessThan(30_000);
    silent.close();
  });
});

describe.skipIf(!(await isPostgresAvailable()))('a database on PostgreSQL', () => {
  let own: TestDatabase;
  let line: Line;
  let db: Database;
  beforeAll(async () => {
    own = await createTestDatabase();
    line = await startLine(new URL(own.url));
    db = await open(line.url);
  });
  afterAll(async () => {
    await db?.close();
    await line?.close();
    await own?.drop();
  });

  test('any number of writers leaves connections to readers', async () => {
    const holder = new pg.Client(own.url);
    await holder.connect();
    await holder.query('SELECT pg_advisory_lock(42)');
    const write = () => db.writers.$queryRaw`SELECT 1 FROM (SELECT pg_advisory_xact_lock(42)) AS held`;
    // Opens the connections, so that on a slow machine no writer is given up while it waits for one.
    await Promise.all(Array.from({ length: POOL_SIZE }, () => db.writers.$queryRaw`SELECT 1`));
    const written = Promise.allSettled(Array.from({ length: 3 * POOL_SIZE }, write));
    await expect.poll(() => waitingFor(holder, 'advisory')).toBe(POOL_SIZE - READERS_SHARE);
    for (let reader = 0; reader < READERS_SHARE; reader++) await db.prisma.$queryRaw`SELECT 1`;
    expect(await waitingFor(holder, 'advisory')).toBe(POOL_SIZE - READERS_SHARE);
    await holder.end();
    await written;
  });

  test('that does not exist is a fault of the setting', async () => {
    const url = new URL(own.url);
    url.pathname = '/taskflow_none';
    await expect(open(url.href)).rejects.toThrow(
      new DatabaseConfigError(
        `PostgreSQL at ${url.hostname}:${url.port}/taskflow_none: ` +
          'the database that DATABASE_URL names does not exist',
      ),
    );
  });

  test('returns the applied migrations when first opened, and none the next time', async () => {
    expect(db.applied.length).toBeGreaterThan(0);
    const again = await open(own.url);
    expect(again.applied).toEqual([]);
    await again.close();
    await again.close();
  });

  test('has its tables in the schema that the URL names', async () => {
    const url = new URL(own.url);
    url.searchParams.set('schema', 'apart');
    const apart = await open(url.href);
    expect(await apart.prisma.conversation.count()).toBe(0);
    expect(await db.prisma.$queryRaw`SELECT FROM apart.conversations`).toEqual([]);
    const { prisma, writers, statements } = apart;
    await prisma.$executeRaw`ALTER TABLE apart.conversations ADD COLUMN here int`;
    for (const found of [
      await prisma.$queryRaw`SELECT here FROM conversations`,
      await writers.$queryRaw`SELECT here FROM conversations`,
      await statements.rows`SELECT here FROM conversations`,
    ])
      expect(found).toEqual([]);
    await apart.close();
  });

  test('a connection that breaks in a transaction means unavailable, and the next query works', async () => {
    const attempt = db.prisma.$transaction(async (tx) => {
      await tx.conversation.count();
      line.cut();
      await tx.conversation.count();
    });
    expect(await attempt.catch((error: unknown) => error)).toBeInstanceOf(StoreUnavailableError);
    expect(await db.prisma.conversation.count()).toBe(0);
  });

  const OWNER = { owner: 'alice', tenant: 'default' };
  test.each<[string, () => Promise<unknown>]>([
    ['a read', () => db.prisma.$queryRaw`SELECT 1 FROM pg_sleep(10)`],
    ['a statement', () => db.statements.rows`SELECT 1 FROM pg_sleep(10)`],
    ['an owner’s read', () => db.readAs(OWNER, (prisma) => prisma.$queryRaw`SELECT 1 FROM pg_sleep(10)`)],
    ['an owner’s change', () => db.changeAs(OWNER, (prisma) => prisma.$queryRaw`SELECT 1 FROM pg_sleep(10)`)],
    ['an owner’s statement', () => db.statements.as(OWNER).rows`SELECT 1 FROM pg_sleep(10)`],
  ])('%s whose connection breaks means unavailable, and the process lives on', async (_what, sleep) => {
    const watch = new pg.Client(own.url);
    await watch.connect();
    const attempt = sleep().catch((error: unknown) => error);
    await expect.poll(() => waitingFor(watch, 'PgSleep')).toBe(1);
    line.cut();
    await watch.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity ' +
        `WHERE wait_event = 'PgSleep' AND datname = current_database()`,
    );
    await watch.end();
    expect(await attempt).toBeInstanceOf(StoreUnavailableError);
    expect(await db.prisma.conversation.count()).toBe(0);
  });

  test('an idle connection that the server closes does not crash the process', async () => {
    await db.prisma.conversation.count();
    const client = new pg.Client(own.url);
    await client.connect();
    await client.query(
      'SELECT pg_terminate_backend(pid) FROM pg_stat_activity ' +
        'WHERE datname = current_database() AND pid <> pg_backend_pid()',
    );
    await client.end();
    await expect.poll(() => db.prisma.conversation.count().catch(() => -1)).toBe(0);
  });

  test('a wrong query does not mean unavailable', async () => {
    const failure = await db.prisma.$queryRaw`SELECT nothing FROM nowhere`.catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure instanceof StoreUnavailableError).toBe(false);
  });

  test('after the server is gone, queries and transactions are rejected as unavailable at once', async () => {
    await line.close();
    const failures = [
      await db.prisma.conversation.count().catch((error: unknown) => error),
      await db.prisma.$transaction((tx) => tx.conversation.count()).catch((error: unknown) => error),
    ];
    for (const failure of failures) expect(failure).toBeInstanceOf(StoreUnavailableError);
  });
});

/** How many of this database's connections wait for it. */
async function waitingFor(client: pg.Client, event: string): Promise<number | undefined> {
  const { rows } = await client.query<{ count: number }>(
    'SELECT count(*)::int FROM pg_stat_activity WHERE wait_event = $1 AND datname = current_database()',
    [event],
  );
  return rows[0]?.count;
}

/** A proxy to the server that a test can cut. */
interface Line {
  readonly url: string;
  cut(): void;
  close(): Promise<void>;
}

async function startLine(target: URL): Promise<Line> {
  const sockets = new Set<Socket>();
  const server = createServer((near) => {
    const far = createConnection(Number(target.port || 5432), target.hostname);
    for (const socket of [near, far]) {
      sockets.add(socket.on('error', () => {}).on('close', () => sockets.delete(socket)));
    }
    near.pipe(far).pipe(near);
    near.on('close', () => far.destroy());
    far.on('close', () => near.destroy());
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const url = new URL(target);
  url.host = `127.0.0.1:${portOf(server)}`;
  const cut = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: url.href,
    cut,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      cut();
      await closed;
    },
  };
}

function portOf(server: Server): number {
  return (server.address() as AddressInfo).port;
}

// The error as in a log, with its causes.
function wholeText(error: unknown): string {
  return error instanceof Error
    ? `${error.stack} ${JSON.stringify(error)} ${wholeText(error.cause)}`
    : JSON.stringify(error ?? null);
}
