import pg from 'pg';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { counting, countingWhenAccepted, isWhole } from './counting.ts';
import { countOn, lacking, Platform } from './platform.ts';

const missing = lacking();
/** Time within which everything must work again after the end of a fault, in milliseconds. */
const RECOVERY_MS = 60_000;

describe.skipIf(missing)(
  `${missing && `SKIPPED, no ${missing}: `}a store that answers and cannot serve`,
  () => {
    let platform: Platform;
    let operator: pg.Client;
    beforeAll(async () => {
      platform = await Platform.start({ servers: 1, workers: 1 });
      platform.upstream.answerAll(countOn, { chunkSize: 8, delayMs: 20 });
      // A connection to another database, which the fault does not close.
      const elsewhere = new URL(platform.postgres.url);
      elsewhere.pathname = '/template1';
      operator = new pg.Client(elsewhere.href);
      await operator.connect();
    });
    afterAll(async () => {
      await operator?.end();
      await platform?.stop();
    });

    const redis = (...args: (string | number)[]) => platform.redis.command(...args);
    const set = (...settings: (string | number)[]) => redis('CONFIG', 'SET', ...settings);
    const setReadOnly = async (to: 'on' | 'off') => {
      await operator.query('SET default_transaction_read_only = off');
      await operator.query(`ALTER SYSTEM SET default_transaction_read_only = ${to}`);
      await operator.query('SELECT pg_reload_conf()');
    };

    test.each<[string, RegExp, () => Promise<unknown>, () => Promise<unknown>]>([
      ['Redis has no memory', /^redis: .*full/m, () => set('maxmemory', 1), () => set('maxmemory', 0)],
      [
        'Redis has too few replicas',
        /^redis: .*too few replicas/m,
        () => set('min-replicas-to-write', 1),
        () => set('min-replicas-to-write', 0),
      ],
      [
        'Redis was demoted',
        /^redis: .*is a replica/m,
        () => redis('REPLICAOF', '127.0.0.1', 1),
        () => redis('REPLICAOF', 'NO', 'ONE'),
      ],
      [
        'Redis is busy with a script',
        /^redis: .*busy with a script/m,
        async () => {
          await set('busy-reply-threshold', 50);
          redis('EVAL', 'while true do end', 0).catch(() => {});
        },
        () => redis('SCRIPT', 'KILL'),
      ],
      [
        'PostgreSQL is read-only',
        /^database: It is read-only\./m,
        () => setReadOnly('on'),
        () => setReadOnly('off'),
      ],
      [
        'PostgreSQL accepts no connection',
        /^database: /m,
        async () => {
          await operator.query('ALTER DATABASE postgres ALLOW_CONNECTIONS false');
          await operator.query(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = 'postgres'",
          );
        },
        () => operator.query('ALTER DATABASE postgres ALLOW_CONNECTIONS true'),
      ],
    ])(
      '%s: calls return UnavailableError, readiness names the store, and it works again without a restart',
      async (_what, part, begin, end) => {
        const talk = await counting(platform, 'during', 100);
        const { id } = await platform.conversation();
        await begin();
        try {
          await expect
            .poll(() => platform.readiness().then(([, body]) => body), { timeout: 60_000 })
            .toMatch(part);
          for (const [name, call] of Object.entries(CALLS)) {
            const { data, errors } = await platform.request(
              `mutation ${call.includes('$id') ? '($id: ID!)' : ''} { ${name}${call} }`,
              { id },
            );
            expect([name, errors]).toEqual([name, undefined]);
            expect([name, data[name].__typename]).toEqual([
              name,
              expect.stringMatching(/^UnavailableError$|Success$/),
            ]);
          }
          const { errors } = await platform.request('query ($id: ID!) { conversation(id: $id) { title } }', {
            id,
          });
          expect(errors?.map(({ extensions }) => extensions?.code) ?? ['SERVICE_UNAVAILABLE']).toEqual([
            'SERVICE_UNAVAILABLE',
          ]);
        } finally {
          await end();
        }
        const ended = Date.now();
        await platform.untilReady();
        await isWhole(platform, await countingWhenAccepted(platform, 'afterwards', 10));
        await isWhole(platform, talk);
        expect(Date.now() - ended).toBeLessThan(RECOVERY_MS);
      },
    );
  },
);

/** Mutations with their input, in which `$id` is a conversation. */
const CALLS = {
  sendMessage: '(input: { conversationId: $id, text: "Is anybody there?" }) { __typename }',
  reportActivity: '(input: { conversationId: $id, activity: TYPING }) { __typename }',
  updateConversation: '(input: { conversationId: $id, title: "Renamed" }) { __typename }',
  cancelTurn: '(input: { conversationId: $id }) { __typename }',
  ingestInference: `(input: {
    model: "m", provider: "p", status: SUCCESS, latencyMs: 1, inputTokens: 1, outputTokens: 1 }) { __typename }`,
};
