import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { v7 as uuid } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { schemaContract } from '../../test/support/contracts/database-schema.ts';
import { MIGRATIONS_DIR } from '../../test/support/database.ts';
import { StoreUnavailableError } from '../domain/errors.ts';
import { queueConnection } from '../queue/migrate-queue.ts';
import { unusable } from './data-dir-lock.ts';
import { type Database, openDatabase } from './database.ts';
import { diskFault } from './disk-room.ts';
import { DatabaseConfigError } from './errors.ts';
import type { DatabaseLog } from './pool.ts';

/** Endless recursion exceeds the stack of WebAssembly before PostgreSQL's own limit. */
const BREAK_DOWN = `CREATE FUNCTION pg_temp.f(i int) RETURNS int LANGUAGE plpgsql AS
  $$ BEGIN RETURN pg_temp.f(i + 1); END $$; SELECT pg_temp.f(1)`;

let root: string;
let dataDir: string;
const errors: string[] = [];
const log: DatabaseLog = { warn() {}, error: (_, message) => void errors.push(message) };
const open = (directory = dataDir) =>
  openDatabase({ dataDir: directory, migrationsDir: MIGRATIONS_DIR, log });

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'embedded-test-'));
  dataDir = join(root, 'data');
  await (await open()).close();
});
afterAll(() => rm(root, { recursive: true }));

describe('the schema on the embedded PostgreSQL', () => {
  schemaContract(() => open());
});

describe('the data directory', () => {
  test('is for its user only', async () => {
    expect((await stat(dataDir)).mode & 0o777).toBe(0o700);
  });

  test('is refused to a second process with the pid of the first, and free after it closes', async () => {
    const db = await open();
    const refusal = `DATA_DIR ${dataDir} is in use by another TaskFlow process (pid ${process.pid})`;
    await expect(open()).rejects.toThrow(new DatabaseConfigError(refusal));
    await db.close();
    await (await open()).close();
  });

  test('that is a file, is below a file or cannot be created is refused in one clear line', async () => {
    const file = join(root, 'file');
    await writeFile(file, '');
    for (const [path, reason] of [
      [file, 'it, or a part of its path, is not a directory'],
      [join(file, 'below'), 'it, or a part of its path, is not a directory'],
      ['/proc/taskflow', 'it cannot be created there'],
    ] as const) {
      await expect(open(path)).rejects.toThrow(
        new DatabaseConfigError(`DATA_DIR ${path} cannot be used: ${reason}`),
      );
    }
  });

  test('left incomplete by a crash during the first start is created again', async () => {
    const halfMade = join(root, 'half');
    await mkdir(join(halfMade, 'postgres.creating'), { recursive: true });
    await writeFile(join(halfMade, 'postgres.creating', 'PG_VERSION'), '18');
    const db = await open(halfMade);
    expect(await db.prisma.conversation.count()).toBe(0);
    expect(await readdir(halfMade)).not.toContain('postgres.creating');
    await db.close();
  });
});

describe('the shared session', () => {
  let db: Database;
  let pool: pg.Pool;
  beforeAll(async () => {
    db = await open();
    pool = new pg.Pool({ ...db.connection, connectionTimeoutMillis: 0, max: 12 });
  });
  afterAll(async () => {
    await pool.end();
    await db.close();
  });

  test("statements larger than a socket's buffer keep their own values", async () => {
    const big = 'x'.repeat(900_000);
    const ask = async (n: number) => {
      const { rows } = await pool.query(`SELECT ${n} AS n, $1::text AS v, length($2::text) AS l`, [
        `v${n}`,
        big,
      ]);
      return rows[0];
    };
    const answers = await Promise.all(Array.from({ length: 24 }, (_, n) => ask(n)));
    expect(answers).toEqual(answers.map((_, n) => ({ n, v: `v${n}`, l: big.length })));
  });

  test('serves as many connections as all pools of a process can open', async () => {
    const ask = async (n: number) => {
      const client = new pg.Client(db.connection);
      await client.connect();
      return { client, rows: (await client.query(`SELECT ${n} AS n`)).rows };
    };
    const open = await Promise.all(Array.from({ length: 120 }, (_, n) => ask(n)));
    expect(open.map(({ rows }) => rows)).toEqual(open.map((_, n) => [{ n }]));
    await Promise.all(open.map(({ client }) => client.end()));
  });

  test('transactions and statements of many connections neither mix nor block forever', async () => {
    const work = async (n: number) => {
      const client = await pool.connect();
      if (n % 3 === 0) await client.query('BEGIN');
      const { rows } = await client.query(`SELECT ${n} AS n, $1::text AS v`, [`v${n}`]);
      if (n % 3 === 0) await client.query('COMMIT');
      client.release();
      return rows[0];
    };
    const answers = await Promise.all(Array.from({ length: 120 }, (_, n) => work(n)));
    expect(answers).toEqual(answers.map((_, n) => ({ n, v: `v${n}` })));
  });

  test('a connection that closes inside a transaction rolls it back, and the others continue', async () => {
    await pool.query('CREATE TABLE IF NOT EXISTS public.scratch (n int)');
    const client = await pool.connect();
    await client.query('BEGIN');
    await client.query('INSERT INTO public.scratch VALUES (1)');
    client.release(true);
    expect((await pool.query('SELECT * FROM public.scratch')).rows).toEqual([]);
    await pool.query('DROP TABLE public.scratch');
  });

  test('has no time limit for connections, transactions and statements', async () => {
    const holder = await pool.connect();
    await holder.query('BEGIN');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    // More than the pool's connections, so that some wait for one.
    const waiting = Array.from({ length: 12 }, (_, n) =>
      n % 2 ? db.prisma.conversation.count() : db.prisma.$transaction((tx) => tx.conversation.count()),
    );
    const jobs = new pg.Client(queueConnection(db.connection));
    waiting.push(jobs.connect().then(() => jobs.query('SELECT 1').then(() => 0)));
    await nextTurn();
    await vi.advanceTimersByTimeAsync(3_600_000);
    vi.useRealTimers();
    await holder.query('COMMIT');
    holder.release();
    expect(await Promise.all(waiting)).toHaveLength(13);
    await jobs.end();
  });

  test('bullmq finds its schema first', async () => {
    expect((await pool.query('SELECT current_schemas(false)::text AS path')).rows).toEqual([
      { path: '{bullmq,public}' },
    ]);
  });
});

