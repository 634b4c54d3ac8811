import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  createTestDatabase,
  isPostgresAvailable,
  MIGRATIONS_DIR,
  type TestDatabase,
} from '../../test/support/database.ts';
import { type Database, openDatabase } from '../db/database.ts';
import { firstIdOf } from '../domain/ids.ts';
import { InstallationState } from './installation-state.ts';

const hasPostgres = await isPostgresAvailable();

describe.skipIf(!hasPostgres)(hasPostgres ? 'the installation' : 'SKIPPED: no PostgreSQL', () => {
  let own: TestDatabase;
  let database: Database;
  let state: InstallationState;
  beforeAll(async () => {
    own = await createTestDatabase();
    database = await openDatabase({ databaseUrl: own.url, dataDir: '', migrationsDir: MIGRATIONS_DIR });
    state = new InstallationState(database.statements);
  });
  afterAll(async () => {
    await database?.close();
    await own?.drop();
  });

  test('has nothing pending at first, and a size', async () => {
    const nothing = { outboxes: 0, oldestOutboxMs: 0, turns: 0, oldestTurnMs: 0 };
    expect(await state.pending()).toEqual(nothing);
    expect(await state.size()).toBeGreaterThan(1_000_000);
  });

  test('has pending turns and unpublished outboxes, each with the age of the oldest', async () => {
    const now = await database.statements.rows<{ ms: number }>`
      SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS ms`;
    const turnOf = (ageMs: number) => firstIdOf((now[0]?.ms ?? 0) - ageMs);
    for (const [ageMs, outboxMs] of [
      [60_000, 20_000],
      [5_000, 40_000],
    ] as const)
      await database.statements.rows`
        INSERT INTO conversations (id, owner, status, model, provider, pacing, last_activity_at, updated_at,
          pending_turn_id, pending_turn_cause, outbox_since)
        VALUES (gen_random_uuid(), 'ann', 'ACTIVE', 'm', 'custom', 'HUMAN', now(), now(),
          ${turnOf(ageMs)}::uuid, 'USER_MESSAGE',
          clock_timestamp() - make_interval(secs => ${outboxMs / 1_000}::float8))`;
    const pending = await state.pending();
    expect(pending).toMatchObject({ outboxes: 2, turns: 2 });
    expect(pending.oldestOutboxMs).toBeGreaterThanOrEqual(39_999);
    expect(pending.oldestOutboxMs).toBeLessThan(60_000);
    expect(pending.oldestTurnMs).toBeGreaterThanOrEqual(60_000);
    expect(pending.oldestTurnMs).toBeLessThan(90_000);
  });
});
