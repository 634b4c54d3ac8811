import { setTimeout as delay } from 'node:timers/promises';
import type { Platform } from '../../test/faults/platform.ts';
import type { SeededRandom } from '../../test/support/seeded-random.ts';

/** Injects a fault. Resolves when it is over: dead processes are replaced, and unavailable stores are back. */
export type Fault = (platform: Platform, random: SeededRandom) => Promise<void>;

export const FAULTS: Record<string, Fault> = {
  'a worker is killed': async (platform, random) => {
    await platform.kill(random.pick(platform.workers));
    await platform.add('worker-main');
  },
  'a worker freezes for 12 s': async (platform, random) => {
    const { product } = random.pick(platform.workers);
    product.freeze();
    await delay(12_000);
    product.thaw();
  },
  'a worker is stopped with SIGTERM': async (platform, random) => {
    const leaving = random.pick(platform.workers);
    await platform.add('worker-main');
    await platform.retire(leaving);
  },
  'a server is killed': async (platform, random) => {
    const dying = random.pick(platform.servers);
    await platform.add('server-main');
    await platform.kill(dying);
  },
  'a server is stopped with SIGTERM': async (platform, random) => {
    const leaving = random.pick(platform.servers);
    await platform.add('server-main');
    await platform.retire(leaving);
  },
  'a server freezes for 12 s': async (platform, random) => {
    const { product } = random.pick(platform.servers);
    product.freeze();
    await delay(12_000);
    product.thaw();
  },
  'the model cuts its answers for 5 s': async ({ upstream }) => {
    upstream.cutAll(true);
    await delay(5_000);
    upstream.cutAll(false);
  },
  'every process is killed': async (platform) => {
    const [servers, workers] = [platform.servers.length, platform.workers.length];
    await Promise.all([...platform.servers, ...platform.workers].map((each) => platform.kill(each)));
    await Promise.all([
      ...Array.from({ length: servers }, () => platform.add('server-main')),
      ...Array.from({ length: workers }, () => platform.add('worker-main')),
    ]);
  },
  'Redis restarts with its data': async ({ redis }) => {
    await redis.kill();
    await redis.start();
  },
  'Redis restarts empty': async ({ redis }) => {
    await redis.kill();
    await redis.dropData();
    await redis.start();
  },
  'Redis is unavailable for 10 s': async ({ redis }) => {
    await redis.kill();
    await delay(10_000);
    await redis.start();
  },
  'Redis freezes for 10 s': async ({ redis }) => {
    redis.freeze();
    await delay(10_000);
    redis.thaw();
  },
  'PostgreSQL is unavailable for 20 s': async ({ postgres }) => {
    await postgres.kill();
    await delay(20_000);
    await postgres.start();
  },
  'PostgreSQL freezes for 20 s': async ({ postgres }) => {
    postgres.freeze();
    await delay(20_000);
    postgres.thaw();
  },
};
