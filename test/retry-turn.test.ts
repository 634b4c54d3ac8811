import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeBackends } from './backends.ts';
import { type Data, type Heard, startTestSystem, type TestSystem } from './harness.ts';
import { CANCEL, CONVERSATION, CREATE, EVENTS, RETRY, SEND } from './operations.ts';

await describeBackends('trying an answer again', (backend) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem({ ...(await backend.env()), IDLE_NUDGE_MS: '3600000' });
  });
  afterAll(() => system.stop());

  async function converse(input: Data = {}): Promise<{ id: string; listener: Heard }> {
    const { data } = await system.request(CREATE, { input: { greet: false, pacing: 'INSTANT', ...input } });
    const { id, latestCursor } = data.createConversation.conversation;
    return { id, listener: system.listen(EVENTS, { conversationId: id, after: latestCursor }) };
  }
  const send = async (conversationId: string, text: string): Promise<Data> =>
    (await system.request(SEND, { input: { conversationId, text } })).data.sendMessage;
  const retry = async (conversationId: string): Promise<Data> =>
    (await system.request(RETRY, { input: { conversationId } })).data.retryTurn;
  const read = async (id: string): Promise<Data> =>
    (await system.request(CONVERSATION, { id })).data.conversation;

  /** The stored messages, once there are `count` of them: an answer is stored just after it was heard. */
  const stored = (id: string, count: number): Promise<string[][]> =>
    vi.waitFor(
      async () => {
        const { messages } = await read(id);
        expect(messages.edges).toHaveLength(count);
        return messages.edges.map(({ node }: Data) => [node.role, node.status, node.content]);
      },
      { interval: 10, timeout: 5_000 },
    );

  async function refuse(): Promise<void> {
    const request = await system.upstream.nextRequest();
    request.fail(401, { error: { message: 'Unauthorized' } });
  }

  async function say(text: string): Promise<readonly { role: string; content: string }[]> {
    const request = await system.upstream.nextRequest();
    await request.send(text);
    await request.finish();
    return request.messages;
  }

  test('a message whose answer failed is answered, and not said again', async () => {
    const { id, listener } = await converse();
    const sent = await send(id, 'Why?');
    await refuse();
    await listener.until('AiError');
    const again = await retry(id);
    expect(again).toMatchObject({ __typename: 'RetryTurnSuccess', conversation: { status: 'ACTIVE' } });
    expect(again.turnId).not.toBe(sent.turnId);
    expect((await say('Because.')).slice(1)).toEqual([{ role: 'user', content: 'Why?' }]);
    const events = await listener.until('AiDone');
    expect(events.find(({ __typename }) => __typename === 'AiStarted')).toMatchObject({
      turnId: again.turnId,
      cause: 'USER_MESSAGE',
    });
    expect(events.some(({ __typename }) => __typename === 'MessageAdded')).toBe(false);
    expect(events.at(-1).turnId).toBe(again.turnId);
    expect(await stored(id, 2)).toEqual([
      ['USER', 'COMPLETED', 'Why?'],
      ['ASSISTANT', 'COMPLETED', 'Because.'],
    ]);
  });

  test('what was heard of the first try stays, and the model begins anew', async () => {
    const { id, listener } = await converse();
    await send(id, 'Count');
    const request = await system.upstream.nextRequest();
    await request.send('One, ');
    await listener.until('AiToken');
    await system.request(CANCEL, { input: { conversationId: id } });
    await listener.until('AiInterrupted');
    await stored(id, 2);
    await retry(id);
    expect((await say('One, two.')).slice(1)).toEqual([{ role: 'user', content: 'Count' }]);
    await listener.until('AiDone');
    expect(await stored(id, 3)).toEqual([
      ['USER', 'COMPLETED', 'Count'],
      ['ASSISTANT', 'INTERRUPTED', 'One, '],
      ['ASSISTANT', 'COMPLETED', 'One, two.'],
    ]);
  });

  test('asked for many times at once it starts one answer, and none while one is given', async () => {
    const { id, listener } = await converse();
    await send(id, 'Why?');
    await refuse();
    await listener.until('AiError');
    const tries = await Promise.all([retry(id), retry(id), retry(id)]);
    expect(new Set(tries.map(({ turnId }) => turnId)).size).toBe(1);
    const request = await system.upstream.nextRequest();
    await request.send('Be');
    await listener.until('AiToken');
    expect((await retry(id)).turnId).toBe(tries[0].turnId);
    await request.send('cause.');
    await request.finish();
    const events = await listener.until('AiDone');
    expect(events.map(({ __typename }) => __typename)).not.toContain('AiStarted');
    await stored(id, 2);
  });

  test('what was answered, or was never said, cannot be tried again', async () => {
    const { id, listener } = await converse();
    const refusal = {
      __typename: 'InvalidInputError',
      fieldErrors: [{ path: 'conversationId', message: 'has nothing that waits for an answer' }],
    };
    expect(await retry(id)).toMatchObject(refusal);
    await send(id, 'Why?');
    await say('Because.');
    await listener.until('AiDone');
    await stored(id, 2);
    expect(await retry(id)).toMatchObject(refusal);
    expect(await retry('nonsense')).toMatchObject({ __typename: 'NotFoundError' });
  });

  test('a greeting that failed is tried again, and in an ended conversation makes it active', async () => {
    const { id, listener } = await converse({ greet: true });
    await refuse();
    await listener.until('AiError');
    await system.request(
      'mutation($input: EndConversationInput!) { endConversation(input: $input) { __typename } }',
      {
        input: { conversationId: id },
      },
    );
    expect(await retry(id)).toMatchObject({ conversation: { status: 'ACTIVE' } });
    await say('Hello!');
    const events = await listener.until('AiDone');
    expect(events.find(({ __typename }) => __typename === 'AiStarted')).toMatchObject({ cause: 'GREETING' });
    await stored(id, 1);
  });

  test('a try that was owed by a process that died is made, without telling of the message again', async () => {
    const { id, listener } = await converse();
    await send(id, 'Why?');
    await refuse();
    await listener.until('AiError');
    const conversationId = Buffer.from(id, 'base64').toString().split(':')[1] ?? '';
    const { store, turns } = system.app;
    await expect.poll(async () => (await store.find(conversationId))?.pendingTurnId).toBeNull();
    vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + 1_000 });
    const owed = await store
      .promiseAgain(conversationId, 'local', { pass() {} })
      .finally(() => vi.useRealTimers());
    await turns.reopen(owed);
    await say('Because.');
    expect((await listener.until('AiDone')).map(({ __typename }) => __typename)).not.toContain(
      'MessageAdded',
    );
  });
});
