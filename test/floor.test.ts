import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { timerJob } from '../core/queue/jobs.ts';
import { describeBackends } from './support/backends.ts';
import { type Data, type Heard, startTestSystem, type TestSystem } from './support/harness.ts';
import { nodeId, rowIdOf } from './support/node-ids.ts';
import { CANCEL, CREATE } from './support/operations.ts';
import type { ScriptedRequest } from './support/scripted-model/scripted-request.ts';

const SEND = /* GraphQL */ `
  mutation Send($input: SendMessageInput!) {
    sendMessage(input: $input) {
      __typename
      ... on SendMessageSuccess {
        turnId
        sentMessage { id content acknowledges { turnId offset } }
        queuedMessage { id text clientMessageId createdAt }
      }
      ... on BusyError { busyTurnId message }
      ... on InvalidInputError { fieldErrors { path message } }
    }
  }
`;
const SEND_NOW = /* GraphQL */ `
  mutation SendNow($input: SendQueuedMessageNowInput!) {
    sendQueuedMessageNow(input: $input) {
      __typename
      ... on SendQueuedMessageNowSuccess { turnId sentMessage { id content clientMessageId } }
      ... on UserError { message }
    }
  }
`;
const WITHDRAW = /* GraphQL */ `
  mutation Withdraw($input: WithdrawQueuedMessageInput!) {
    withdrawQueuedMessage(input: $input) {
      __typename
      ... on WithdrawQueuedMessageSuccess { withdrawn { id text } conversation { queuedMessages { id text } } }
      ... on UserError { message }
    }
  }
`;
const END = /* GraphQL */ `
  mutation End($input: EndConversationInput!) { endConversation(input: $input) { __typename } }
`;
const READ = /* GraphQL */ `
  query Read($id: ID!) {
    conversation(id: $id) {
      status
      title
      messageCount
      lastMessagePreview
      queuedMessages { id text clientMessageId }
      activeTurn { turnId }
      messages { nodes { id role content status acknowledges { turnId offset } failure { code } } }
    }
  }
`;
const QUEUE_EVENTS = /* GraphQL */ `
  subscription Events($conversationId: ID!, $after: String) {
    conversationEvents(conversationId: $conversationId, after: $after) {
      __typename
      cursor
      ... on MessageAdded { message { id content acknowledges { turnId offset } } }
      ... on QueueChanged { queuedMessages { id text } }
      ... on TurnStarted { turnId }
      ... on TurnTextAdded { turnId offset text }
      ... on TurnCompleted { turnId message { content } }
      ... on TurnInterrupted { turnId partial { content } interruptionReason }
      ... on TurnFailed { turnId }
      ... on ConversationEnded { endReason }
    }
  }
`;

let system: TestSystem;

const request = async (document: string, input: Data, to = system): Promise<Data> =>
  Object.values((await to.request(document, { input })).data)[0] as Data;
const read = async (id: string): Promise<Data> => (await system.request(READ, { id })).data.conversation;

/** A conversation in which the AI has said `text` of an answer that goes on. */
async function speaking(text: string, pacing = 'INSTANT') {
  const { conversation } = await request(CREATE, { greet: false, pacing });
  const { id } = conversation;
  const listener = system.listen(QUEUE_EVENTS, { conversationId: id });
  const { turnId } = await request(SEND, { conversationId: id, text: 'Say more' });
  const model = await system.upstream.nextRequest();
  await model.send(text);
  await heardAll(listener, text);
  const send = (said: string, whileSpeaking: string, more: Data = {}) =>
    request(SEND, { conversationId: id, text: said, whileSpeaking, ...more });
  return { id, turnId, model, listener, send };
}

async function heardAll(listener: Heard, text: string): Promise<void> {
  let heard = '';
  while (heard !== text) {
    const { offset, text: added } = (await listener.until('TurnTextAdded')).at(-1) as Data;
    heard = heard.slice(0, offset) + added;
  }
}

