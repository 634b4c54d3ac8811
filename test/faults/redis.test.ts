import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { count, countOn, lacking, Platform, REFUSED_WITHIN_MS } from './platform.ts';

const missing = lacking();

describe.skipIf(missing)(`${missing && `SKIPPED, no ${missing}: `}when Redis fails in mid-answer`, () => {
  let platform: Platform;
  beforeAll(async () => {
    platform = await Platform.start();
    // An answer takes about four seconds.
    platform.upstream.answerAll(countOn, { chunkSize: 8, delayMs: 20 });
  });
  afterAll(() => platform?.stop());
  // An unanswered request of one test must not be taken for one of the next.
  afterEach(() => platform.upstream.answerAll(countOn, { chunkSize: 8, delayMs: 20 }));

  /** A conversation in which the beginning of an answer of 200 words was heard. */
  async function counting(name: string) {
    const { id, listener } = await platform.conversation();
    const { turnId } = await platform.send(id, `Count ${name} to 200`);
    await listener.heard((event) => event.turnId === turnId && event.__typename === 'TurnTextAdded');
    return { id, listener, turnId, whole: count(name, 200) };
  }
  async function isWhole({ id, listener, turnId, whole }: Awaited<ReturnType<typeof counting>>) {
    expect(await platform.stored(id, turnId)).toMatchObject({ content: whole, status: 'COMPLETED' });
    expect(listener.faults).toEqual([]);
    expect(listener.resets).toBeLessThanOrEqual(1);
  }
  /** Expects that a message to a new conversation is answered to the end. */
  async function works(name: string) {
    const { id, listener } = await platform.conversation();
    const { turnId } = await platform.send(id, `Count ${name} to 20`);
    expect((await listener.ended(turnId)).message.content).toBe(count(name, 20));
  }

  test('and comes back with its data, every answer goes on, and nothing is heard twice or lost', async () => {
    const talks = await Promise.all(['a', 'b', 'c'].map(counting));
    await platform.redis.kill();
    await platform.redis.start();
    const back = Date.now();
    for (const talk of talks) {
      await talk.listener.ended(talk.turnId);
      expect(talk.listener.texts.get(talk.turnId)).toBe(talk.whole);
      await isWhole(talk);
    }
    expect(Date.now() - back).toBeLessThan(60_000);
    await works('afterwards');
  });

  test('and comes back empty, every answer goes on or is stored, after one FeedReset', async () => {
    const talks = await Promise.all(['d', 'e', 'f'].map(counting));
    await platform.redis.kill();
    await platform.redis.dropData();
    await platform.redis.start();
    const back = Date.now();
    for (const talk of talks) await isWhole(talk);
    expect(Date.now() - back).toBeLessThan(60_000);
    await works('empty');
  });

  test.each([
    ['before its first word', 0],
    ['after some words', 10],
  ])('and comes back empty while the model is silent, %s, the answer is not lost', async (_when, words) => {
    platform.upstream.answerAll(null);
    const name = `silent-${words}`;
    const whole = count(name, 20);
    const said = count(name, words);
    const { id, listener } = await platform.conversation();
    const { turnId } = await platform.send(id, `Count ${name} to 20`);
    const call = await platform.upstream.nextRequest();
    if (words > 0) {
      await call.send(said);
      await listener.heard((event) => event.text?.endsWith(`${name}:${words} `));
    }
    await platform.redis.kill();
    await platform.redis.dropData();
    await platform.redis.start();
    await listener.heard(({ __typename }) => __typename === 'FeedReset');
    // The turn is open again, with the text that was heard, before the model says another word.
    await expect
      .poll(() => platform.look(id).then(({ turnId: open }) => open), { timeout: 60_000 })
      .toBe(turnId);
    // If the sweep has given the turn to the other worker meanwhile, that one's request is answered as well.
    platform.upstream.answerAll(countOn, { chunkSize: 8, delayMs: 20 });
    await call.send(whole.slice(said.length));
    await call.finish();
    expect(await platform.stored(id, turnId)).toMatchObject({ content: whole, status: 'COMPLETED' });
    expect((await listener.ended(turnId)).message.content).toBe(whole);
    expect(listener.faults).toEqual([]);
  });

  test('and lost the job of an accepted message, the message is found and answered', async () => {
    for (const { product } of platform.workers) product.kill();
    await Promise.all(platform.workers.splice(0).map(({ product }) => product.ended));
    const { id, listener } = await platform.conversation();
    const { turnId } = await platform.send(id, 'Count g to 20');
    await platform.redis.kill();
    await platform.redis.dropData();
    await platform.redis.start();
    await Promise.all([platform.add('worker-main'), platform.add('worker-main')]);
    const back = Date.now();
    expect((await platform.stored(id, turnId)).content).toBe(count('g', 20));
    expect(Date.now() - back).toBeLessThan(60_000);
    expect(listener.faults).toEqual([]);
    await works('found');
  });

  test.each(['kill', 'freeze'] as const)(
    'and is unavailable for ten seconds (%s), calls that need it are refused meanwhile, and everything goes on afterwards',
    async (how) => {
      const talk = await counting(`down-${how}`);
      const { id } = await platform.conversation();
      const named = await platform.conversation();
      const conversations = (await platform.request(ALL, { id })).data.conversations.totalCount;
      if (how === 'kill') await platform.redis.kill();
      else platform.redis.freeze();
      const failedAt = Date.now();
      const within = async (name: string, call: string, id: string) => {
        const declared = call.includes('$id') ? '($id: ID!)' : '';
        const { data, errors } = await platform.request(`mutation ${declared} { ${name}${call} }`, { id });
        expect([name, errors]).toEqual([name, undefined]);
        expect(Date.now() - failedAt, name).toBeLessThan(REFUSED_WITHIN_MS);
        return [name, data[name].__typename];
      };
      const called = await Promise.all([
        ...Object.entries(NEED_REDIS).map(([name, call]) => within(name, call, id)),
        ...Object.entries(NEED_POSTGRES).map(([name, call]) => within(name, call, named.id)),
        platform.request(UNREAD, { id: named.id }).then(({ errors }) => errors),
        platform.request(LIVE_QUERY, { id }).then(({ errors }) => [errors?.[0]?.extensions?.code]),
      ]);
      expect(Date.now() - failedAt).toBeLessThan(REFUSED_WITHIN_MS);
      // A caller that goes on sending is refused once its limit of unpublished data is reached.
      const sent: string[] = [];
      for (let i = 0; i < 3; i++) {
        const calls = Array.from({ length: 150 }, () => platform.send(named.id, 'x'.repeat(10_000)));
        sent.push(...(await Promise.all(calls)).map(({ __typename }) => __typename));
      }
      expect(sent.filter((type) => type === 'UnavailableError').length).toBeGreaterThan(200);
      expect(await platform.residentBytes()).toBeLessThan(1_000_000_000);
      expect(called).toEqual([
        ...Object.keys(NEED_REDIS).map((name) => [name, 'UnavailableError']),
        ...Object.keys(NEED_POSTGRES).map((name) => [name, expect.stringMatching(/Success$/)]),
        [
          expect.objectContaining({
            message: expect.stringContaining('This was done'),
            extensions: { code: 'SERVICE_UNAVAILABLE' },
          }),
        ],
        ['SERVICE_UNAVAILABLE'],
      ]);
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, 10_000 - (Date.now() - failedAt))));
      if (how === 'kill') await platform.redis.start();
      else platform.redis.thaw();
      await talk.listener.ended(talk.turnId);
      await isWhole(talk);
      const { data } = await platform.request(ALL, { id });
      expect(data.conversation).toMatchObject({ title: null, status: 'ACTIVE', messageCount: 0 });
      expect(data.conversations.totalCount).toBe(conversations);
      const renamed = (await platform.request(ALL, { id: named.id })).data.conversation;
      expect(renamed).toMatchObject({ title: 'Renamed', model: { id: 'openai/gpt-4o' } });
      await works(`back-${how}`);
      for (const { product } of [...platform.servers, ...platform.workers])
        expect(await Promise.race([product.ended, 'runs'])).toBe('runs');
    },
  );

  test('and does not answer, a server that is stopped still exits within ten seconds', async () => {
    const leaving = await platform.add('server-main');
    platform.redis.freeze();
    const stoppedAt = Date.now();
    await platform.retire(leaving);
    expect(Date.now() - stoppedAt).toBeLessThan(30_000);
    platform.redis.thaw();
    await works('after-all');
  });
});

