import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { MIGRATIONS_DIR } from '../../test/support/database.ts';
import { StoreUnavailableError } from '../domain/errors.ts';
import { type Database, openDatabase } from './database.ts';
import { DatabaseConfigError } from './errors.ts';
import type { DatabaseLog } from './pool.ts';

const FULL = 'the disk that holds DATA_DIR is full: nothing can be stored';
const disk = mkdtempSync(join(tmpdir(), 'disk-full-'));
const canMount = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=96m', 'tmpfs', disk]).status === 0;
afterAll(() => {
  if (canMount) spawnSync('umount', ['-l', disk]);
  rmSync(disk, { recursive: true });
});

describe.skipIf(!canMount)(`${canMount ? '' : 'SKIPPED, no right to mount a disk: '}a full disk`, () => {
  const dataDir = join(disk, 'data');
  const errors: string[] = [];
  const log: DatabaseLog = { warn() {}, error: (_, message) => void errors.push(message) };
  const open = () => openDatabase({ dataDir, migrationsDir: MIGRATIONS_DIR, log });
  let db: Database;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db?.close());

  /** Fills the disk, except for `left` bytes. */
  const fill = (left: number) => {
    const { bavail, bsize } = statfsSync(disk);
    writeFileSync(join(disk, 'other'), Buffer.alloc(Math.max(0, bavail * bsize - left)));
  };
  const makeRoom = () => rmSync(join(disk, 'other'));
  const unlessFails = (step: Promise<unknown>) => step.catch((error: unknown) => error);

  test('makes writes fail as unavailable, until there is room again', async () => {
    fill(0);
    const grow = () =>
      db.prisma
        .$executeRaw`CREATE TABLE public.big AS SELECT repeat('x', 1000) FROM generate_series(1, 5000)`;
    expect(await unlessFails(grow())).toBeInstanceOf(StoreUnavailableError);
    expect(await db.prisma.conversation.count()).toBe(0);
    await expect.poll(() => errors).toEqual([FULL]);
    makeRoom();
    await grow();
  });

  test('without room for the write-ahead log stops the engine, which starts again when there is room', async () => {
    fill(1_000_000);
    const log = () => db.prisma.$executeRaw`SELECT pg_logical_emit_message(true, 'x', repeat('y', 1000000))`;
    let failure: unknown;
    for (let written = 0; written < 40 && !(failure instanceof Error); written++)
      failure = await unlessFails(log());
    expect(failure instanceof StoreUnavailableError).toBe(true);
    await expect.poll(() => errors).toContain('the embedded PostgreSQL crashed; it is restarted');
    expect(await unlessFails(db.prisma.conversation.count())).toBeInstanceOf(StoreUnavailableError);
    makeRoom();
    await expect.poll(() => unlessFails(db.prisma.conversation.count()), { timeout: 60_000 }).toBe(0);
    expect(errors.filter((line) => line === FULL)).toEqual([FULL]);
  });

  test('is one log line at a start', async () => {
    await db.close();
    fill(0);
    await expect(open()).rejects.toThrow(
      new DatabaseConfigError(`DATA_DIR ${dataDir} cannot be used: the disk that holds DATA_DIR is full`),
    );
    makeRoom();
    db = await open();
    expect(await db.prisma.conversation.count()).toBe(0);
  });
});
