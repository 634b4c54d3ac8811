import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { type Data, type Heard, startTestSystem, type TestSystem } from './support/harness.ts';
import { nodeId } from './support/node-ids.ts';
import { CANCEL, CONVERSATION, CREATE, EVENTS, SEND } from './support/operations.ts';
import type { ScriptedRequest } from './support/scripted-model/scripted-request.ts';

const END = /* GraphQL */ `
  mutation End($input: EndConversationInput!) {
    endConversation(input: $input) {
      __typename
      ... on EndConversationSuccess { conversation { status } }
      ... on InvalidInputError { fieldErrors { path message } }
    }
  }
`;
const FAMILY = '👩‍👩‍👧‍👦';

let system: TestSystem;

const request = async (document: string, input: Data): Promise<Data> =>
  Object.values((await system.request(document, { input })).data)[0] as Data;
const read = async (id: string): Promise<Data> =>
  (await system.request(CONVERSATION, { id })).data.conversation;

/** A conversation in which the AI has said `text` of an answer that goes on. */
async function speaking(text: string) {
  const { conversation } = await request(CREATE, { greet: false, pacing: 'INSTANT' });
  const { id } = conversation;
  const listeners = [0, 1].map(() => system.listen(EVENTS, { conversationId: id }));
  const { turnId } = await request(SEND, { conversationId: id, text: 'Say more' });
  const model = await system.upstream.nextRequest();
  await model.send(text);
  for (const listener of listeners) await heardAll(listener, text);
  return { id, turnId, model, listeners };
}

async function heardAll(listener: Heard, text: string): Promise<void> {
  let heard = '';
  while (heard !== text) {
    const { offset, text: added } = (await listener.until('TurnTextAdded')).at(-1) as Data;
    heard = heard.slice(0, offset) + added;
  }
}

/** The answer as the events say that it was cut off, which is the same for all, and as a query returns it. */
async function cutOff({ id, turnId, model, listeners }: Awaited<ReturnType<typeof speaking>>) {
  await (model as ScriptedRequest).closed;
  const heard = [];
  for (const listener of listeners) heard.push((await listener.until('TurnInterrupted')).at(-1) as Data);
  expect(heard[1]).toEqual(heard[0]);
  const { messages } = await read(id);
  const stored = messages.nodes.find((message: Data) => message.id === turnId) ?? null;
  expect(heard[0]?.partial?.content ?? null).toBe(stored?.content ?? null);
  return { content: stored?.content ?? null, tokens: heard[0]?.interruptedAtToken };
}

