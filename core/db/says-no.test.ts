import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createTestDatabase,
  isPostgresAvailable,
  MIGRATIONS_DIR,
  type TestDatabase,
} from '../../test/support/database.ts';
import { StoreUnavailableError } from '../domain/errors.ts';
import { type Database, openDatabase } from './database.ts';
import { checkWritable, describeDatabaseFailure } from './readiness.ts';

const available = await isPostgresAvailable();
/** Every SQLSTATE that means "unavailable": https://www.postgresql.org/docs/current/errcodes-appendix.html */
const CODES = [
  ...['25006', '55000', '53000', '53100', '53200', '53300', '53400'],
  ...['57P01', '57P02', '57P03', '57P04', '57P05', '08000', '08003', '08006'],
];

describe.skipIf(!available)(`${available ? '' : 'SKIPPED, no PostgreSQL: '}a PostgreSQL that refuses`, () => {
  let own: TestDatabase;
  let db: Database;
  let operator: pg.Client;

  beforeAll(async () => {
    own = await createTestDatabase();
    db = await openDatabase({ databaseUrl: own.url, dataDir: 'unused', migrationsDir: MIGRATIONS_DIR });
    // A connection to another database, from which this one can be closed to everybody.
    const elsewhere = new URL(own.url);
    elsewhere.pathname = '/postgres';
    operator = new pg.Client(elsewhere.href);
    await operator.connect();
    await db.prisma.$executeRawUnsafe('CREATE TABLE refusal (code text)');
    await db.prisma.$executeRawUnsafe(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$
      DECLARE state text; BEGIN
        SELECT code INTO state FROM refusal;
        IF state IS NOT NULL THEN RAISE EXCEPTION 'not now' USING ERRCODE = state; END IF;
        RETURN NEW;
      END $$`);
    await db.prisma.$executeRawUnsafe(
      'CREATE TRIGGER refuse BEFORE INSERT ON conversations FOR EACH ROW EXECUTE FUNCTION refuse()',
    );
  });
  afterAll(async () => {
    await operator?.end();
    await db?.close();
    await own?.drop();
  });

  const name = () => new URL(own.url).pathname.slice(1);
  const create = (prisma: Pick<Database['prisma'], 'conversation'> = db.prisma) =>
    prisma.conversation.create({ data: { ...ROW, id: uuidv7() } });
  const failureOf = (call: Promise<unknown>) =>
    call.then(
      () => null,
      (error: unknown) => error,
    );
  const hangUp = () =>
    operator.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name()]);

  async function refuseWith<T>(code: string, act: () => Promise<T>): Promise<T> {
    await db.prisma.$executeRaw`INSERT INTO refusal VALUES (${code})`;
    try {
      return await act();
    } finally {
      await db.prisma.$executeRaw`DELETE FROM refusal`;
    }
  }

  test.each(CODES)('%s is unavailable: to a query, a raw query and a transaction', async (code) => {
    const failures = await refuseWith(code, async () => [
      await failureOf(create()),
      await failureOf(db.prisma.$executeRaw`
        INSERT INTO conversations SELECT (jsonb_populate_record(NULL::conversations, '{}')).*`),
      await failureOf(db.prisma.$transaction((tx) => create(tx))),
    ]);
    for (const failure of failures) expect(failure).toBeInstanceOf(StoreUnavailableError);
    await create();
  });

  test('any other code does not mean unavailable', async () => {
    const failure = await refuseWith('22023', () => failureOf(create()));
    expect(failure).not.toBeNull();
    expect(failure instanceof StoreUnavailableError).toBe(false);
  });

  test('read-only, it is reported as such, and pooled connections are replaced, also within a transaction', async () => {
    // Each query holds its connection for a moment, so that the next one takes another.
    const pids = async () => {
      const asked = Array.from(
        { length: 4 },
        () => db.prisma.$queryRaw<{ pid: number }[]>`SELECT pg_backend_pid() AS pid, pg_sleep(0.02)::text`,
      );
      return new Set((await Promise.all(asked)).map(([row]) => row?.pid));
    };
    await operator.query(`ALTER DATABASE ${name()} SET default_transaction_read_only = on`);
    await hangUp();
    await expect
      .poll(() => failureOf(checkWritable(db.prisma)).then(describeDatabaseFailure))
      .toBe('It is read-only.');
    const before = await pids();
    expect(before.size).toBeGreaterThan(1);
    await operator.query(`ALTER DATABASE ${name()} RESET default_transaction_read_only`);
    // The old sessions are still read-only, like those to a demoted primary.
    expect(await failureOf(db.prisma.$transaction((tx) => create(tx)))).toBeInstanceOf(StoreUnavailableError);
    await create();
    await checkWritable(db.prisma);
    for (const pid of await pids()) expect(before).not.toContain(pid);
  });

  test('closed to everybody, it is unavailable, and works again after it is open', async () => {
    await operator.query(`ALTER DATABASE ${name()} ALLOW_CONNECTIONS false`);
    await hangUp();
    await expect.poll(() => failureOf(create()).then(codesOf)).toContain('55000');
    expect(await failureOf(create())).toBeInstanceOf(StoreUnavailableError);
    await operator.query(`ALTER DATABASE ${name()} ALLOW_CONNECTIONS true`);
    await create();
  });
});

const ROW = {
  ...({ owner: 'o', provider: 'p', model: 'm', pacing: 'INSTANT', status: 'ACTIVE' } as const),
  lastActivityAt: new Date(),
};

/** The codes of an error and its causes. */
function codesOf(error: unknown): string {
  return JSON.stringify(error, Object.getOwnPropertyNames(error ?? {})) + String((error as Error)?.cause);
}
