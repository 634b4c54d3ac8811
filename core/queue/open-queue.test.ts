import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createTestDatabase, isPostgresAvailable, type TestDatabase } from '../../test/support/database.ts';
import { DEFAULT_TENANT } from '../domain/owner.ts';
import { JobBackend } from './job-backend.ts';
import { turnJob } from './jobs.ts';

const hasPostgres = await isPostgresAvailable();

describe.skipIf(!hasPostgres)(
  `${hasPostgres ? '' : 'SKIPPED, no PostgreSQL: '}the jobs of a process that died`,
  () => {
    let database: TestDatabase;
    let client: pg.Client;
    beforeAll(async () => {
      database = await createTestDatabase();
      client = new pg.Client(database.url);
      await client.connect();
    });
    afterAll(async () => {
      await client?.end();
      await database?.drop();
    });

    const open = (isAlone = false) =>
      JobBackend.open({
        store: { postgres: { connectionString: database.url }, isAlone },
        prefix: 'test',
        onError: () => {},
      });
    /** A job that a worker holds, with a lock for an hour. */
    async function leaveJob(): Promise<string> {
      const backend = await open();
      const turnId = uuidv7();
      const owner = { owner: 'ann', tenant: DEFAULT_TENANT };
      await backend.producer(turnJob).add({ conversationId: uuidv7(), turnId, ...owner });
      await client.query(
        "UPDATE bullmq.job SET state = 'active', lock_token = 'dead:1', locked_until_ms = $1 WHERE id = $2",
        [Date.now() + 3_600_000, turnId],
      );
      await backend.stop();
      return turnId;
    }
    async function firstJob(backend: JobBackend): Promise<string> {
      return new Promise((resolve) => {
        const consumer = backend.consumer(turnJob, async ({ turnId }) => resolve(turnId), { concurrency: 1 });
        void consumer.start();
      });
    }
    const lockOf = async (id: string): Promise<number> => {
      const { rows } = await client.query('SELECT locked_until_ms FROM bullmq.job WHERE id = $1', [id]);
      return Number(rows[0].locked_until_ms);
    };

    test('run when the next process starts, without waiting for their locks to expire', async () => {
      const left = await leaveJob();
      const next = await open();
      expect(await firstJob(next)).toBe(left);
      await next.stop();
    });

    test('keep their locks while another process uses the database, unless the store excludes that', async () => {
      const living = await open();
      const held = await leaveJob();
      await (await open()).stop();
      expect(await lockOf(held)).toBeGreaterThan(Date.now());
      await (await open(true)).stop();
      expect(await lockOf(held)).toBe(0);
      await living.stop();
    });
  },
);
