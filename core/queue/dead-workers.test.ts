import { randomUUID } from 'node:crypto';
import { Redis } from 'ioredis';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parseRedisUrl } from '../redis/location.ts';
import { redisOptions } from '../redis/options.ts';
import { DeadWorkers, type Times } from './dead-workers.ts';
import { RELEASE_SCRIPT } from './release-script.ts';

const REDIS_URL = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379/9';
const redis = new Redis(REDIS_URL, { lazyConnect: true, retryStrategy: () => null });
const hasRedis = await redis.connect().then(
  () => true,
  () => false,
);
afterAll(() => redis.disconnect());

const HOUR = 3_600_000;
const QUICK: Times = { lookEvery: 5, goneFor: 50, unbroken: HOUR, settled: 50 };

describe.skipIf(!hasRedis)(
  `${hasRedis ? '' : `SKIPPED, no Redis at ${REDIS_URL}: `}the jobs of a worker`,
  () => {
    let prefix: string;
    let workers: DeadWorkers[];
    beforeEach(() => {
      prefix = `{test-${randomUUID()}}`;
      workers = [];
    });
    afterEach(async () => {
      for (const each of workers) await each.stop();
      const ofQueue = ['active', 'stalled', 'lost:lock', 'kept:lock'].map((key) => `${prefix}:turns:${key}`);
      await redis.del(`${prefix}:workers`, ...ofQueue);
    });

    async function join(id: string): Promise<DeadWorkers> {
      const location = parseRedisUrl(REDIS_URL);
      const [blocking, failFast] = [redisOptions(location, 'blocking'), redisOptions(location, 'failFast')];
      const made = new DeadWorkers({ blocking, failFast, prefix, onError: () => {}, times: QUICK });
      workers.push(made);
      await made.join('turns', id);
      return made;
    }
    /** Stores a job as BullMQ does while a worker runs it. */
    async function active(job: string, worker: string): Promise<void> {
      await redis.rpush(`${prefix}:turns:active`, job);
      await redis.set(`${prefix}:turns:${job}:lock`, `${worker}:7`);
    }
    const held = async (job: string) => (await redis.exists(`${prefix}:turns:${job}:lock`)) === 1;
    const stalled = () => redis.smembers(`${prefix}:turns:stalled`);
    const noted = (field: string) => redis.hget(`${prefix}:workers`, field);
    const look = (own: string[] = []) =>
      redis.eval(RELEASE_SCRIPT, 1, `${prefix}:workers`, prefix, QUICK.goneFor, 1_000, QUICK.settled, ...own);

    test('are released when its connection is lost, and those of others are not', async () => {
      await join('watcher');
      const dying = await join('dying');
      await active('lost', 'dying');
      await active('kept', 'watcher');
      await dying.stop();
      await expect.poll(() => held('lost'), { interval: 5 }).toBe(false);
      expect(await stalled()).toEqual(['lost']);
      expect(await held('kept')).toBe(true);
      await expect.poll(() => noted('turns:dying')).toBe(null);
    });

    test('stay with it while it is connected, however long it does nothing', async () => {
      const blocked = new Redis(REDIS_URL);
      await blocked.subscribe(`${prefix}:worker:blocked`);
      await active('kept', 'blocked');
      await redis.hset(`${prefix}:workers`, 'turns:blocked', 0, 'unbroken since', 1);
      for (let at = 0; at < 3; at++) {
        await redis.hset(`${prefix}:workers`, 'looked', Date.now());
        expect(await look()).toBe(0);
      }
      expect(await held('kept')).toBe(true);
      blocked.disconnect();
    });

    test('stay with it when it reconnects', async () => {
      const back = new Redis(REDIS_URL);
      await back.subscribe(`${prefix}:worker:back`);
      await active('kept', 'back');
      await redis.hset(`${prefix}:workers`, { 'turns:back': 1, 'unbroken since': 1, looked: Date.now() });
      expect(await look()).toBe(0);
      expect(await noted('turns:back')).toBe('0');
      back.disconnect();
    });

    test('stay with it after Redis was unavailable, until every worker had time to reconnect', async () => {
      await active('kept', 'late');
      await redis.hset(`${prefix}:workers`, {
        'turns:late': 1,
        'unbroken since': 1,
        looked: Date.now() - 10_000,
      });
      expect(await look()).toBe(0);
      expect(await held('kept')).toBe(true);
      expect(Number(await noted('unbroken since'))).toBeGreaterThan(1);
      await redis.hset(`${prefix}:workers`, 'unbroken since', 1);
      expect(await look()).toBe(1);
    });

    test('can be released from the first check of its own process on, which records the worker', async () => {
      await look(['turns:new', 'timers:new']);
      expect(await noted('turns:new')).not.toBe(null);
      expect(await noted('timers:new')).not.toBe(null);
    });
  },
);
