import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { count, countOn, lacking, Platform } from './platform.ts';

const missing = lacking();

describe.skipIf(missing)(`${missing && `SKIPPED, no ${missing}: `}when Redis fails in mid-answer`, () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await Platform.start();
    // About four seconds an answer.
    platform.upstream.answerAll(countOn, { chunkSize: 8, delayMs: 20 });
  });
  afterAll(() => platform.stop());

  /** A conversation in which an answer of 200 words is heard to have begun. */
  async function counting(name: string) {
    const { id, listener } = await platform.conversation();
    const { turnId } = await platform.send(id, `Count ${name} to 200`);
    await listener.heard((event) => event.turnId === turnId && event.__typename === 'AiToken');
    return { id, listener, turnId, whole: count(name, 200) };
  }
  async function isWhole({ id, listener, turnId, whole }: Awaited<ReturnType<typeof counting>>) {
    expect(await platform.stored(id, turnId)).toMatchObject({ content: whole, status: 'COMPLETED' });
    expect(listener.faults).toEqual([]);
    expect(listener.resets).toBeLessThanOrEqual(1);
  }
  /** A message to a new conversation is heard to its end by a listener of its own. */
  async function works(name: string) {
    const { id, listener } = await platform.conversation();
    const { turnId } = await platform.send(id, `Count ${name} to 20`);
    expect((await listener.ended(turnId)).message.content).toBe(count(name, 20));
  }

  test('and comes back with its data, every answer goes on, and nothing is heard twice or lost', {
    timeout: 60_000,
  }, async () => {
    const talks = await Promise.all(['a', 'b', 'c'].map(counting));
    await platform.redis.kill();
    await platform.redis.start();
    const back = Date.now();
    for (const talk of talks) {
      await talk.listener.ended(talk.turnId);
      expect(talk.listener.texts.get(talk.turnId)).toBe(talk.whole);
      await isWhole(talk);
    }
    expect(Date.now() - back).toBeLessThan(30_000);
    await works('afterwards');
  });

  test('and comes back empty, every answer goes on or is stored, after one FeedReset', {
    timeout: 60_000,
  }, async () => {
    const talks = await Promise.all(['d', 'e', 'f'].map(counting));
    await platform.redis.kill();
    await platform.redis.forget();
    await platform.redis.start();
    const back = Date.now();
    for (const talk of talks) await isWhole(talk);
    expect(Date.now() - back).toBeLessThan(30_000);
    await works('empty');
  });

  test('and lost the job of an accepted message, the message is found and answered', {
    timeout: 60_000,
  }, async () => {
    for (const { product } of platform.workers) product.kill();
    await Promise.all(platform.workers.splice(0).map(({ product }) => product.ended));
    const { id, listener } = await platform.conversation();
    const { turnId } = await platform.send(id, 'Count g to 20');
    await platform.redis.kill();
    await platform.redis.forget();
    await platform.redis.start();
    await Promise.all([platform.add('worker-main'), platform.add('worker-main')]);
    expect((await platform.stored(id, turnId)).content).toBe(count('g', 20));
    expect(listener.faults).toEqual([]);
    await works('found');
  });

  test.each(['kill', 'freeze'] as const)(
    'and is away for ten seconds (%s), what needs it is refused within 2 s, and all goes on after',
    { timeout: 90_000 },
    async (how) => {
      const talk = await counting(`away-${how}`);
      const { id } = await platform.conversation();
      if (how === 'kill') await platform.redis.kill();
      else platform.redis.freeze();
      const away = Date.now();
      const calls = await Promise.all([
        platform.send(id, 'Is anybody there?'),
        platform
          .request(SET_TYPING, { id })
          .then(({ data }) => ({ ...data.setTyping, ms: Date.now() - away })),
        platform.request(CANCEL, { id }).then(({ data }) => ({ ...data.cancelTurn, ms: Date.now() - away })),
      ]);
      for (const { __typename, ms } of calls) {
        expect(__typename).toBe('UnavailableError');
        expect(ms).toBeLessThan(2_000);
      }
      await new Promise((resolve) => setTimeout(resolve, 10_000 - (Date.now() - away)));
      if (how === 'kill') await platform.redis.start();
      else platform.redis.thaw();
      await talk.listener.ended(talk.turnId);
      await isWhole(talk);
      expect((await platform.messages(id)).map(({ content }) => content)).not.toContain('Is anybody there?');
      await works(`back-${how}`);
      for (const { product } of [...platform.servers, ...platform.workers])
        expect(await Promise.race([product.ended, 'runs'])).toBe('runs');
    },
  );
});

const SET_TYPING = `mutation ($id: ID!) { setTyping(input: { conversationId: $id, typing: true }) { __typename } }`;
const CANCEL = `mutation ($id: ID!) { cancelTurn(input: { conversationId: $id }) { __typename } }`;