describe('a crashed engine', () => {
  test('is restarted on the same address, with all committed data', async () => {
    const db = await open();
    await insertConversation(db);
    const before = await db.prisma.conversation.count();
    const client = new pg.Client(db.connection);
    client.on('error', () => {});
    const cut = new Promise<void>((resolve) => client.once('end', resolve));
    await client.connect();
    client.query(BREAK_DOWN).catch(() => {});
    await cut;
    await expect
      .poll(() => errors, { timeout: 60_000 })
      .toContain('the embedded PostgreSQL crashed; it is restarted');
    await expect.poll(() => db.prisma.conversation.count().catch(() => -1), { timeout: 60_000 }).toBe(before);
    await db.close();
  });
});

describe('an engine that ends', () => {
  test('rejects everything that waits for it at once: statements, transactions, and requests for a connection', async () => {
    const db = await open();
    const breaker = new pg.Client(db.connection);
    breaker.on('error', () => {});
    await breaker.connect();
    await breaker.query('BEGIN');
    const waiting = Array.from({ length: 30 }, (_, n) =>
      n % 2 ? db.prisma.conversation.count() : db.prisma.$transaction((tx) => tx.conversation.count()),
    );
    const outcomes = Promise.all(waiting.map((one) => one.catch((error: unknown) => error)));
    await nextTurn();
    breaker.query(BREAK_DOWN).catch(() => {});
    const found = await outcomes;
    await db.close();
    expect(found.filter((outcome) => !(outcome instanceof StoreUnavailableError))).toEqual([]);
  });
});

describe('a full disk', () => {
  test('that a statement meets is logged once, in one line, and the statement is rejected as unavailable', async () => {
    const db = await open();
    errors.length = 0;
    const full = () => db.prisma.$executeRawUnsafe("DO $$ BEGIN RAISE SQLSTATE '53100'; END $$");
    const failures = [await full().catch((error) => error), await full().catch((error) => error)];
    expect(failures.map((failure) => failure instanceof StoreUnavailableError)).toEqual([true, true]);
    await expect.poll(() => errors).toEqual(['the disk that holds DATA_DIR is full: nothing can be stored']);
    expect(await db.prisma.conversation.count()).toBeGreaterThanOrEqual(0);
    await db.close();
  });

  test('at a start is reported in one line', async () => {
    const reason = `DATA_DIR ${dataDir} cannot be used: the disk that holds DATA_DIR is full`;
    for (const code of ['ENOSPC', 'EDQUOT', '53100']) {
      const fault = await diskFault(
        dataDir,
        new Error('no', { cause: Object.assign(new Error(), { code }) }),
      );
      expect(unusable(dataDir, fault)).toEqual(new DatabaseConfigError(reason));
    }
  });
});

describe('a killed process', () => {
  let child: ChildProcess | undefined;
  afterEach(() => child?.kill('SIGKILL'));

  test('loses no committed data, and releases the directory at once', async () => {
    const script = fileURLToPath(new URL('../../test/support/database-writer.ts', import.meta.url));
    const others = await socketDirs();
    child = fork(script, [dataDir], { execArgv: ['--import', 'tsx'] });
    const committed: string[] = [];
    child.on('message', (id) => committed.push(String(id)));
    while (committed.length < 25) await once(child, 'message');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const left = (await socketDirs()).filter((name) => !others.includes(name));

    const db = await open();
    expect(await db.prisma.conversation.count({ where: { id: { in: committed } } })).toBe(committed.length);
    await db.close();
    const kept = await socketDirs();
    expect(left.some((name) => !kept.includes(name))).toBe(true);
  });
});

/** Resolves when pending writes have been sent. */
async function nextTurn(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise((resolve) => setImmediate(resolve));
}

async function insertConversation(db: Database): Promise<void> {
  await db.prisma.conversation.create({
    data: {
      id: uuid(),
      owner: 'local',
      status: 'ACTIVE',
      model: 'm',
      provider: 'p',
      pacing: 'HUMAN',
      lastActivityAt: new Date(),
    },
  });
}

async function socketDirs(): Promise<string[]> {
  return (await readdir(tmpdir())).filter((name) => /^taskflow-.{6}$/.test(name));
}
