import { PrismaPg } from '@prisma/adapter-pg';
import { graphql } from 'graphql';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { migrate } from '../../../core/db/migrate.ts';
import { Statements } from '../../../core/db/statements.ts';
import { type Caller, LOCAL_CALLER } from '../../../core/domain/caller.ts';
import { idAfter } from '../../../core/domain/ids.ts';
import { DEFAULT_TENANT } from '../../../core/domain/owner.ts';
import { PrismaClient } from '../../../generated/prisma/client.ts';
import {
  createTestDatabase,
  isPostgresAvailable,
  MIGRATIONS_DIR,
  type TestDatabase,
} from '../../../test/support/database.ts';
import { queryContext } from '../../../test/support/query-context.ts';
import { schema } from '../schema/schema.ts';

const VIEWER: Caller = { ...LOCAL_CALLER, owner: 'me', role: 'USER' };

const available = await isPostgresAvailable();

describe.skipIf(!available)(`the conversation list${available ? '' : ' (SKIPPED: no PostgreSQL)'}`, () => {
  let database: TestDatabase;
  let prisma: PrismaClient<'query'>;
  let pool: pg.Pool;
  const queries: string[] = [];
  const statements = new Statements(
    (query) => {
      queries.push(query.text);
      return pool.query(query);
    },
    { limit: (task) => task(), prepares: true },
  );

  beforeAll(async () => {
    database = await createTestDatabase();
    await migrate({ connection: { connectionString: database.url }, migrationsDir: MIGRATIONS_DIR });
    pool = new pg.Pool({ connectionString: database.url });
    prisma = new PrismaClient({
      adapter: new PrismaPg({ connectionString: database.url }),
      log: [{ emit: 'event', level: 'query' }],
    });
    prisma.$on('query', ({ query }) => queries.push(query));
    await prisma.conversation.createMany({
      data: Array.from({ length: 60 }, (_, i) => ({
        id: idAfter(null),
        owner: i % 8 === 3 ? 'somebody else' : 'me',
        tenant: i % 8 === 7 ? 'another' : DEFAULT_TENANT,
        status: i % 2 ? 'ACTIVE' : 'COMPLETED',
        model: 'openai/gpt-4o-mini',
        provider: 'demo',
        pacing: 'HUMAN',
        // Several share a time, so that the order within it matters.
        lastActivityAt: new Date(Date.UTC(2026, 0, 1, 0, Math.floor(i / 8))),
        updatedAt: new Date(),
      })),
    });
  });
  afterAll(async () => {
    await prisma?.$disconnect();
    await pool?.end();
    await database?.drop();
  });

  // biome-ignore lint/suspicious/noExplicitAny: a result of whatever was asked for
  async function ask(source: string): Promise<any> {
    queries.length = 0;
    const plain = <T>(_owner: unknown, ask: (from: PrismaClient) => Promise<T>) => ask(prisma);
    const rows = {
      prisma,
      ...{ readAs: plain, changeAs: plain },
      readRowsAs: <T>(_owner: unknown, read: (from: Statements) => Promise<T>) => read(statements),
    };
    const contextValue = queryContext(rows, VIEWER, Number.POSITIVE_INFINITY);
    const { data, errors } = await graphql({ schema, source, contextValue });
    if (errors) throw errors[0];
    return data;
  }

  const PAGE =
    'edges { cursor node { id title status messageCount lastMessagePreview model { id name } updatedAt } } pageInfo { hasNextPage endCursor }';

  test.each([1, 20, 40])('a page of %i costs one query, which does not touch the messages', async (first) => {
    const { conversations } = await ask(`{ conversations(first: ${first}) { ${PAGE} } }`);
    expect(conversations.edges).toHaveLength(first);
    expect(queries).toHaveLength(1);
    expect(queries[0]).not.toContain('messages');
  });

  test("[P-03] pages that follow each other bring each of the owner's conversations once, in order", async () => {
    const seen: string[] = [];
    let after = '';
    do {
      const { conversations } = await ask(`{ conversations(first: 7 ${after}) { ${PAGE} } }`);
      expect(queries).toHaveLength(1);
      seen.push(...conversations.edges.map((edge: { node: { id: string } }) => edge.node.id));
      after = conversations.pageInfo.hasNextPage ? `after: "${conversations.pageInfo.endCursor}"` : '';
    } while (after);
    const all = (await ask(`{ conversations(first: 100) { ${PAGE} totalCount } }`)).conversations;
    expect(seen).toEqual(all.edges.map((edge: { node: { id: string } }) => edge.node.id));
    expect(seen).toHaveLength(45);
    expect(all.totalCount).toBe(45);
  });

  test('one status costs one query as well', async () => {
    const { conversations } = await ask(`{ conversations(status: ACTIVE) { ${PAGE} } }`);
    expect(queries).toHaveLength(1);
    expect(
      conversations.edges.every((edge: { node: { status: string } }) => edge.node.status === 'ACTIVE'),
    ).toBe(true);
  });
});
