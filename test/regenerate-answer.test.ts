import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LOCAL_OWNER } from '../core/domain/owner.ts';
import { BranchReads } from '../core/store/branch-reads.ts';
import * as tree from '../core/turns/tree.ts';
import { describeBackends } from './support/backends.ts';
import { commitAndDie } from './support/dead-process.ts';
import { type Data, type Heard, startTestSystem, type TestSystem } from './support/harness.ts';
import { rowIdOf } from './support/node-ids.ts';
import { CANCEL, CONVERSATION, CREATE, EVENTS, REGENERATE, SEND } from './support/operations.ts';

const PREVIOUS = `query ($id: ID!) { conversation(id: $id) { messages { nodes { branch { previousId } } } } }`;
const MESSAGE = `query ($id: ID!) { node(id: $id) { ... on Message { status content } } }`;

await describeBackends('answering a message again', (backend) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem({ ...(await backend.env()), IDLE_NUDGE_MS: '3600000' });
  });
  afterAll(() => system.stop());

  async function converse(input: Data = {}): Promise<{ id: string; listener: Heard }> {
    const { data } = await system.request(CREATE, { input: { greet: false, pacing: 'INSTANT', ...input } });
    const { id, latestEventCursor } = data.createConversation.conversation;
    return { id, listener: system.listen(EVENTS, { conversationId: id, after: latestEventCursor }) };
  }
  const send = async (conversationId: string, text: string): Promise<Data> =>
    (await system.request(SEND, { input: { conversationId, text } })).data.sendMessage;
  const regenerate = async (conversationId: string, more: Data = {}): Promise<Data> =>
    (await system.request(REGENERATE, { input: { conversationId, ...more } })).data.regenerateAnswer;
  const read = async (id: string): Promise<Data> =>
    (await system.request(CONVERSATION, { id })).data.conversation;

  /** The stored messages, as soon as there are `count`: an answer is stored just after it is heard. */
  const stored = (id: string, count: number): Promise<string[][]> =>
    vi.waitFor(
      async () => {
        const { messages } = await read(id);
        expect(messages.nodes).toHaveLength(count);
        return messages.nodes.map((it: Data) => [it.role, it.status, it.content]);
      },
      { interval: 10, timeout: 60_000 },
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

  test('a message whose answer failed is answered, and not published again', async () => {
    const { id, listener } = await converse();
    const sent = await send(id, 'Why?');
    await refuse();
    await listener.until('TurnFailed');
    const again = await regenerate(id);
    expect(again).toMatchObject({
      __typename: 'RegenerateAnswerSuccess',
      conversation: { status: 'ACTIVE' },
    });
    expect(again.turnId).not.toBe(sent.turnId);
    expect((await say('Because.')).slice(1)).toEqual([{ role: 'user', content: 'Why?' }]);
    const events = await listener.until('TurnCompleted');
    expect(events.find(({ __typename }) => __typename === 'TurnStarted')).toMatchObject({
      turnId: again.turnId,
      cause: 'REGENERATION',
    });
    expect(events.some(({ __typename }) => __typename === 'MessageAdded')).toBe(false);
    expect(events.at(-1).turnId).toBe(again.turnId);
    expect(await stored(id, 2)).toEqual([
      ['USER', 'COMPLETED', 'Why?'],
      ['ASSISTANT', 'COMPLETED', 'Because.'],
    ]);
  });

  test('the part of the first answer that was spoken stays as an alternative, and the model starts over', async () => {
    const { id, listener } = await converse();
    await send(id, 'Count');
    const request = await system.upstream.nextRequest();
    await request.send('One, ');
    await listener.until('TurnTextAdded');
    await system.request(CANCEL, { input: { conversationId: id } });
    await listener.until('TurnInterrupted');
    await stored(id, 2);
    await regenerate(id);
    expect((await say('One, two.')).slice(1)).toEqual([{ role: 'user', content: 'Count' }]);
    await listener.until('TurnCompleted');
    expect(await stored(id, 2)).toEqual([
      ['USER', 'COMPLETED', 'Count'],
      ['ASSISTANT', 'COMPLETED', 'One, two.'],
    ]);
    const { messages } = (await system.request(PREVIOUS, { id })).data.conversation;
    const { previousId } = messages.nodes[1].branch;
    const { node } = (await system.request(MESSAGE, { id: previousId })).data;
    expect(node).toEqual({ status: 'INTERRUPTED', content: 'One, ' });
  });

  test('many calls at once start one answer, and none starts while one is being given', async () => {
    const { id, listener } = await converse();
    await send(id, 'Why?');
    await refuse();
    await listener.until('TurnFailed');
    const tries = await Promise.all([regenerate(id), regenerate(id), regenerate(id)]);
    expect(new Set(tries.map(({ turnId }) => turnId)).size).toBe(1);
    const request = await system.upstream.nextRequest();
    await request.send('Be');
    await listener.until('TurnTextAdded');
    expect((await regenerate(id)).turnId).toBe(tries[0].turnId);
    await request.send('cause.');
    await request.finish();
    const events = await listener.until('TurnCompleted');
    expect(events.map(({ __typename }) => __typename)).not.toContain('TurnStarted');
    await stored(id, 2);
  });

  test('nothing is answered where there is nothing, and in a conversation that does not exist', async () => {
    const { id } = await converse();
    const refusal = {
      __typename: 'InvalidInputError',
      fieldErrors: [{ path: 'conversationId', message: 'has nothing that waits for an answer' }],
    };
    expect(await regenerate(id)).toMatchObject(refusal);
    expect(await regenerate('nonsense')).toMatchObject({ __typename: 'NotFoundError' });
  });

  test('a greeting that failed is given again, and makes an ended conversation active', async () => {
    const { id, listener } = await converse({ greet: true });
    await refuse();
    await listener.until('TurnFailed');
    await system.request(
      'mutation($input: EndConversationInput!) { endConversation(input: $input) { __typename } }',
      {
        input: { conversationId: id },
      },
    );
    expect(await regenerate(id)).toMatchObject({ conversation: { status: 'ACTIVE' } });
    await say('Hello!');
    const events = await listener.until('TurnCompleted');
    expect(events.find(({ __typename }) => __typename === 'TurnStarted')).toMatchObject({
      cause: 'GREETING',
    });
    await stored(id, 1);
  });

  test('a regeneration that was pending when a process died is spoken, and its message is not published again', async () => {
    const { id, listener } = await converse();
    await send(id, 'Why?');
    await refuse();
    await listener.until('TurnFailed');
    const conversationId = rowIdOf(id);
    const { database, turns } = system.app;
    const branches = new BranchReads(database);
    const question = await branches.questionOf(conversationId, null, LOCAL_OWNER);
    const fork = await branches.fork(conversationId, question, LOCAL_OWNER);
    const facts = {
      begun: null,
      isNamed: false,
      follows: null,
      question: question ? { id: question } : null,
      fork,
    };
    await commitAndDie(system.app, conversationId, (snapshot) => tree.regenerate(snapshot, facts).draft);
    await turns.drive(conversationId);
    await say('Because.');
    expect((await listener.until('TurnCompleted')).map(({ __typename }) => __typename)).not.toContain(
      'MessageAdded',
    );
  });
});
