import { randomBytes } from 'node:crypto';
import fc from 'fast-check';
import { Redis } from 'ioredis';
import { afterAll, describe, expect, test } from 'vitest';
import type { HeardEvent } from '../core/live/feed/events.ts';
import type { Feed } from '../core/live/feed/feed.ts';
import { MemoryFeed } from '../core/live/feed/memory.ts';
import { RedisFeed } from '../core/live/feed/redis.ts';
import { LivePush } from '../core/live/push/live-push.ts';
import { FeedWorld, type Happening, type WorldListener } from './support/feed-world.ts';

/** How many conversations run on each adapter; FEED_RUNS sets another number. */
const RUNS = { memory: Number(process.env.FEED_RUNS ?? 2_000), redis: Number(process.env.FEED_RUNS ?? 600) };
const BOUNDS = { events: 8, characters: 400 };

const small = fc.nat(5);
const happening: fc.Arbitrary<Happening> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.record({
      do: fc.constant('say' as const),
      words: fc.integer({ min: 1, max: 6 }),
      speaker: small,
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('think' as const), speaker: small }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('send' as const) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('cancel', 'finish', 'takeOver', 'type') }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('listen' as const), from: fc.constantFrom('start', 'now') }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('drop', 'pause', 'go'), listener: small }) },
);
/** Groups of happenings: those of a group run concurrently, the groups one after the other. */
const story = fc.array(fc.array(happening, { minLength: 1, maxLength: 4 }), { minLength: 3, maxLength: 14 });

async function play(feed: Feed, groups: Happening[][]): Promise<void> {
  const world = new FeedWorld(feed);
  await world.happen({ do: 'listen', from: 'start' });
  for (const group of groups) await Promise.all(group.map((one) => world.happen(one)));
  await world.end();
  for (const listener of world.listeners) check(world, listener);
  await feed.remove(world.conversation);
}

/** The invariants that one listener can check. */
function check(world: FeedWorld, { heard, since, resets }: WorldListener): void {
  expect(resets).toBe(0);
  let seq = since.seq;
  let open: string | null = null;
  const texts = new Map<string, string>();
  const ended = new Set<string>();
  const messages = new Set<string>();
  for (const event of heard) {
    holds(event.seq > seq, 'in order, each once');
    // Only runs of tokens, whose offsets show that nothing is missing, and runs of TurnThinking may be merged.
    if (event.type !== 'TurnTextAdded' && event.type !== 'TurnThinking')
      holds(event.seq === seq + 1, 'no hole');
    seq = event.seq;
    if (event.type === 'MessageAdded') {
      holds(!messages.has(event.message.id), 'each message once');
      messages.add(event.message.id);
    }
    if (!('turnId' in event)) continue;
    holds(!ended.has(event.turnId), 'nothing after the end of a turn');
    if (event.type === 'TurnStarted') {
      holds(open === null, 'turns never overlap');
      open = event.turnId;
      texts.set(event.turnId, '');
    } else if (event.type === 'TurnTextAdded') hearToken(event, texts);
    else if (event.type !== 'TurnThinking') {
      holds(!texts.has(event.turnId) || event.turnId === open, 'what ends is what was open');
      open = null;
      ended.add(event.turnId);
    }
  }
  for (const [turnId, text] of texts) {
    holds(ended.has(turnId), 'every turn has its end');
    holds(text === world.stored.get(turnId), 'the tokens joined are what is stored');
  }
}

/** Hundreds of thousands of times: an `expect` for each takes as long as the feed itself. */
function holds(isSo: boolean, rule: string): void {
  if (!isSo) expect.fail(rule);
}

function hearToken(event: Extract<HeardEvent, { type: 'TurnTextAdded' }>, texts: Map<string, string>): void {
  const before = texts.get(event.turnId);
  if (before === undefined) return;
  holds(event.offset === before.length, 'a token continues what was heard');
  texts.set(event.turnId, before + event.text);
}

describe('[P-10] whatever happens, every listener hears every event, in order, once', () => {
  test(`in process, ${RUNS.memory} conversations`, async () => {
    const feed = new MemoryFeed({ bounds: BOUNDS });
    await fc.assert(
      fc.asyncProperty(story, (groups) => play(feed, groups)),
      { numRuns: RUNS.memory },
    );
    await feed.stop();
  });

  const url = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';
  const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
  afterAll(() => redis.disconnect());

  test(`on Redis, ${RUNS.redis} conversations`, { timeout: 300_000 }, async ({ skip }) => {
    const reachable = await redis.connect().then(
      () => true,
      () => false,
    );
    skip(!reachable, `no Redis at ${url} (TEST_REDIS_URL)`);
    const subscriber = redis.duplicate();
    const push = new LivePush(redis, subscriber);
    const prefix = `test-${randomBytes(6).toString('hex')}`;
    const feed = new RedisFeed({ redis, run: { current: 'run' }, push, prefix, bounds: BOUNDS });
    await fc.assert(
      fc.asyncProperty(story, (groups) => play(feed, groups)),
      { numRuns: RUNS.redis },
    );
    push.stop();
    await feed.stop();
    await subscriber.quit();
  });
});
