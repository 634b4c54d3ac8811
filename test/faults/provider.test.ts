import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeBackends } from '../support/backends.ts';
import { type Data, startTestSystem, type TestSystem } from '../support/harness.ts';
import { CONVERSATION, CREATE, EVENTS, SEND } from '../support/operations.ts';

/** The longest silence of a model that this platform allows, in milliseconds. */
const LLM_TIMEOUT_MS = 300;

await describeBackends('when the provider of the model fails', (backend) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem({ ...(await backend.env()), LLM_TIMEOUT_MS: String(LLM_TIMEOUT_MS) });
  });
  afterAll(() => system.stop());

  async function asked() {
    const { data } = await system.request(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
    const { id, latestEventCursor } = data.createConversation.conversation;
    const listener = system.listen(EVENTS, { conversationId: id, after: latestEventCursor });
    const { turnId } = (await system.request(SEND, { input: { conversationId: id, text: 'Well?' } })).data
      .sendMessage;
    const before = system.upstream.requests.length;
    return { id, turnId, listener, before, call: await system.upstream.nextRequest() };
  }
  async function stored(id: string, turnId: string): Promise<Data> {
    const { messages } = (await system.request(CONVERSATION, { id })).data.conversation;
    return messages.nodes.find((node: Data) => node.id === turnId);
  }

  test('before its first word and says nothing, the call is aborted after the time limit and repeated', async () => {
    const { turnId, listener, call } = await asked();
    const again = await system.upstream.nextRequest();
    await call.closed;
    await again.send('Here I am.');
    await again.finish();
    const events = await listener.until('TurnCompleted');
    expect(events.at(-1)).toMatchObject({ turnId, message: { content: 'Here I am.' } });
    expect(events.filter(({ __typename }) => __typename === 'TurnStarted')).toHaveLength(1);
  });

  test.each([
    ['says nothing more', 'TIMEOUT', async () => {}],
    ['cuts the stream', 'SERVICE_UNAVAILABLE', (call: Call) => call.cut()],
    ['ends the stream without a finish reason', 'SERVICE_UNAVAILABLE', (call: Call) => call.end()],
    [
      'reports an error',
      'RATE_LIMITED',
      (call: Call) => call.errorInStream({ code: 429, message: 'Rate limit' }),
    ],
  ] as const)(
    'amid an answer and %s, the turn ends with %s, and what was heard is kept',
    async (_how, code, fail) => {
      const { id, turnId, listener, call } = await asked();
      const before = system.upstream.requests.length;
      await call.send('The first half ');
      await fail(call);
      const events = await listener.until('TurnFailed');
      expect(events.at(-1)).toMatchObject({ turnId, failure: { code } });
      await expect
        .poll(() => stored(id, turnId))
        .toMatchObject({
          content: 'The first half ',
          status: 'INTERRUPTED',
        });
      expect(system.upstream.requests.length, 'it is not asked again').toBe(before);
    },
  );

  test('and is slow, its answer is heard to the end', async () => {
    const { turnId, listener, call } = await asked();
    for (const word of ['One ', 'word ', 'at ', 'a ', 'time.']) {
      await new Promise((resolve) => setTimeout(resolve, LLM_TIMEOUT_MS / 2));
      await call.send(word);
    }
    await call.finish();
    const done = (await listener.until('TurnCompleted')).at(-1);
    expect(done).toMatchObject({ turnId, message: { content: 'One word at a time.' } });
  });
});

type Call = Awaited<ReturnType<TestSystem['upstream']['nextRequest']>>;