await describeBackends('what was seen of an answer', (backend) => {
  beforeAll(async () => {
    system = await startTestSystem({ ...(await backend.env()), IDLE_NUDGE_MS: '3600000' });
  });
  afterAll(() => system.stop());

  test('[P-86] is what is stored of it, what every listener is given and what the model is asked with', async () => {
    const turn = await speaking('Once upon a time there was a fox. It lived in a wood.');
    const { id: conversationId, turnId } = turn;
    const sent = await request(SEND, { conversationId, text: 'Which?', seen: { turnId, offset: 23 } });
    expect(sent).toMatchObject({ __typename: 'SendMessageSuccess' });
    expect(await cutOff(turn)).toMatchObject({ content: 'Once upon a time there ' });
    const next = await system.upstream.nextRequest();
    expect(next.messages).toContainEqual({ role: 'assistant', content: 'Once upon a time there ' });
    expect(next.messages[0]?.content).toContain('"Once upon a time there"');
    expect(JSON.stringify(next.messages)).not.toMatch(/fox|wood/);
    await next.finish();
  });

  test.each([
    ['more than was spoken: all of it', 'One two', 500, 'One two'],
    ['all that was spoken', 'One two', 7, 'One two'],
    ['in the middle of a grapheme: its beginning', `A ${FAMILY} b`, 5, 'A '],
    ['in the middle of the first grapheme: nothing', `${FAMILY} b`, 3, null],
    ['nothing: no message is stored', 'One two', 0, null],
  ])('[P-86] may be %s', async (_what, text, offset, content) => {
    const turn = await speaking(text);
    const { id: conversationId, turnId } = turn;
    const { interrupted } = await request(CANCEL, { conversationId, seen: { turnId, offset } });
    expect(interrupted?.content ?? null).toBe(content);
    const cut = await cutOff(turn);
    expect(cut.content).toBe(content);
    expect(cut.tokens > 0).toBe(content !== null);
    expect((await read(conversationId)).messageCount).toBe(content === null ? 1 : 2);
  });

  test('[P-86] is where an answer ends that its conversation cuts off by its end', async () => {
    const turn = await speaking('One two three');
    const { id: conversationId, turnId } = turn;
    await request(END, { conversationId, seen: { turnId, offset: 8 } });
    expect(await cutOff(turn)).toMatchObject({ content: 'One two ' });
  });

  describe('has no effect', () => {
    test('[P-87] of a turn that is over, nor of one that is unknown', async () => {
      const turn = await speaking('One two');
      const { id: conversationId, turnId, model } = turn;
      await model.finish();
      await turn.listeners[0]?.until('TurnCompleted');
      const seen = { turnId, offset: 3 };
      const second = await request(SEND, { conversationId, text: 'More', seen });
      const { nodes } = (await read(conversationId)).messages;
      expect(nodes[1]).toMatchObject({ id: turnId, content: 'One two', status: 'COMPLETED' });
      const unknown = { turnId: nodeId('Message', '019a0000-0000-7000-8000-000000000000'), offset: 1 };
      const answer = await system.upstream.nextRequest();
      await answer.send('Three four');
      await turn.listeners[1]?.until('TurnCompleted');
      await heardAll(turn.listeners[1] as Heard, 'Three four');
      const { interrupted } = await request(CANCEL, { conversationId, seen: unknown });
      expect(interrupted).toMatchObject({ id: second.turnId, content: 'Three four' });
    });

    test.each([
      [
        'a turn of another conversation',
        'seen.turnId',
        async () => ({ turnId: (await speaking('Other')).turnId, offset: 1 }),
      ],
      ['no turn at all', 'seen.turnId', async () => ({ turnId: 'not an id', offset: 1 })],
      ['a negative length', 'seen.offset', async ({ turnId }: Data) => ({ turnId, offset: -1 })],
    ] as const)('[P-87] when it names %s: the call is an InvalidInputError', async (_what, path, seenFor) => {
      const turn = await speaking('One two three');
      const { id: conversationId } = turn;
      const seen = await seenFor(turn);
      for (const [document, input] of [
        [SEND, { conversationId, text: 'Stop', seen }],
        [
          CANCEL.replace(
            '... on UserError',
            '... on InvalidInputError { fieldErrors { path } } ... on UserError',
          ),
          { conversationId, seen },
        ],
        [END, { conversationId, seen }],
      ] as const)
        expect(await request(document, input)).toMatchObject({
          __typename: 'InvalidInputError',
          fieldErrors: [{ path }],
        });
      const { activeTurn, messageCount, status } = await read(conversationId);
      expect([activeTurn.text, messageCount, status]).toEqual(['One two three', 1, 'ACTIVE']);
    });
  });

  test('[P-87] is decided once: a repeated call with the same clientMessageId changes nothing', async () => {
    const turn = await speaking('One two three');
    const { id: conversationId, turnId } = turn;
    const input = { conversationId, text: 'Stop', clientMessageId: crypto.randomUUID() };
    const first = await request(SEND, { ...input, seen: { turnId, offset: 8 } });
    const again = await request(SEND, { ...input, seen: { turnId, offset: 3 } });
    expect(again.turnId).toBe(first.turnId);
    expect(await cutOff(turn)).toMatchObject({ content: 'One two ' });
  });
});
