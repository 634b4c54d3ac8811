import { afterAll, beforeAll, expect, test } from 'vitest';
import { turnFailureText } from '../core/domain/texts.ts';
import { describeBackends } from './support/backends.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { rowIdOf } from './support/node-ids.ts';
import { CONVERSATION, CREATE, EVENTS, REGENERATE, SEND } from './support/operations.ts';

/** What a provider may put into its error, and no client may see. */
const KEY = 'sk-proj-abcdefghijklmnopqrstuvwxyz0123456789ABCD';
const GOSSIP = `at https://api.internal.example/v1 with ${KEY}\n    at Object.<anonymous> (/srv/app.js:1:1)`;

await describeBackends('what a user learns of a model that fails', (backend) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem({
      ...(await backend.env()),
      MODEL_REST_MS: '2000',
      DEFAULT_MODEL: 'openai/gpt-4o',
    });
  });
  afterAll(() => system.stop());

  async function conversation(model?: string) {
    const input = { greet: false, pacing: 'INSTANT', ...(model && { model }) };
    const { data } = await system.request(CREATE, { input });
    const { id, latestEventCursor } = data.createConversation.conversation;
    return { id, listener: system.listen(EVENTS, { conversationId: id, after: latestEventCursor }) };
  }
  async function asked(model?: string) {
    const { id, listener } = await conversation(model);
    await system.request(SEND, { input: { conversationId: id, text: 'Well?' } });
    return { id, listener, call: await system.upstream.nextRequest() };
  }
  const isClean = (event: Data) =>
    expect(JSON.stringify(event)).not.toMatch(/sk-proj|https?:|app\.js|\n {4}at /);

  test.each([
    [402, { error: { message: `Insufficient credits ${GOSSIP}` } }, 'QUOTA_EXCEEDED', false],
    [
      429,
      { error: { message: `You exceeded your quota ${GOSSIP}`, code: 'insufficient_quota' } },
      'QUOTA_EXCEEDED',
      false,
    ],
    [404, { error: { message: `The model does not exist ${GOSSIP}` } }, 'MODEL_NOT_FOUND', false],
    [401, { error: { message: `Incorrect API key provided: ${KEY}` } }, 'PERMISSION_DENIED', false],
    [403, { error: { message: `Forbidden ${GOSSIP}` } }, 'PERMISSION_DENIED', false],
    [
      400,
      { error: { message: `Blocked by the content filter ${GOSSIP}`, code: 'content_filter' } },
      'CONTENT_BLOCKED',
      false,
    ],
    [418, `I am a teapot ${GOSSIP}`, 'UNKNOWN', false],
  ] as const)(
    '%i ends the turn at once, with its code and a readable text',
    async (status, body, code, retryable) => {
      const before = system.upstream.requests.length;
      const { listener, call } = await asked();
      await call.fail(status, body);
      const error = (await listener.until('TurnFailed')).at(-1);
      expect(error.failure).toMatchObject({ turnId: error.turnId, code, retryable });
      expect(error.failure.text).toMatch(/^[A-Z].*\.$/);
      isClean(error);
      expect(system.upstream.requests.length).toBe(before + 1);
    },
  );

  test.each([
    [{ code: 429, message: `Rate limit reached ${GOSSIP}` }, 'RATE_LIMITED'],
    [{ code: 'insufficient_quota', message: `Pay first ${GOSSIP}` }, 'QUOTA_EXCEEDED'],
    [{ code: 502, message: `Bad gateway ${GOSSIP}` }, 'SERVICE_UNAVAILABLE'],
    [{ code: 504, message: `Upstream timeout ${GOSSIP}` }, 'TIMEOUT'],
    [{ message: `Something odd ${GOSSIP}` }, 'UNKNOWN'],
  ] as const)('an error amid the stream ends the turn with its code: %j', async (error, code) => {
    const before = system.upstream.requests.length;
    const { listener, call } = await asked();
    await call.send('Half of ');
    await call.errorInStream(error);
    const failed = (await listener.until('TurnFailed')).at(-1);
    expect(failed).toMatchObject({
      failure: { code },
      partial: { content: 'Half of ', status: 'INTERRUPTED', interruptionReason: 'MODEL_FAILED' },
    });
    isClean(failed);
    expect(system.upstream.requests.length, 'it is not asked again').toBe(before + 1);
  });

  test('a failure stays with its unanswered message until that is answered', async () => {
    const { id, listener, call } = await asked();
    await call.send('Half of ');
    await call.errorInStream({ code: 504, message: `Upstream timeout ${GOSSIP}` });
    const failed = (await listener.until('TurnFailed')).at(-1);
    const read = async () => (await system.request(CONVERSATION, { id })).data.conversation;
    const failure = async () => (await read()).messages.nodes[0].failure;
    await expect.poll(failure).toEqual(failed.failure);
    expect(failed.failure).toMatchObject({ turnId: failed.turnId, code: 'TIMEOUT', retryable: true });
    expect((await read()).failure).toBeNull();
    expect((await read()).messages.nodes[1]).toEqual({
      ...failed.partial,
      role: 'ASSISTANT',
      createdAt: expect.any(String),
      clientMessageId: null,
      failure: null,
    });
    await system.request(REGENERATE, { input: { conversationId: id } });
    expect(await failure()).toBeNull();
    const again = await system.upstream.nextRequest();
    await again.send('Whole.');
    await again.finish();
    await listener.until('TurnCompleted');
    expect(await failure()).toBeNull();
  });

  test('a message that no retry can fix fails with other words than a transient fault', async () => {
    const { listener, call } = await asked();
    await call.fail(400, { error: { message: 'too long', code: 'context_length_exceeded' } });
    const error = (await listener.until('TurnFailed')).at(-1);
    expect(error.failure).toMatchObject({
      code: 'CONTEXT_TOO_LONG',
      retryable: false,
      text: turnFailureText('CONTEXT_TOO_LONG', false),
    });
  });

  test('faults that pass before the first word are not published', async () => {
    const { listener, call } = await asked();
    await call.fail(429, { error: { message: 'Rate limit' } }, { 'retry-after-ms': '20' });
    const second = await system.upstream.nextRequest();
    await second.fail(503, { error: { message: 'overloaded' } });
    const third = await system.upstream.nextRequest();
    await third.send('Here I am.');
    await third.finish();
    const events = await listener.until('TurnCompleted');
    expect(events.at(-1).message.content).toBe('Here I am.');
    expect(events.filter(({ __typename }) => __typename === 'TurnStarted')).toHaveLength(1);
    expect(events.filter(({ __typename }) => __typename === 'TurnFailed')).toEqual([]);
  });

  test('a provider whose Retry-After is longer than ten seconds is not retried', async () => {
    const before = system.upstream.requests.length;
    const { listener, call } = await asked();
    await call.fail(429, { error: { message: 'Rate limit' } }, { 'retry-after': '11' });
    expect((await listener.until('TurnFailed')).at(-1)).toMatchObject({
      failure: { code: 'RATE_LIMITED', retryable: true },
    });
    expect(system.upstream.requests.length).toBe(before + 1);
  });

  test('while a model fails, its fallback answers and TurnStarted says so; a probe brings the model back', async () => {
    const down = { 'retry-after': '11' };
    const busy = { error: { message: 'overloaded' } };
    for (let i = 0; i < 5; i++) {
      const { listener, call } = await asked('openai/gpt-4.1');
      await call.fail(503, busy, down);
      await listener.until('TurnFailed');
    }
    const instead = await asked('openai/gpt-4.1');
    await instead.call.send('I stand in.');
    await instead.listener.until('TurnTextAdded');
    const { activeTurn } = (await system.request(CONVERSATION, { id: instead.id })).data.conversation;
    expect(activeTurn.fallback).toEqual({
      requestedModel: { id: 'openai/gpt-4.1' },
      unavailability: 'UNAVAILABLE',
    });
    await instead.call.finish();
    const events = await instead.listener.until('TurnCompleted');
    expect(events.at(-1).message).toMatchObject({
      content: 'I stand in.',
      answeredBy: { id: 'openai/gpt-4o' },
    });

    const well = async () => {
      system.upstream.answerAll('Back again.');
      const { id, listener } = await conversation('openai/gpt-4.1');
      await system.request(SEND, { input: { conversationId: id, text: 'Well?' } });
      const heard = await listener.until('TurnCompleted');
      system.upstream.answerAll(null);
      return heard.find(({ __typename }) => __typename === 'TurnStarted');
    };
    await expect
      .poll(well, { timeout: 60_000 })
      .toMatchObject({ model: { id: 'openai/gpt-4.1' }, fallback: null });
    expect(await well()).toMatchObject({ model: { id: 'openai/gpt-4.1' }, fallback: null });
  });

  test('a conversation whose model is not offered any more stays readable, and the default answers', async () => {
    const { id, listener } = await conversation();
    const uuid = rowIdOf(id);
    const { prisma } = system.app.database;
    await prisma.conversation.update({ where: { id: uuid }, data: { model: 'gone/model-1' } });
    await system.request(SEND, { input: { conversationId: id, text: 'Well?' } });
    const call = await system.upstream.nextRequest();
    expect(call.model).toContain('gpt-4o');
    await call.send('Yes.');
    await call.finish();
    const events = await listener.until('TurnCompleted');
    expect(events.find(({ __typename }) => __typename === 'TurnStarted').fallback).toMatchObject({
      requestedModel: { id: 'gone/model-1' },
      unavailability: 'RETIRED',
    });
    const count = async () => (await system.request(CONVERSATION, { id })).data.conversation.messageCount;
    await expect.poll(count).toBe(2);
  });
});
