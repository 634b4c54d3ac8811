import { PrismaPg } from '@prisma/adapter-pg';
import type pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PrismaClient } from '../../generated/prisma/client.ts';
import {
  createTestDatabase,
  createTestPool,
  isPostgresAvailable,
  MIGRATIONS_DIR,
  type TestDatabase,
} from '../../test/support/database.ts';
import { LOCAL_OWNER } from '../domain/owner.ts';
import { OwnRows } from '../store/own-rows.ts';
import type { Database } from './database.ts';
import { migrate } from './migrate.ts';
import { Statements } from './statements.ts';

const ROWS = 100_000;

describe.skipIf(!(await isPostgresAvailable()))('the lists, at 100,000 conversations', () => {
  let own: TestDatabase;
  let pool: pg.Pool;
  const queries: { sql: string; values: unknown[] }[] = [];
  let prisma: PrismaClient<'query'>;
  const statements = new Statements(
    ({ text, values }) => {
      queries.push({ sql: text, values: values ?? [] });
      return pool.query(text, values);
    },
    { limit: (task) => task(), prepares: false },
  );
  const rows: Pick<Database, 'readAs' | 'readRowsAs'> = {
    readAs: (_owner, read) => read(prisma),
    readRowsAs: (_owner, read) => read(statements),
  };
  beforeAll(async () => {
    own = await createTestDatabase();
    await migrate({ connection: { connectionString: own.url }, migrationsDir: MIGRATIONS_DIR });
    pool = createTestPool(own);
    await pool.query(
      `INSERT INTO conversations (id, owner, tenant, status, model, provider, pacing, last_activity_at,
         updated_at)
       SELECT gen_random_uuid(), CASE WHEN n % 100 = 0 THEN 'other' ELSE 'local' END,
         CASE WHEN n % 100 = 50 THEN 'another' ELSE 'default' END,
         (ARRAY['ACTIVE', 'COMPLETED', 'CANCELLED'])[1 + n % 3], 'm', 'p', 'HUMAN',
         timestamptz '2026-01-01' + n / 3 * interval '1 second', now()
       FROM generate_series(1, ${ROWS}) AS n`,
    );
    await pool.query('ANALYZE conversations');
    prisma = new PrismaClient({ adapter: new PrismaPg(pool), log: [{ emit: 'event', level: 'query' }] });
    prisma.$on('query', ({ query, params }) => queries.push({ sql: query, values: JSON.parse(params) }));
  });
  afterAll(async () => {
    await prisma?.$disconnect();
    await pool?.end();
    await own?.drop();
  });

  // The plan of the only statement that a call sends.
  const planOf = async (call: () => Promise<unknown>) => {
    queries.length = 0;
    await call();
    await expect.poll(() => queries.length).toBe(1);
    const [{ sql, values } = { sql: '', values: [] }] = queries;
    const { rows } = await pool.query<{ 'QUERY PLAN': string }>(`EXPLAIN (ANALYZE, BUFFERS) ${sql}`, values);
    return rows.map((row) => row['QUERY PLAN']).join('\n');
  };
  const buffers = (plan: string) =>
    Array.from(
      plan.matchAll(/Buffers: shared(?: hit=(\d+))?(?: read=(\d+))?/g),
      ([, hit, read]) => Number(hit ?? 0) + Number(read ?? 0),
    )[0];
  const page = (status: 'ACTIVE' | undefined, at: Date, id: string) =>
    new OwnRows(rows, LOCAL_OWNER).list(status, {
      after: { at, id },
      before: null,
      take: 21,
      backwards: false,
    });
  const middle = new Date(Date.UTC(2026, 0, 1) + (ROWS / 6) * 1000);
  const id = '80000000-0000-4000-8000-000000000000';

  test.each([
    ['all of them', undefined, 'conversations_tenant_owner_last_activity_at_id_idx'],
    ['those of one status', 'ACTIVE' as const, 'conversations_tenant_owner_status_last_activity_at_id_idx'],
  ])('a page of %s is read from its index, without a sort, wherever it begins', async (_, status, index) => {
    const plan = await planOf(() => page(status, middle, id));
    expect(plan).toContain(`using ${index}`);
    expect(plan).not.toMatch(/Sort|Seq Scan|Bitmap/);
    expect(buffers(plan)).toBeLessThan(60);
  });

  test('pending turns are found by their own index', async () => {
    const plan = await planOf(() =>
      prisma.conversation.findMany({
        where: { pendingTurnId: { not: null, lt: id } },
        orderBy: { pendingTurnId: 'asc' },
        take: 100,
      }),
    );
    expect(plan).toContain('conversations_pending_turn_id_idx');
    expect(plan).not.toMatch(/Sort|Seq Scan/);
  });
});
