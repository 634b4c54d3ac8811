import { pino } from 'pino';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../core/domain/errors.ts';
import { LOCAL_OWNER } from '../core/domain/owner.ts';
import { type Live, openRedis } from '../core/live/open-live.ts';
import { JobBackend } from '../core/queue/job-backend.ts';
import type { JobConsumer } from '../core/queue/job-consumer.ts';
import type { JobProducer } from '../core/queue/job-producer.ts';
import { type TurnJob, turnJob } from '../core/queue/jobs.ts';
import { describeRedisFailure } from '../core/redis/describe.ts';
import { locateRedis } from '../core/redis/locate.ts';
import { begin } from './support/feed-steps.ts';
import { createOwnRedis, hasRedisServer, type OwnRedis } from './support/servers/own-redis.ts';

const has = hasRedisServer();
const log = pino({ level: 'silent' });
/** Time within which everything must work once Redis serves again, in milliseconds. */
const RECOVERY_MS = 15_000;

describe.skipIf(!has)(`${has ? '' : 'SKIPPED, no redis-server: '}a Redis that answers with errors`, () => {
  let redis: OwnRedis;
  let live: Live;
  let backend: JobBackend;
  let jobs: JobProducer<TurnJob>;
  let worker: JobConsumer;
  const ran = new Set<string>();

  beforeAll(async () => {
    redis = await createOwnRedis(['busy-reply-threshold 50', 'repl-diskless-load disabled']);
    const location = await locateRedis(redis.url);
    live = await openRedis({ location, log, prefix: 'says-no', turnsPerOwner: 8, onCommand: () => {} });
    backend = await JobBackend.open({ store: { redis: location }, prefix: 'says-no', onError: () => {} });
    jobs = backend.producer(turnJob);
    await backend.ready();
    worker = backend.consumer(turnJob, async ({ turnId }) => void ran.add(turnId), { concurrency: 2 });
    await worker.start();
  });
  afterAll(async () => {
    await worker?.stop();
    await backend?.stop();
    await live?.stop();
    await redis?.remove();
  });

  /** Runs a step of each kind on the feed, presence and the queue. Returns the errors of those that fail. */
  async function failures(): Promise<unknown[]> {
    const conversation = uuidv7();
    const turn = { id: uuidv7(), epoch: 'e', fencingToken: 1 };
    const { feed, presence } = live;
    const steps = [
      feed.state(conversation),
      begin(feed, conversation, { id: turn.id, cause: 'USER_MESSAGE', model: 'm' }),
      feed.append(conversation, [{ type: 'TypingNudge', text: 'x' }]),
      presence.isAnyone(conversation),
      jobs.add({ conversationId: conversation, turnId: uuidv7(), ...LOCAL_OWNER }),
    ];
    const settled = await Promise.allSettled(steps);
    return settled.flatMap((one) => (one.status === 'rejected' ? [one.reason] : []));
  }

  /** The feed, listeners, the queue and its worker all work. */
  async function worksWithin(ms: number) {
    const begun = Date.now();
    const conversation = uuidv7();
    const job = { conversationId: conversation, turnId: uuidv7(), ...LOCAL_OWNER };
    await expect.poll(() => live.ready().then(() => 'ready', String), { timeout: ms }).toBe('ready');
    const after = await live.feed.state(conversation);
    const events = live.feed.subscribe(conversation, { after });
    const heard = events.next();
    await live.feed.append(conversation, [{ type: 'TypingNudge', text: 'x' }]);
    expect((await heard).value).toMatchObject({ type: 'TypingNudge' });
    await events.return?.();
    await expect.poll(() => jobs.add(job).then(() => 'added', String), { timeout: ms }).toBe('added');
    await expect.poll(() => ran.has(job.turnId), { timeout: ms }).toBe(true);
    expect(Date.now() - begun).toBeLessThan(ms);
  }

  const set = (...settings: (string | number)[]) => redis.command('CONFIG', 'SET', ...settings);
  const script = 'while true do end';

  test.each<[string, RegExp, () => Promise<unknown>, () => Promise<unknown>]>([
    ['OOM', /memory is full/, () => set('maxmemory', 1), () => set('maxmemory', 0)],
    [
      'NOREPLICAS',
      /too few replicas/,
      () => set('min-replicas-to-write', 1),
      () => set('min-replicas-to-write', 0),
    ],
    [
      'READONLY',
      /is a replica/,
      () => redis.command('REPLICAOF', '127.0.0.1', 1),
      () => redis.command('REPLICAOF', 'NO', 'ONE'),
    ],
    [
      'MASTERDOWN',
      /lost its master|is a replica/,
      async () => {
        await set('replica-serve-stale-data', 'no');
        await redis.command('REPLICAOF', '127.0.0.1', 1);
      },
      async () => {
        await redis.command('REPLICAOF', 'NO', 'ONE');
        await set('replica-serve-stale-data', 'yes');
      },
    ],
    [
      'BUSY',
      /busy with a script/,
      async () => {
        redis.command('EVAL', script, 0).catch(() => {});
        await expect.poll(() => redis.command('PING').catch(String), { interval: 20 }).toContain('BUSY');
      },
      () => redis.command('SCRIPT', 'KILL'),
    ],
  ])(
    '%s: every call is unavailable, readiness says so, and everything works within 15 s of its end',
    async (code, reason, begin, end) => {
      await begin();
      const errors = await failures();
      expect(errors.length, code).toBeGreaterThan(0);
      for (const error of errors) expect(error).toBeInstanceOf(StoreUnavailableError);
      // While it reconnects it does not answer.
      const why = () => live.ready().then(() => 'ready', describeRedisFailure);
      await expect.poll(why, { timeout: 60_000 }).toMatch(reason);
      await end();
      await worksWithin(RECOVERY_MS);
    },
  );
});
