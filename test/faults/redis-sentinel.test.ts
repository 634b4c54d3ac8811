import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { createOwnSentinels, type OwnSentinels } from '../support/servers/own-sentinels.ts';
import { counting, countingWhenAccepted, isWhole } from './counting.ts';
import { countOn, lacking, Platform } from './platform.ts';

const missing = lacking();
/** Time within which everything must work again after a failure, in milliseconds. */
const RECOVERY_MS = 60_000;
/** The most FeedResets: on a busy machine Sentinels take the new master for down, too, and each failover is a FeedReset. */
const MOST_FAILOVERS = 6;

describe.skipIf(missing)(`${missing && `SKIPPED, no ${missing}: `}on a Redis that Sentinels watch`, () => {
  let platform: Platform<OwnSentinels>;
  beforeAll(async () => {
    platform = await Platform.start({ servers: 2, workers: 1, redis: await createOwnSentinels() });
    // An answer takes about four seconds.
    platform.upstream.answerAll(countOn, { chunkSize: 8, delayMs: 20 });
  });
  afterAll(() => platform?.stop());

  /** Expects answers that are spoken while the master changes, and a new one, to be complete after that. */
  async function survives(name: string, fail: () => Promise<unknown>) {
    const talks = await Promise.all([0, 1, 2].map((i) => counting(platform, `${name}-${i}`)));
    await fail();
    const failed = Date.now();
    await platform.untilReady();
    await isWhole(platform, await countingWhenAccepted(platform, `${name}-fresh`, 10));
    for (const talk of talks) await isWhole(platform, talk, MOST_FAILOVERS);
    expect(Date.now() - failed).toBeLessThan(RECOVERY_MS);
  }

  test.each([
    ['freezes, closing no connection', 'freeze'],
    ['is killed', 'kill'],
  ] as const)(
    'the master %s in mid-answer: a replica takes over, and nothing is lost or heard twice',
    async (_how, fail) => {
      const master = await platform.redis.master();
      await survives(fail, async () => master[fail]());
      expect(await platform.redis.master()).not.toBe(master);
    },
  );
});