/** Mutations with their input, in which `$id` is a conversation. */
const NEED_REDIS = {
  createConversation:
    '(input: { greet: false }) { __typename ... on CreateConversationSuccess { conversation { latestEventCursor } } }',
  reportActivity: '(input: { conversationId: $id, activity: TYPING }) { __typename }',
  ingestInference: `(input: {
    model: "m", provider: "p", status: SUCCESS, latencyMs: 1, inputTokens: 1, outputTokens: 1 }) { __typename }`,
};
/** Mutations that PostgreSQL alone accepts; their effects follow when Redis is back. */
const NEED_POSTGRES = {
  sendMessage: '(input: { conversationId: $id, text: "Count kept to 20" }) { __typename }',
  cancelTurn: '(input: { conversationId: $id }) { __typename }',
  updateConversation:
    '(input: { conversationId: $id, title: "Renamed", model: "openai/gpt-4o" }) { __typename }',
};
/** Stored as well, although the selected field cannot be read. */
const UNREAD = `mutation ($id: ID!) { updateConversation(input: { conversationId: $id, model: "openai/gpt-4o" }) {
  ... on UpdateConversationSuccess { conversation { latestEventCursor } } } }`;
const LIVE_QUERY = 'query ($id: ID!) { conversation(id: $id) { latestEventCursor } }';
const ALL = `query ($id: ID!) {
  conversation(id: $id) { title status messageCount model { id } } conversations(first: 1) { totalCount } }`;
