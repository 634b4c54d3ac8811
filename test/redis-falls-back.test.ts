import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { HeardEvent, Position } from '../core/live/feed/events.ts';
import type { OpenTurn } from '../core/live/feed/feed.ts';
import { Listener } from '../core/live/feed/listener.ts';
import { reconcileAlone } from '../core/live/feed/reconciled.ts';
import { RedisFeed } from '../core/live/feed/redis.ts';
import { LivePush } from '../core/live/push/live-push.ts';
import { SpokenTurn } from '../worker/spoken-turn.ts';
import { begin, interrupt, publishEnd } from './support/feed-steps.ts';
import { TestConversation } from './support/turns.ts';

const url = process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379';
const redis = new Redis(url, { lazyConnect: true, retryStrategy: () => null });
const reachable = await redis.connect().then(
  () => true,
  () => false,
);
const title = reachable ? '' : `SKIPPED, no Redis at ${url} (TEST_REDIS_URL): `;

/** The effect on one conversation of a restart from an older file, or of a failover to a replica that lags. */
describe.skipIf(!reachable)(`${title}a Redis that has lost its newest writes`, () => {
  const prefix = `test-${randomBytes(6).toString('hex')}`;
  const run = { current: 'first' };
  let feed: RedisFeed;
  let push: LivePush;
  let subscriber: Redis;
  let conversation: string;
  let stored: TestConversation | null = null;
  const listeners: Listener[] = [];

  beforeAll(() => {
    subscriber = redis.duplicate();
    push = new LivePush(redis, subscriber);
    feed = new RedisFeed({
      ...{ redis, run, push, prefix },
      reconcile: (id) => (id === stored?.id ? stored.reconcile() : reconcileAlone(feed, id)),
    });
  });
  beforeEach(async () => {
    conversation = uuidv7();
    await feed.begin(conversation);
  });
  afterEach(async () => {
    for (const listener of listeners.splice(0)) listener.stop();
    await feed.remove(conversation);
  });
  afterAll(async () => {
    push.stop();
    await feed.stop();
    await subscriber.quit();
    redis.disconnect();
  });

  function listen(after: Position): Listener {
    const listener = new Listener(feed, conversation, after);
    listeners.push(listener);
    return listener;
  }
  /** Saves the state of Redis. The function that it returns restores that state, as another run of the server. */
  async function save(): Promise<() => Promise<void>> {
    const keys = await redis.keys(`${prefix}:{${conversation}}:*`);
    const values = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
    return async () => {
      const now = await redis.keys(`${prefix}:{${conversation}}:*`);
      if (now.length > 0) await redis.del(now);
      for (const [i, key] of keys.entries()) await redis.restore(key, 3_600_000, values[i] as Buffer);
      run.current = randomBytes(6).toString('hex');
    };
  }
  async function speaking(): Promise<SpokenTurn> {
    const id = uuidv7();
    await begin(feed, conversation, { id, cause: 'USER_MESSAGE', model: 'm' });
    return spokenBy((await feed.claim(conversation, id)) as OpenTurn);
  }
  /** A speaker that opens its turn again in the feed if the feed has lost it, in place of any other turn there. */
  function spokenBy(turn: OpenTurn): SpokenTurn {
    return new SpokenTurn(feed, conversation, turn, async ({ id, cause, model, text, tokens }) => {
      await interrupt(feed, conversation, 'USER_MESSAGE');
      await begin(feed, conversation, { id, cause, model, spoken: { text, tokens } });
    });
  }
  /** Ends the turn and publishes its end. */
  async function close(turn: SpokenTurn): Promise<void> {
    await turn.finish({ type: 'TurnCompleted', usage: null, isTruncated: false });
    const held = (await feed.state(conversation)).turn;
    if (held) await publishEnd(feed, conversation, held);
  }
  /** A turn of a stored conversation. */
  async function speakingStored(): Promise<{ talk: TestConversation; turn: SpokenTurn; id: string }> {
    const talk = new TestConversation(feed);
    stored = talk;
    conversation = talk.id;
    const id = await talk.send();
    const claimed = (await feed.claim(conversation, id)) as OpenTurn;
    return { talk, id, turn: new SpokenTurn(feed, conversation, claimed, (own) => talk.drive(own)) };
  }
  const say = (text: string) => feed.append(conversation, [{ type: 'TypingNudge', text }]);
  const titles = (events: HeardEvent[]) => events.map((e) => (e.type === 'TypingNudge' ? e.text : e.type));

  test('a listener that had heard no more than Redis kept goes on without a reset', async () => {
    const first = await say('1');
    await say('2');
    const kept = await say('3');
    const fallBack = await save();
    await fallBack();
    await say('4');
    expect(titles(await listen(first).take(3))).toEqual(['2', '3', '4']);
    expect(titles(await listen(kept).take(1))).toEqual(['4']);
  });

  test('a listener that had heard more gets a FeedReset, also once as much has been said again', async () => {
    await say('1');
    const fallBack = await save();
    const lost = await say('2');
    await fallBack();
    await say('3');
    const after = await say('4');
    expect(after.seq).toBeGreaterThan(lost.seq);
    expect(await listen(lost).take(1)).toMatchObject([{ type: 'FeedReset', epoch: after.epoch }]);
  });

  test('a listener that stays attached hears the same as one that resumes', async () => {
    const position = await say('1');
    const behind = listen(position);
    const fallBack = await save();
    const ahead = listen(position);
    await say('2');
    expect(titles(await ahead.take(1))).toEqual(['2']);
    behind.stop();
    await fallBack();
    await say('3');
    expect(titles(await ahead.take(1))).toEqual(['FeedReset']);
    await say('4');
    expect(titles(await ahead.take(1))).toEqual(['4']);
  });

  test('cursors from several runs ago are understood', async () => {
    const positions: Position[] = [];
    for (let i = 0; i < 4; i++) {
      positions.push(await say(String(i)));
      await (await save())();
    }
    const last = await say('last');
    expect(new Set([...positions, last].map(({ epoch }) => epoch)).size).toBe(5);
    expect(titles(await listen(positions[0] as Position).take(4))).toEqual(['1', '2', '3', 'last']);
    expect(titles(await listen(positions[3] as Position).take(1))).toEqual(['last']);
  });

  test('text that Redis has lost of an open turn is appended again, and the turn goes on', async () => {
    const turn = await speaking();
    await turn.say('One ', 1);
    const heardOne = await feed.state(conversation);
    const fallBack = await save();
    await turn.say('two ', 1);
    const heardTwo = await feed.state(conversation);
    await fallBack();
    expect(await turn.say('three', 1)).toBe(true);
    await close(turn);

    expect(await listen(heardOne).take(2)).toMatchObject([
      { type: 'TurnTextAdded', text: 'two three', offset: 4, tokens: 2 },
      { type: 'TurnCompleted', text: 'One two three' },
    ]);
    expect(await listen(heardTwo).take(1)).toMatchObject([{ type: 'FeedReset' }]);
  });

  test('a turn that had said everything when Redis fell back ends with its whole text', async () => {
    const turn = await speaking();
    await turn.say('One ', 1);
    const fallBack = await save();
    await turn.say('two', 1);
    await fallBack();
    const before = await feed.state(conversation);
    await close(turn);
    const [, ended] = await listen(before).take(2);
    expect(ended).toMatchObject({ type: 'TurnCompleted', text: 'One two' });
  });

  test('a listener that had heard more than Redis kept hears the open turn from its start', async () => {
    const turn = await speaking();
    await turn.say('One ', 1);
    const fallBack = await save();
    await turn.say('two ', 1);
    const ahead = await feed.state(conversation);
    await fallBack();
    await turn.say('three', 1);
    const events = await listen(ahead).takeUntil((e) => e.type === 'TurnTextAdded');
    expect(events).toMatchObject([
      { type: 'FeedReset' },
      { type: 'TurnStarted' },
      { type: 'TurnTextAdded', text: 'One two three', offset: 0 },
    ]);
  });

  test('a speaker does not continue a text in Redis that differs from its own', async () => {
    const first = await speaking();
    await first.say('One ', 1);
    const second = spokenBy((await feed.claim(conversation, first.turn.id)) as OpenTurn);
    await second.say('deux ', 1);
    const fallBack = await save();
    await fallBack();
    expect(await first.say('two ', 1)).toBe(false);
    expect((await feed.state(conversation)).turn?.text).toBe('One deux ');
  });

  test('a turn that began after the state that Redis kept ends the older turn, and goes on', async () => {
    const older = await speaking();
    await older.say('Older ', 1);
    const fallBack = await save();
    await close(older);
    const newer = await speaking();
    await newer.say('Newer ', 1);
    await fallBack();
    expect(await newer.say('words', 1)).toBe(true);
    expect((await feed.state(conversation)).turn).toMatchObject({ id: newer.turn.id, text: 'Newer words' });
  });

  test('a listener that had heard the beginning of a stored answer loads the end, and the model is not called again', async () => {
    const { talk, turn, id } = await speakingStored();
    await turn.say('One ', 1);
    const heardOne = await feed.state(conversation);
    const fallBack = await save();
    await turn.say('two', 1);
    await turn.finish({ type: 'TurnCompleted', usage: null, isTruncated: false });
    await talk.drive(turn.turn);
    await talk.stored.clear(new Map([[conversation, 10]]));
    await fallBack();
    await talk.drive();
    expect(await listen(heardOne).take(1)).toMatchObject([{ type: 'FeedReset' }]);
    expect((await feed.state(conversation)).turn).toBeNull();
    expect(talk.answer(id)).toMatchObject({ content: 'One two', status: 'COMPLETED' });
  });

  test.each(['before', 'after'])(
    '[P-35] a listener that heard a turn end does not hear it again %s its outbox is cleared',
    async (when) => {
      const { talk, turn, id } = await speakingStored();
      await turn.say('One ', 1);
      const fallBack = await save();
      await turn.say('two', 1);
      await turn.finish({ type: 'TurnCompleted', usage: null, isTruncated: false });
      await talk.drive(turn.turn);
      if (when === 'after') await talk.stored.clear(new Map([[conversation, 10]]));
      const heard = await feed.state(conversation);
      await fallBack();
      const listener = listen(heard);
      expect(await listener.take(1)).toMatchObject([{ type: 'FeedReset' }]);
      const next = await talk.send('Next');
      expect(await listener.take(2)).toMatchObject([
        { type: 'MessageAdded', message: { content: 'Next' } },
        { type: 'TurnStarted', turnId: next },
      ]);
      expect(talk.answer(id)).toMatchObject({ content: 'One two', status: 'COMPLETED' });
    },
  );

  test('a listener that was behind loads what Redis has lost and the database has', async () => {
    const { talk, turn } = await speakingStored();
    const end = async (spoken: SpokenTurn) => {
      await spoken.finish({ type: 'TurnCompleted', usage: null, isTruncated: false });
      await talk.drive(spoken.turn);
      await talk.stored.clear(new Map([[conversation, 100]]));
    };
    await turn.say('One', 1);
    await end(turn);
    const heardAll = await feed.state(conversation);
    const fallBack = await save();
    const second = (await feed.claim(conversation, await talk.send('Second'))) as OpenTurn;
    await end(new SpokenTurn(feed, conversation, second, (own) => talk.drive(own)));
    await fallBack();
    expect(await listen(heardAll).take(1)).toMatchObject([{ type: 'FeedReset' }]);
  });

  test('when Redis has kept less of an answer than is stored, listeners load it again', async () => {
    const { talk, turn, id } = await speakingStored();
    await turn.say('One ', 1);
    const fallBack = await save();
    await turn.say('two', 1);
    await fallBack();
    const next = await talk.send('Next');
    const after = await feed.state(conversation);
    expect(talk.answer(id)).toMatchObject({ content: 'One ', status: 'INTERRUPTED' });
    expect(await turn.say(' three', 1)).toBe(false);
    await talk.drive(turn.turn);
    expect(talk.answer(id)).toMatchObject({ content: 'One two', status: 'INTERRUPTED' });
    expect(await listen(after).take(2)).toMatchObject([
      { type: 'FeedReset' },
      { type: 'TurnStarted', turnId: next },
    ]);
  });
});