/**
 * Says `piece`, again each time that the listener has heard it: a wish reaches the speaker in its own time, and
 * is for the sentence that is spoken then. Resolves to the event that ends the turn.
 */
async function sayUntilCut(model: ScriptedRequest, listener: Heard, piece: string): Promise<Data> {
  await model.send(piece);
  for (;;) {
    const event = await listener.event();
    if (event.__typename === 'TurnInterrupted') return event;
    if (event.__typename === 'TurnTextAdded') await model.send(piece);
  }
}

/** What the user has said in the prompt of a call, newest last. */
const saidIn = ({ messages }: ScriptedRequest) =>
  messages.filter(({ role }) => role === 'user').map(({ content }) => content);
const textsOf = ({ messages }: Data) => messages.nodes.map(({ content }: Data) => content);
const waiting = ({ queuedMessages }: Data) => queuedMessages.map(({ text }: Data) => text);

await describeBackends('what a message does while the AI speaks', (backend) => {
  beforeAll(async () => {
    system = await startTestSystem({ ...(await backend.env()), IDLE_NUDGE_MS: '3600000' });
  });
  afterAll(() => system.stop());
  // A test that fails leaves none of its requests to the next one.
  beforeEach(() => system.upstream.clearRequests());

  test('[P-100] INTERRUPT, and no word of it, cuts the answer off; what waits goes on waiting', async () => {
    const { id, model, send } = await speaking('One two');
    await send('Later', 'QUEUE');
    expect(await request(SEND, { conversationId: id, text: 'Now' })).toMatchObject({
      __typename: 'SendMessageSuccess',
      queuedMessage: null,
    });
    await model.closed;
    const next = await system.upstream.nextRequest();
    expect(saidIn(next).at(-1)).toBe('Now');
    expect(waiting(await read(id))).toEqual(['Later']);
    await next.send('Yes.');
    await next.finish();
    const last = await system.upstream.nextRequest();
    expect(saidIn(last).at(-1)).toBe('Later');
    await last.finish();
  });

  test('[P-101] REJECT refuses a message while the AI speaks, and stores it otherwise', async () => {
    const { id, turnId, model, listener, send } = await speaking('One two');
    expect(await send('Hi', 'REJECT')).toMatchObject({ __typename: 'BusyError', busyTurnId: turnId });
    expect(textsOf(await read(id))).toEqual(['Say more']);
    await model.finish();
    await listener.until('TurnCompleted');
    expect(await send('Hi', 'REJECT')).toMatchObject({ __typename: 'SendMessageSuccess' });
    await (await system.upstream.nextRequest()).finish();
  });

  describe('QUEUE', () => {
    test('[P-102] waits until the answer is complete, in order, the same for every listener and query', async () => {
      const { id, model, listener, send } = await speaking('One two');
      const clientMessageId = '7c0d0f0e-9a5c-4a07-8f1c-0d6f4c1b2a11';
      const first = await send('First', 'QUEUE', { clientMessageId });
      expect(first).toMatchObject({
        turnId: null,
        sentMessage: null,
        queuedMessage: { text: 'First', clientMessageId },
      });
      expect((await listener.until('QueueChanged')).at(-1)).toMatchObject({
        queuedMessages: [{ text: 'First' }],
      });
      await send('Second', 'QUEUE');
      expect((await listener.until('QueueChanged')).at(-1)?.queuedMessages).toHaveLength(2);
      expect(waiting(await read(id))).toEqual(['First', 'Second']);
      // A repeated call waits once.
      expect((await send('First', 'QUEUE', { clientMessageId })).queuedMessage.id).toBe(
        first.queuedMessage.id,
      );
      expect(await send('Other', 'QUEUE', { clientMessageId })).toMatchObject({
        fieldErrors: [{ path: 'clientMessageId' }],
      });
      await model.finish();
      const events = await listener.until('TurnStarted');
      expect(events.map(({ __typename }) => __typename)).toEqual([
        ...['TurnCompleted', 'QueueChanged', 'MessageAdded', 'TurnStarted'],
      ]);
      expect(events[1]?.queuedMessages).toEqual([expect.objectContaining({ text: 'Second' })]);
      // Nor is it sent again once it is a message.
      const again = await send('First', 'QUEUE', { clientMessageId });
      expect(again).toMatchObject({ queuedMessage: null, sentMessage: { content: 'First' } });
      for (const said of ['First', 'Second']) {
        const call = await system.upstream.nextRequest();
        expect(saidIn(call).at(-1)).toBe(said);
        await call.send(`Re: ${said}`);
        await call.finish();
        await listener.until('TurnCompleted');
      }
      expect(textsOf(await read(id))).toEqual([
        ...['Say more', 'One two', 'First', 'Re: First', 'Second', 'Re: Second'],
      ]);
    });

    test.each([
      ['failed', (model: ScriptedRequest) => model.errorInStream({ code: 400, message: 'no' })],
      [
        'was stopped',
        (_model: ScriptedRequest, conversationId: string) => request(CANCEL, { conversationId }),
      ],
    ])('[P-102] follows on an answer that %s', async (_how, ends) => {
      const { id, model, listener, send } = await speaking('One two');
      await send('Next', 'QUEUE');
      await ends(model, id);
      const next = await system.upstream.nextRequest();
      expect(saidIn(next).at(-1)).toBe('Next');
      await next.send('Yes.');
      await next.finish();
      await listener.until('TurnCompleted');
      expect(textsOf(await read(id))).toEqual(['Say more', 'One two', 'Next', 'Yes.']);
    });

    test('of a conversation in which nothing is spoken is a message at once', async () => {
      const { conversation } = await request(CREATE, { greet: false, pacing: 'INSTANT' });
      const sent = await request(SEND, {
        conversationId: conversation.id,
        text: 'Hi',
        whileSpeaking: 'QUEUE',
      });
      expect(sent).toMatchObject({ queuedMessage: null, sentMessage: { content: 'Hi' } });
      await (await system.upstream.nextRequest()).finish();
    });

    test('[P-102] holds 20 messages and 64,000 characters: one more is a BusyError', async () => {
      const { id, turnId, send } = await speaking('One two');
      for (let n = 1; n <= 20; n++) await send(`Message ${n}`, 'QUEUE');
      expect(await send('Message 21', 'QUEUE')).toMatchObject({
        __typename: 'BusyError',
        busyTurnId: turnId,
      });
      expect((await read(id)).queuedMessages).toHaveLength(20);
      const other = await speaking('One two');
      for (const text of ['a'.repeat(32_000), 'b'.repeat(32_000)]) await other.send(text, 'QUEUE');
      expect(await other.send('c', 'QUEUE')).toMatchObject({ __typename: 'BusyError' });
      for (const conversationId of [id, other.id]) await request(END, { conversationId });
    });

    test('[P-102] of a conversation that is ended becomes messages without an answer, before the end', async () => {
      const { id, listener, send } = await speaking('One two');
      await send('First', 'QUEUE');
      await send('Second', 'QUEUE');
      await listener.until('QueueChanged');
      await request(END, { conversationId: id });
      const events = await listener.until('ConversationEnded');
      expect(events.map(({ __typename, message }) => message?.content ?? __typename)).toEqual(
        expect.arrayContaining(['First', 'Second']),
      );
      expect(events.at(-1)?.__typename).toBe('ConversationEnded');
      const ended = await read(id);
      expect(ended).toMatchObject({ status: 'CANCELLED', queuedMessages: [], activeTurn: null });
      expect(textsOf(ended)).toEqual(['Say more', 'One two', 'First', 'Second']);
      expect(ended).toMatchObject({ messageCount: 4, lastMessagePreview: 'Second' });
    });
  });

  test('[P-103] sendQueuedMessageNow interrupts with one waiting message, once; the others wait', async () => {
    const { id, turnId, model, send } = await speaking('One two three');
    await send('First', 'QUEUE');
    const { queuedMessage } = await send('Second', 'QUEUE');
    const now = { conversationId: id, queuedMessageId: queuedMessage.id, seen: { turnId, offset: 7 } };
    expect(await request(SEND_NOW, now)).toMatchObject({ sentMessage: { content: 'Second' } });
    await model.closed;
    expect(await request(SEND_NOW, now)).toMatchObject({ __typename: 'NotFoundError' });
    const next = await system.upstream.nextRequest();
    expect(saidIn(next).at(-1)).toBe('Second');
    const state = await read(id);
    expect(waiting(state)).toEqual(['First']);
    expect(textsOf(state)).toEqual(['Say more', 'One two', 'Second']);
    await request(END, { conversationId: id });
  });

  test('[P-103] withdrawQueuedMessage takes a waiting message back, once; it is never sent', async () => {
    const { id, model, listener, send } = await speaking('One two');
    const { queuedMessage } = await send('First', 'QUEUE');
    await send('Second', 'QUEUE');
    const given = { conversationId: id, queuedMessageId: queuedMessage.id };
    expect(await request(WITHDRAW, given)).toMatchObject({
      withdrawn: { text: 'First' },
      conversation: { queuedMessages: [{ text: 'Second' }] },
    });
    expect(await request(WITHDRAW, given)).toMatchObject({ __typename: 'NotFoundError' });
    const stranger = nodeId('QueuedMessage', '0192f0c1-0000-7000-8000-000000000001');
    expect(await request(WITHDRAW, { ...given, queuedMessageId: stranger })).toMatchObject({
      __typename: 'NotFoundError',
    });
    await model.finish();
    await (await system.upstream.nextRequest()).finish();
    await listener.until('TurnStarted');
    expect(textsOf(await read(id))).not.toContain('First');
  });

  describe('AFTER_SENTENCE', () => {
    test('[P-110] cuts the answer off at the end of the sentence being spoken', async () => {
      const { id, turnId, model, listener, send } = await speaking('Bees dance. They show');
      expect(await send('And ants?', 'AFTER_SENTENCE')).toMatchObject({
        queuedMessage: { text: 'And ants?' },
      });
      const cut = await sayUntilCut(model, listener, ' the way. They show');
      expect(cut).toMatchObject({ turnId, interruptionReason: 'USER_MESSAGE' });
      expect(cut.partial.content).toMatch(/^Bees dance\.(?: They show the way\.)+$/);
      await model.closed;
      const next = await system.upstream.nextRequest();
      expect(saidIn(next).at(-1)).toBe('And ants?');
      await request(END, { conversationId: id });
    });

    test('[P-110] cuts an answer off at once that is between two sentences, and one that says nothing yet', async () => {
      const between = await speaking('Bees dance.');
      await between.send('And ants?', 'AFTER_SENTENCE');
      await between.model.closed;
      const next = await system.upstream.nextRequest();
      await request(SEND, { conversationId: between.id, text: 'Or wasps?', whileSpeaking: 'AFTER_SENTENCE' });
      await next.closed;
      expect(saidIn(await system.upstream.nextRequest()).at(-1)).toMatch(/And ants\?\s+Or wasps\?/);
      await request(END, { conversationId: between.id });
    });

    test('[P-110] goes before what waits for the end, and with all that wait for the same sentence', async () => {
      const { id, model, listener, send } = await speaking('Bees dance. They show');
      await send('Later', 'QUEUE');
      await send('And ants?', 'AFTER_SENTENCE');
      await send('And wasps?', 'AFTER_SENTENCE');
      expect(waiting(await read(id))).toEqual(['And ants?', 'And wasps?', 'Later']);
      await sayUntilCut(model, listener, ' it. They show');
      const next = await system.upstream.nextRequest();
      expect(saidIn(next).at(-1)).toMatch(/And ants\?\s+And wasps\?/);
      expect(waiting(await read(id))).toEqual(['Later']);
      await request(END, { conversationId: id });
    });

    test('[P-110] cuts it off after 5 s when no sentence has ended', async () => {
      const { id, turnId, listener, send } = await speaking('Bees dance. They show');
      await send('And ants?', 'AFTER_SENTENCE');
      await listener.until('QueueChanged');
      // As the timer does that was armed for it.
      const timers = system.app.backend.producer(timerJob);
      const end = { kind: 'sentence-end', conversationId: rowIdOf(id), turnId: rowIdOf(turnId) } as const;
      expect(await timers.isArmed(end)).toBe(true);
      await timers.arm(end, 0);
      expect((await listener.until('TurnInterrupted')).at(-1)?.partial.content).toBe('Bees dance. They show');
      expect(saidIn(await system.upstream.nextRequest()).at(-1)).toBe('And ants?');
      await request(END, { conversationId: id });
    });

    test('does not cut off an answer after it has been withdrawn', async () => {
      const { id, model, listener, send } = await speaking('Bees dance. They show');
      const { queuedMessage } = await send('And ants?', 'AFTER_SENTENCE');
      await request(WITHDRAW, { conversationId: id, queuedMessageId: queuedMessage.id });
      await model.send(' it. So');
      await model.finish();
      expect((await listener.until('TurnCompleted')).at(-1)?.message.content).toBe(
        'Bees dance. They show it. So',
      );
    });
  });

  describe('AUTO', () => {
    test('[P-111] stores an acknowledgement where it fell, and the answer goes on', async () => {
      const { id, turnId, model, listener, send } = await speaking('One two');
      const { sentMessage, turnId: answer } = await send('Mm-hm', 'AUTO');
      expect(answer).toBeNull();
      expect(sentMessage).toMatchObject({ content: 'Mm-hm', acknowledges: { turnId, offset: 7 } });
      expect((await listener.until('MessageAdded')).at(-1)?.message).toEqual({
        ...{ id: sentMessage.id, content: 'Mm-hm', acknowledges: { turnId, offset: 7 } },
      });
      await model.send(' three');
      await model.finish();
      expect((await listener.until('TurnCompleted')).at(-1)?.message.content).toBe('One two three');
      const state = await read(id);
      expect(textsOf(state)).toEqual(['Say more', 'One two three', 'Mm-hm']);
      expect(state).toMatchObject({
        title: 'Say more',
        lastMessagePreview: 'One two three',
        messageCount: 3,
      });
      await send('Why?', 'AUTO');
      const next = await system.upstream.nextRequest();
      expect(saidIn(next)).toEqual(['Say more', 'Mm-hm\n\nWhy?']);
      await next.finish();
    });

    test('[P-111] is at most what the sender had on the screen', async () => {
      const { id, turnId, send } = await speaking('One two');
      const { sentMessage } = await send('ok', 'AUTO', { seen: { turnId, offset: 4 } });
      expect(sentMessage.acknowledges).toEqual({ turnId, offset: 4 });
      const more = await send('ok', 'AUTO', { seen: { turnId, offset: 400 } });
      expect(more.sentMessage.acknowledges).toEqual({ turnId, offset: 7 });
      await request(END, { conversationId: id });
    });

    test('[P-111] interrupts with anything else, and is a message like any other where nothing is spoken', async () => {
      const { id, model, listener, send } = await speaking('One two');
      await send('No, wait', 'AUTO');
      await model.closed;
      const next = await system.upstream.nextRequest();
      await next.send('Yes?');
      await next.finish();
      await listener.until('TurnCompleted');
      expect(await send('ok', 'AUTO')).toMatchObject({
        turnId: expect.any(String),
        sentMessage: { acknowledges: null },
      });
      const last = await system.upstream.nextRequest();
      expect(saidIn(last).at(-1)).toBe('ok');
      await last.finish();
      expect((await read(id)).title).toBe('Say more');
    });
  });
});
