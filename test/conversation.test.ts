import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { MessageRole } from '../core/domain/vocabulary.ts';
import { describeBackends } from './support/backends.ts';
import { acceptAndDie } from './support/dead-process.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { nodeId, rowIdOf } from './support/node-ids.ts';
import { CANCEL, CONVERSATION, CONVERSATIONS, CREATE, EVENTS, SEND, UPDATE } from './support/operations.ts';
import { refusalsOf } from './support/strict-servers.ts';

let system: TestSystem;

async function createConversation(input: Record<string, unknown> = {}): Promise<Data> {
  const { data } = await system.request(CREATE, { input: { greet: false, pacing: 'INSTANT', ...input } });
  return data.createConversation.conversation;
}

async function send(conversationId: string, text: string, more: Record<string, unknown> = {}): Promise<Data> {
  return (await system.request(SEND, { input: { conversationId, text, ...more } })).data.sendMessage;
}

async function read(id: string): Promise<Data> {
  return (await system.request(CONVERSATION, { id })).data.conversation;
}

await describeBackends('a conversation', (backend) => {
  beforeAll(async () => {
    // On a busy machine a nudge of an earlier conversation would make it the newest one.
    system = await startTestSystem({ ...(await backend.env()), IDLE_NUDGE_MS: '3600000' });
  });
  afterAll(() => system.stop());

  test('a message is stored and answered token by token, and a later query returns the same answer', async () => {
    const { id, latestEventCursor } = await createConversation();
    const listener = system.listen(EVENTS, { conversationId: id, after: latestEventCursor });
    const sent = await send(id, '  What is   TaskFlow? ');
    expect(sent).toMatchObject({
      __typename: 'SendMessageSuccess',
      sentMessage: { role: 'USER', content: 'What is   TaskFlow?', status: 'COMPLETED', failure: null },
      conversation: { title: 'What is TaskFlow?', messageCount: 1 },
    });
    const request = await system.upstream.nextRequest();
    expect(request.messages.slice(1)).toEqual([{ role: 'user', content: 'What is   TaskFlow?' }]);

    expect(await listener.until('TurnStarted')).toMatchObject([
      { __typename: 'MessageAdded', message: { id: sent.sentMessage.id } },
      {
        __typename: 'ConversationUpdated',
        title: 'What is TaskFlow?',
        model: { id: 'openai/gpt-4o-mini' },
        pacing: 'INSTANT',
      },
      {
        __typename: 'TurnStarted',
        turnId: sent.turnId,
        cause: 'USER_MESSAGE',
        model: { id: 'openai/gpt-4o-mini' },
      },
    ]);
    await request.send('A place to ');
    const [first] = await listener.until('TurnTextAdded');
    expect(first).toMatchObject({ turnId: sent.turnId, offset: 0 });
    await request.send('talk.');
    await request.finish();
    const rest = await listener.until('TurnCompleted');
    const tokens = [first, ...rest].filter(({ __typename }) => __typename === 'TurnTextAdded');
    expect(tokens.map(({ text }) => text).join('')).toBe('A place to talk.');
    const done = rest.at(-1);
    expect(done.message).toMatchObject({ id: sent.turnId, content: 'A place to talk.', status: 'COMPLETED' });

    await settled(id, 2);
    const stored = await read(id);
    expect(stored.lastMessagePreview).toBe('A place to talk.');
    expect(stored.messages.nodes.at(-1)).toMatchObject({ ...done.message, role: 'ASSISTANT' });
  });

  test('an id that names no conversation of the caller neither reads nor begins a feed', async () => {
    const look = vi.spyOn(system.app.feed, 'state');
    const nobodys = nodeId('Conversation', uuidv7());
    const query = `query($id: ID!) { conversation(id: $id) { latestEventCursor } node(id: $id) { ... on Conversation { activeTurn { turnId } } } }`;
    const { data } = await system.request(query, { id: nobodys });
    expect(data).toEqual({ conversation: null, node: null });
    expect(look).not.toHaveBeenCalled();
    look.mockRestore();
  });

  test('a conversation that is created with a greeting is greeted', async () => {
    const { id } = await createConversation({ greet: true });
    const request = await system.upstream.nextRequest();
    const listener = system.listen(EVENTS, { conversationId: id });
    expect(await listener.event()).toMatchObject({ __typename: 'TurnStarted', cause: 'GREETING' });
    await request.send('Hello!');
    await request.finish();
    const events = await listener.until('TurnCompleted');
    expect(events.at(-1).message.content).toBe('Hello!');
  });

  test('a greeting is interrupted as any answer is', async () => {
    const { id, latestEventCursor } = await createConversation({ greet: true });
    const greeting = await system.upstream.nextRequest();
    const listener = system.listen(EVENTS, { conversationId: id, after: latestEventCursor });
    await greeting.send('Hello! What is ');
    await listener.until('TurnTextAdded');
    await send(id, 'Never mind that');
    await greeting.closed;
    const [interrupted] = (await listener.until('TurnInterrupted')).slice(-1);
    expect(interrupted.partial.content).toBe('Hello! What is ');
    const next = await system.upstream.nextRequest();
    expect(next.messages[0]?.content).toMatch(/^\[INTERRUPTION CONTEXT\].*Hello!/ms);
    for (const { messages } of [greeting, next]) expect(refusalsOf(messages)).toEqual([]);
    await next.send('Yes?');
    await next.finish();
    await listener.until('TurnCompleted');
  });

  test('the choice of a model is published, and the model answers from the next turn on', async () => {
    const { id, latestEventCursor } = await createConversation();
    const listener = system.listen(EVENTS, { conversationId: id, after: latestEventCursor });
    const model = 'openai/gpt-4o';
    await system.request(UPDATE, { input: { conversationId: id, model } });
    expect((await listener.until('ConversationUpdated')).at(-1)).toMatchObject({
      title: null,
      model: { id: model },
      pacing: 'INSTANT',
    });
    await send(id, 'Well?');
    const request = await system.upstream.nextRequest();
    expect(request.model).toMatch(/gpt-4o$/);
    await request.send('Well.');
    await request.finish();
    const [done] = (await listener.until('TurnCompleted')).slice(-1);
    expect(done.message.answeredBy).toEqual({ id: model });
    await settled(id, 2);
    expect((await read(id)).messages.nodes.at(-1).answeredBy).toEqual({ id: model });
  });

  test('a title given by the user stays, whatever the first message says', async () => {
    const { id } = await createConversation();
    await system.request(UPDATE, { input: { conversationId: id, title: 'Mine' } });
    await send(id, 'My first words');
    await (await system.upstream.nextRequest()).finish();
    expect((await read(id)).title).toBe('Mine');
  });

  test('system messages are always in the prompt, however old they are', async () => {
    const { id } = await createConversation();
    const conversationId = rowIdOf(id);
    const said = (role: MessageRole, content: string, at: number) => ({
      id: uuidv7({ msecs: 1_700_000_000_000 + at }),
      conversationId,
      role,
      content,
      status: 'COMPLETED' as const,
    });
    await system.app.database.prisma.message.createMany({
      data: [
        said('SYSTEM', 'Speak as a pirate would.', 0),
        ...Array.from({ length: 30 }, (_, at) => said(at % 2 ? 'ASSISTANT' : 'USER', `line ${at}`, at + 1)),
      ],
    });
    await send(id, 'Ahoy?');
    const request = await system.upstream.nextRequest();
    const [instructions, ...exchange] = request.messages;
    expect(instructions).toEqual({
      role: 'system',
      content: expect.stringMatching(/\n\nSpeak as a pirate would\.$/),
    });
    expect(exchange.map(({ role }) => role)).not.toContain('system');
    expect(exchange.map(({ content }) => content)).not.toContain('line 10');
    expect(exchange.at(-1)?.content).toBe('Ahoy?');
    await request.finish();
  });

  test('sending while the AI speaks interrupts it: what was heard is kept, and is in the prompt of the new turn', async () => {
    const { id } = await createConversation();
    const listener = system.listen(EVENTS, { conversationId: id });
    const first = await send(id, 'Read me a story');
    const request = await system.upstream.nextRequest();
    await request.send('Once upon a time. There was ');
    await listener.until('TurnTextAdded');
    const heard = (await read(id)).activeTurn.text;
    const second = await send(id, 'Stop, a poem instead');
    await request.closed;
    const events = await listener.until('TurnStarted');
    expect(events.map(({ __typename }) => __typename)).toEqual(
      expect.arrayContaining(['TurnInterrupted', 'MessageAdded', 'TurnStarted']),
    );
    const interrupted = events.find(({ __typename }) => __typename === 'TurnInterrupted');
    expect(interrupted).toMatchObject({ turnId: first.turnId, interruptionReason: 'USER_MESSAGE' });
    expect(interrupted.partial.content.startsWith(heard)).toBe(true);
    const next = await system.upstream.nextRequest();
    expect(next.messages).toContainEqual({ role: 'assistant', content: interrupted.partial.content });
    expect(next.messages.map(({ role }) => role)).toEqual(['system', 'user', 'assistant', 'user']);
    expect(next.messages[0]?.content).toMatch(/^\[INTERRUPTION CONTEXT\]/m);
    await next.send('Roses');
    await next.finish();
    await listener.until('TurnCompleted');
    await settled(id, 4);
    const { messages } = await read(id);
    expect(messages.nodes.map((it: Data) => [it.role, it.status, it.interruptionReason])).toEqual([
      ['USER', 'COMPLETED', null],
      ['ASSISTANT', 'INTERRUPTED', 'USER_MESSAGE'],
      ['USER', 'COMPLETED', null],
      ['ASSISTANT', 'COMPLETED', null],
    ]);
    expect(messages.nodes[3].id).toBe(second.turnId);
  });

  test('a turn that is cancelled closes the socket to the model and keeps what was heard', async () => {
    const { id } = await createConversation();
    const listener = system.listen(EVENTS, { conversationId: id });
    await send(id, 'Count');
    const request = await system.upstream.nextRequest();
    await request.send('One two three ');
    await listener.until('TurnTextAdded');
    const { data } = await system.request(CANCEL, { input: { conversationId: id } });
    await request.closed;
    const [interrupted] = (await listener.until('TurnInterrupted')).slice(-1);
    expect(data.cancelTurn.interrupted).toEqual({
      id: interrupted.turnId,
      content: interrupted.partial.content,
      status: 'INTERRUPTED',
    });
    expect(data.cancelTurn.conversation.messageCount).toBe(2);
    const again = await system.request(CANCEL, { input: { conversationId: id } });
    expect(again.data.cancelTurn).toMatchObject({ __typename: 'CancelTurnSuccess', interrupted: null });
  });

  test('a model that fails before its first word ends the turn with a readable error', async () => {
    const { id } = await createConversation();
    const listener = system.listen(EVENTS, { conversationId: id });
    await send(id, 'Hi');
    const request = await system.upstream.nextRequest();
    request.fail(401, { error: { message: 'Incorrect API key provided: sk-abcdef' } });
    const error = (await listener.until('TurnFailed')).at(-1);
    expect(error).toMatchObject({ failure: { code: 'PERMISSION_DENIED', retryable: false }, partial: null });
    expect(error.failure.text).not.toMatch(/sk-|http/);
  });

  test('a repeated clientMessageId returns the first message and starts nothing', async () => {
    const { id, latestEventCursor } = await createConversation();
    const clientMessageId = '0b6a2f1e-3c4d-4e5f-8a9b-0c1d2e3f4a5b';
    const [one, two] = await Promise.all([
      send(id, 'Once', { clientMessageId }),
      send(id, 'Once', { clientMessageId: clientMessageId.toUpperCase() }),
    ]);
    expect(two).toMatchObject({ turnId: one.turnId, sentMessage: { id: one.sentMessage.id } });
    const request = await system.upstream.nextRequest();
    await request.send('Yes');
    const listener = system.listen(EVENTS, { conversationId: id, after: latestEventCursor });
    const third = await send(id, 'Once', { clientMessageId });
    expect(third.turnId).toBe(one.turnId);
    await request.finish();
    const events = await listener.until('TurnCompleted');
    expect(events.some(({ __typename }) => __typename === 'TurnInterrupted')).toBe(false);
    expect((await read(id)).messages.nodes.filter(({ role }: Data) => role === 'USER')).toHaveLength(1);
  });

  test('[P-11] querying, then subscribing after latestEventCursor, neither misses nor repeats anything', async () => {
    const { id } = await createConversation();
    await send(id, 'Go');
    const request = await system.upstream.nextRequest();
    let text = '';
    let looking = 10;
    const speaking = (async () => {
      for (let i = 0; looking > 0; i++) {
        text += `word${i} `;
        await request.send(`word${i} `);
        await new Promise(setImmediate);
      }
      await request.finish();
    })();
    const looks = await Promise.all(
      Array.from({ length: looking }, async () => {
        const { latestEventCursor, activeTurn } = await read(id);
        looking -= 1;
        const events = await system
          .listen(EVENTS, { conversationId: id, after: latestEventCursor })
          .until('TurnCompleted');
        const tokens = events.filter(({ __typename }) => __typename === 'TurnTextAdded');
        return (activeTurn?.text ?? '') + tokens.map(({ text }) => text).join('');
      }),
    );
    await speaking;
    for (const look of looks) expect(look).toBe(text);
    await settled(id, 2);
  });

  test.each([
    ['', false],
    [' after the greeting', true],
  ])(
    'a message that was accepted%s by a process that then died is published and answered',
    async (_, greet) => {
      const { id, latestEventCursor } = await createConversation({ greet });
      const after = greet ? await greeted(id, latestEventCursor) : latestEventCursor;
      const listener = system.listen(EVENTS, { conversationId: id, after });
      const conversationId = rowIdOf(id);
      await acceptAndDie(system.app, conversationId, 'Still pending');
      await Promise.all([system.app.turns.drive(conversationId), system.app.turns.drive(conversationId)]);
      expect((await listener.until('TurnStarted')).map(({ __typename }) => __typename)).toEqual([
        'MessageAdded',
        'ConversationUpdated',
        'TurnStarted',
      ]);
      const request = await system.upstream.nextRequest();
      expect(request.messages.at(-1)).toEqual({ role: 'user', content: 'Still pending' });
      await request.send('Answered.');
      await request.finish();
      expect((await listener.until('TurnCompleted')).map(({ __typename }) => __typename)).not.toContain(
        'MessageAdded',
      );
      await settled(id, greet ? 3 : 2);
    },
  );

  test('the list shows the newest activity first, in pages', async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      const { id } = await createConversation();
      ids.unshift(id);
    }
    const first = (await system.request(CONVERSATIONS, { first: 2 })).data.conversations;
    expect(first.edges.map(({ node }: Data) => node.id)).toEqual(ids.slice(0, 2));
    expect(first.pageInfo).toMatchObject({ hasNextPage: true, hasPreviousPage: false });
    const second = (await system.request(CONVERSATIONS, { first: 3, after: first.pageInfo.endCursor })).data
      .conversations;
    expect(second.edges.map(({ node }: Data) => node.id)).toEqual(ids.slice(2, 5));
    const back = (await system.request(CONVERSATIONS, { last: 2, before: second.pageInfo.startCursor })).data
      .conversations;
    expect(back.edges.map(({ node }: Data) => node.id)).toEqual(ids.slice(0, 2));
  });
});

/** The cursor after the greeting. */
async function greeted(id: string, after: string): Promise<string> {
  const greeting = await system.upstream.nextRequest();
  const listener = system.listen(EVENTS, { conversationId: id, after });
  await greeting.send('Hello!');
  await greeting.finish();
  const [done] = (await listener.until('TurnCompleted')).slice(-1);
  await settled(id, 1);
  return done.cursor;
}

/** Resolves when the conversation has this many messages: an answer is stored just after it is heard. */
function settled(id: string, count: number): Promise<void> {
  return vi.waitFor(async () => expect((await read(id)).messageCount).toBe(count), {
    interval: 10,
    timeout: 60_000,
  });
}
