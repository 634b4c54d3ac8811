import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import {
  createTestDatabase,
  isPostgresAvailable,
  MIGRATIONS_DIR,
  type TestDatabase,
} from '../../test/support/database.ts';
import { StoreUnavailableError } from '../domain/errors.ts';
import type { Owner } from '../domain/owner.ts';
import { type Database, openDatabase } from './database.ts';
import { POLICIES } from './owners-policies.ts';

const ALICE: Owner = { owner: 'alice', tenant: 'acme' };
const OTHERS: Owner[] = [
  { owner: 'bob', tenant: 'acme' },
  { owner: 'alice', tenant: 'evil' },
  { owner: '', tenant: '' },
  { owner: "alice' OR '1'='1", tenant: 'acme' },
];

describe.skipIf(!(await isPostgresAvailable()))('row security on PostgreSQL', () => {
  let own: TestDatabase;
  let database: Database;
  const warnings: string[] = [];
  const open = (databaseUrl: string) =>
    openDatabase({
      databaseUrl,
      dataDir: 'unused',
      migrationsDir: MIGRATIONS_DIR,
      log: { warn: (_fields, message) => warnings.push(message), error: () => {} },
    });
  const ids = { conversation: randomUUID(), message: randomUUID(), token: randomUUID(), log: randomUUID() };

  beforeAll(async () => {
    own = await createTestDatabase();
    database = await open(own.url);
    const { prisma } = database;
    const settings = { status: 'ACTIVE', model: 'm', provider: 'p', pacing: 'HUMAN' } as const;
    await prisma.conversation.create({
      data: { id: ids.conversation, ...ALICE, ...settings, lastActivityAt: new Date() },
    });
    await prisma.message.create({
      data: {
        id: ids.message,
        conversationId: ids.conversation,
        role: 'USER',
        content: 'x',
        status: 'COMPLETED',
      },
    });
    await prisma.apiToken.create({
      data: { id: ids.token, ...ALICE, role: 'USER', name: 'n', prefix: 'tf_', hash: 'h', scopes: [] },
    });
    const counts = { latencyMs: 1, inputTokens: 1, outputTokens: 1, status: 'SUCCESS' } as const;
    await prisma.inferenceLog.create({
      data: { id: ids.log, ...ALICE, model: 'm', provider: 'p', ...counts },
    });
  });
  afterAll(async () => {
    await database?.close();
    await own?.drop();
  });

  /** How many rows of each table a query sees that asks for all of them. */
  const seenBy = (owner: Owner) =>
    database.readAs(owner, async (prisma) => [
      await prisma.conversation.count(),
      await prisma.message.count(),
      await prisma.apiToken.count(),
      await prisma.inferenceLog.count(),
    ]);

  test('is in force, without a warning', () => {
    expect(warnings).toEqual([]);
  });

  test('a query that names no owner sees their rows', async () => {
    expect(await seenBy(ALICE)).toEqual([1, 1, 1, 1]);
  });

  test.each(OTHERS)('a query that names no owner sees nothing as %o', async (other) => {
    // Telemetry is a tenant's.
    expect(await seenBy(other)).toEqual([0, 0, 0, other.tenant === ALICE.tenant ? 1 : 0]);
  });

  test.each([ALICE, ...OTHERS])(
    'a prepared statement that names no owner sees the rows of %o alone',
    async (owner) => {
      const seen = await database.readRowsAs(
        owner,
        (sql) => sql.rows<{ count: number; messages: number }>`
        SELECT (SELECT count(*)::int FROM conversations), (SELECT count(*)::int AS messages FROM messages)`,
      );
      const count = owner === ALICE ? 1 : 0;
      expect(seen).toEqual([{ count, messages: count }]);
    },
  );

  test('a prepared statement of a reader writes nothing', async () => {
    const rename = database.readRowsAs(ALICE, (sql) => sql.rows`UPDATE conversations SET title = ${'x'}`);
    await expect(rename).rejects.toThrow();
    expect(await database.prisma.conversation.count({ where: { title: 'x' } })).toBe(0);
  });

  test('a transaction, which would see all rows, is refused', async () => {
    const reads: ((prisma: PrismaClient) => Promise<unknown>)[] = [
      (prisma) => prisma.$transaction([prisma.conversation.count(), prisma.message.count()]),
      (prisma) => prisma.$transaction((all) => all.conversation.count()),
    ];
    for (const read of reads)
      await expect(database.readAs(ALICE, read)).rejects.toThrow('without a transaction');
  });

  test('reads of many owners at once do not see each other, nor does the owner stay on a connection', async () => {
    const owners = Array.from({ length: 60 }, (_, i) =>
      i % 3 === 0 ? ALICE : (OTHERS[i % OTHERS.length] as Owner),
    );
    const all = await Promise.all(owners.map((owner) => seenBy(owner)));
    for (const [i, seen] of all.entries()) expect(seen[0]).toBe(owners[i] === ALICE ? 1 : 0);
    expect(await database.prisma.conversation.count()).toBe(1);
  });

  test('nothing can be written as the reader', async () => {
    const rename = database.readAs(ALICE, (prisma) =>
      prisma.conversation.updateMany({ data: { title: 'x' } }),
    );
    await expect(rename).rejects.toThrow();
    expect(await database.prisma.conversation.count({ where: { title: 'x' } })).toBe(0);
    expect(await seenBy(ALICE)).toEqual([1, 1, 1, 1]);
  });

  test('backups, other roles and the workers see all rows', async () => {
    const client = new pg.Client({ connectionString: own.url });
    await client.connect();
    const { rows } = await client.query('SELECT count(*)::int AS n FROM conversations');
    expect(rows).toEqual([{ n: 1 }]);
    await client.end();
  });

  test('a second process finds it in force, and changes nothing', async () => {
    const policies = () =>
      database.prisma.$queryRaw`SELECT tablename, policyname, qual FROM pg_policies ORDER BY 1, 2`;
    const before = await policies();
    const again = await Promise.all([open(own.url), open(own.url)]);
    for (const one of again) await one.close();
    expect(await policies()).toEqual(before);
    expect(before).toHaveLength(POLICIES.length);
  });

  test('what a version before has left, which would show its writer all rows, is replaced', async () => {
    const { prisma } = database;
    await prisma.$executeRawUnsafe(`DROP POLICY taskflow_system ON conversations`);
    await prisma.$executeRawUnsafe(`DROP POLICY taskflow_own_changes ON conversations`);
    await prisma.$executeRawUnsafe(
      `CREATE POLICY taskflow_others ON conversations USING (current_user <> 'taskflow_reader')`,
    );
    const seen = () => database.changeAs(OTHERS[0] as Owner, (as) => as.conversation.count());
    expect(await seen()).toBe(1);
    await (await open(own.url)).close();
    expect(await seen()).toBe(0);
    expect(await database.changeAs(ALICE, (as) => as.conversation.count())).toBe(1);
    expect(await prisma.conversation.count()).toBe(1);
  });

  test('where the user may not create the role, it says so and reads without it', async () => {
    const name = `plain_${randomUUID().slice(0, 8)}`;
    const other = await createTestDatabase();
    const admin = new pg.Client({ connectionString: other.url });
    await admin.connect();
    await admin.query(`CREATE ROLE ${name} LOGIN; GRANT ALL ON SCHEMA public TO ${name};
      GRANT CREATE ON DATABASE ${new URL(other.url).pathname.slice(1)} TO ${name}`);
    const url = new URL(other.url);
    url.username = name;
    const plain = await open(url.href);
    try {
      expect(warnings).toEqual([expect.stringContaining('row security is not in force')]);
      expect(await plain.readAs(ALICE, (prisma) => prisma.conversation.count())).toBe(0);
    } finally {
      await plain.close();
      await admin.end();
      await other.drop();
      const cluster = new pg.Client({ connectionString: own.url });
      await cluster.connect();
      await cluster.query(`DROP ROLE ${name}`);
      await cluster.end();
    }
  });

  test('a connection that is lost is a store that is unavailable, and the next read works', async () => {
    const admin = new pg.Client({ connectionString: own.url });
    await admin.connect();
    await admin.query('SELECT pg_advisory_lock(7)');
    const lost = database.readAs(
      ALICE,
      (prisma) => prisma.$queryRaw`SELECT pg_advisory_lock_shared(7)::text`,
    );
    const kill = `SELECT pg_terminate_backend(pid) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`;
    const killed = expect
      .poll(async () => (await admin.query(kill)).rowCount, { interval: 10 })
      .toBe(1)
      .finally(() => admin.end());
    await expect(lost).rejects.toThrow(StoreUnavailableError);
    await killed;
    expect(await seenBy(ALICE)).toEqual([1, 1, 1, 1]);
  });
});
