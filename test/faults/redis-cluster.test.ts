import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { rowIdOf } from '../support/node-ids.ts';
import { createOwnCluster, type OwnCluster } from '../support/servers/own-cluster.ts';
import { type Counting, counting, countingWhenAccepted, isWhole } from './counting.ts';
import { countOn, lacking, Platform } from './platform.ts';

const missing = lacking();
/** Time within which everything must work again after a failure, in milliseconds. */
const RECOVERY_MS = 60_000;

describe.skipIf(missing)(`${missing && `SKIPPED, no ${missing}: `}on a Redis Cluster`, () => {
  let platform: Platform<OwnCluster>;
  beforeAll(async () => {
    platform = await Platform.start({ servers: 2, workers: 1, redis: await createOwnCluster() });
    // An answer takes about four seconds.
    platform.upstream.answerAll(countOn, { chunkSize: 8, delayMs: 20 });
  });
  afterAll(() => platform?.stop());

  /** The node that keeps the feed of a conversation. */
  const nodeOf = ({ id }: Counting) => platform.redis.masterOf(`{${rowIdOf(id)}}`);

  test('conversations on every node are answered, and heard at another server', async () => {
    const talks = [await counting(platform, 'first', 10)];
    talks.push(...(await Promise.all([1, 2, 3, 4].map((i) => counting(platform, `all-${i}`, 10)))));
    // Which node keeps a conversation is chance.
    const nodes = () => new Set(talks.map(nodeOf));
    while (nodes().size < platform.redis.masters.length) talks.push(await counting(platform, 'one-more', 10));
    for (const talk of talks) await isWhole(platform, talk);
    expect(await platform.readiness()).toEqual([200, 'ok\n']);
  });

  test('the node of the queue is killed in mid-answer: every answer goes on, and everything works again', async () => {
    const victim = platform.redis.masterOf('{taskflow}');
    const talks = await Promise.all(Array.from({ length: 6 }, (_, i) => counting(platform, `killed-${i}`)));
    while (!talks.some((talk) => nodeOf(talk) === victim)) talks.push(await counting(platform, 'one-more'));
    await victim.kill();
    const killed = Date.now();
    expect(await platform.readiness()).toEqual([503, expect.stringMatching(/^not ready\n(redis|queue): /)]);
    await platform.untilReady();
    expect(Date.now() - killed).toBeLessThan(RECOVERY_MS);
    const fresh = await countingWhenAccepted(platform, 'fresh', 10);
    await isWhole(platform, fresh);
    expect(Date.now() - killed).toBeLessThan(RECOVERY_MS);
    for (const talk of talks) await isWhole(platform, talk);
    expect(Date.now() - killed).toBeLessThan(RECOVERY_MS);
  });

  test('a server and a worker exit with code 0 when they are stopped', async () => {
    for (const { product } of [...platform.servers, ...platform.workers]) {
      product.terminate();
      const { code, stdout } = await product.ended;
      expect(code).toBe(0);
      expect(stdout).not.toMatch(/"level":50|did not close cleanly/);
    }
  });
});
