import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { StoreUnavailableError } from '../core/domain/errors.ts';
import { PgConversationStore } from '../core/store/pg-conversation-store.ts';
import { toNodeId } from '../server/graphql/ids.ts';
import { type Data, type Heard, startTestSystem, type TestSystem } from './support/harness.ts';
import { rowIdOf } from './support/node-ids.ts';
import * as ask from './support/protocol-documents.ts';

/** The promises of docs/protocol.md about events and operations, tested as a client sees the product. */
let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ IDLE_NUDGE_MS: '3600000' });
});
afterAll(() => system.stop());
afterEach(() => vi.restoreAllMocks());

interface Talk {
  id: string;
  after: string;
  listener: Heard;
}

async function converse(input: Data = {}): Promise<Talk> {
  const { data } = await system.request(ask.CREATE, { input: { greet: false, pacing: 'INSTANT', ...input } });
  const { id, latestEventCursor: after } = data.createConversation.conversation;
  return { id, after, listener: listen(id, after) };
}

const listen = (id: string, after?: string): Heard => system.listen(ask.EVENTS, { id, after });
const mutate = async (document: string, input: Data): Promise<Data> =>
  Object.values((await system.request(document, { input })).data)[0];
const send = (conversationId: string, text: string, more: Data = {}): Promise<Data> =>
  mutate(ask.SEND, { conversationId, text, ...more });
const read = async (id: string): Promise<Data> =>
  (await system.request(ask.CONVERSATION, { id })).data.conversation;
const node = async (id: string): Promise<Data> => (await system.request(ask.NODE, { id })).data.node;
/** The result of `look`, once it is not null: an answer is stored within a second of its last event. */
const eventually = (look: () => Promise<Data>): Promise<Data> =>
  vi.waitFor(
    async () => {
      const found = await look();
      expect(found ?? null).not.toBeNull();
      return found;
    },
    { interval: 10, timeout: 60_000 },
  );

/** Has the model say texts, each once the one before was heard, and end. */
async function answer(listener: Heard, ...texts: string[]): Promise<Data[]> {
  const request = await system.upstream.nextRequest();
  const events: Data[] = [];
  for (const text of texts) {
    await request.send(text);
    events.push(...(await listener.until('TurnTextAdded')));
  }
  await request.finish();
  return [...events, ...(await listener.until('TurnCompleted'))];
}

/** The model's answer fails after a text. */
async function fail(listener: Heard, text: string): Promise<Data[]> {
  const request = await system.upstream.nextRequest();
  await request.send(text);
  const events = await listener.until('TurnTextAdded');
  request.cut();
  return [...events, ...(await listener.until('TurnFailed'))];
}

/** All events of an answer that completes, of one that is interrupted by a message, and of one that fails. */
async function busy(talk: Talk): Promise<Data[]> {
  const { id, listener } = talk;
  const events: Data[] = [];
  await send(id, 'One?');
  events.push(...(await answer(listener, 'One, ', 'of course. 😀')));
  await send(id, 'Two?');
  const second = await system.upstream.nextRequest();
  await second.think('Let me see');
  await second.send('Well, two ');
  events.push(...(await listener.until('TurnTextAdded')));
  await send(id, 'Three?');
  events.push(...(await fail(listener, 'Three is ')));
  return events;
}

const typesOf = (events: Data[]): string[] => events.map(({ __typename }) => __typename);
const TURN = /^(TurnStarted )(TurnTextAdded |TurnThinking )*(TurnCompleted|TurnInterrupted|TurnFailed) $/;

describe('a conversation', () => {
  test('[P-01] an id of any Node is answered by node(id:)', async () => {
    const { id, listener } = await converse();
    const { sentMessage, turnId } = await send(id, 'Hi');
    await answer(listener, 'Hello.');
    const logged = await mutate(ask.INGEST, MEASURED);
    for (const [type, each] of [
      ['Conversation', id],
      ['Message', sentMessage.id],
      ['Message', turnId],
      ['InferenceLog', logged.id],
    ])
      expect(await eventually(() => node(each))).toEqual({ __typename: type, id: each });
  });

  test('[P-12] after any cursor come the events that followed it, in the same order, each once', async () => {
    const talk = await converse();
    const events = await busy(talk);
    const last = events.at(-1).cursor;
    for (const [at, { cursor }] of [{ cursor: talk.after }, ...events].entries()) {
      if (cursor === last) continue;
      const listener = listen(talk.id, cursor);
      const replayed: Data[] = [];
      do replayed.push(await listener.event());
      while (replayed.at(-1).cursor !== last);
      expect(spoken(replayed)).toEqual(spoken(events.slice(at)));
    }
  });

  test('[P-20] the events of each turn are TurnStarted, what is said and thought, and one that ends it; turns never overlap', async () => {
    const events = await busy(await converse());
    const ofTurns = events.filter(({ turnId }) => turnId);
    const turns = [...new Set(ofTurns.map(({ turnId }) => turnId))];
    expect(turns).toHaveLength(3);
    for (const id of turns) {
      const own = ofTurns.filter(({ turnId }) => turnId === id);
      expect(`${typesOf(own).join(' ')} `).toMatch(TURN);
      const first = ofTurns.indexOf(own[0]);
      expect(ofTurns.slice(first, first + own.length)).toEqual(own);
    }
  });

  test('[P-22] the text so far, cut at the offset, and the text added are the text of the turn, whenever one comes in', async () => {
    const { id, after, listener } = await converse();
    const { turnId } = await send(id, 'Say it');
    const request = await system.upstream.nextRequest();
    await request.send('Once 😀 upon ');
    await listener.until('TurnTextAdded');
    const late = listen(id);
    const first = await late.until('TurnTextAdded');
    await request.send('a time.');
    await listener.until('TurnTextAdded');
    await request.finish();
    const rest = await late.until('TurnCompleted');
    const resumed = await listen(id, after).until('TurnCompleted');
    // A client that resumes after its first event receives some text again if it does not move its cursor.
    for (const events of [[...first, ...rest], resumed, [...first, ...resumed]]) {
      let text = '';
      for (const event of events)
        if (event.__typename === 'TurnTextAdded') text = text.slice(0, event.offset) + event.text;
      expect(text).toBe('Once 😀 upon a time.');
      expect(events.at(-1).message).toMatchObject({ id: turnId, content: text });
    }
  });

  test('[P-23] the message of a terminal event is the one that is stored: same id, content, status and reason', async () => {
    const { id, listener } = await converse();
    const events = await busy({ id, after: '', listener });
    const ended = events.flatMap(({ message, partial, turnId }) =>
      turnId ? (message ?? partial ?? []) : [],
    );
    expect(ended.map(({ status }) => status)).toEqual(['COMPLETED', 'INTERRUPTED', 'INTERRUPTED']);
    await eventually(() => node(ended.at(-1).id));
    const { nodes } = (await read(id)).messages;
    for (const message of ended)
      expect(nodes.find((stored: Data) => stored.id === message.id)).toMatchObject(message);
  });

  test('[P-33] TurnThinking is heard at once, before the first word', async () => {
    const { id, listener } = await converse();
    const { turnId } = await send(id, 'Why?');
    const request = await system.upstream.nextRequest();
    await request.think('Hm, ');
    const thinking = { __typename: 'TurnThinking', turnId };
    expect(await listener.until('TurnThinking')).toMatchObject([
      ...[
        { __typename: 'MessageAdded' },
        { __typename: 'ConversationUpdated' },
        { __typename: 'TurnStarted' },
      ],
      { ...thinking, seconds: 0 },
    ]);
    await request.think('well');
    await request.send('Because. ');
    const said = { __typename: 'TurnTextAdded', turnId };
    expect(await listener.until('TurnTextAdded')).toMatchObject([{ ...said, text: 'Because. ' }]);
    expect((await read(id)).activeTurn).toMatchObject({ state: 'SPEAKING', text: 'Because. ' });
    await request.finish();
    await listener.until('TurnCompleted');
  });

  test('[P-34] an answer that the model ended at its limit of tokens says so, as it is heard and as it is stored', async () => {
    const { id, listener } = await converse();
    await send(id, 'Say all of it');
    const request = await system.upstream.nextRequest();
    await request.send('First, ');
    await request.finish({ reason: 'length' });
    const heard = (await listener.until('TurnCompleted')).at(-1).message;
    expect(heard).toMatchObject({ content: 'First, ', status: 'COMPLETED', isTruncated: true });
    await eventually(() => node(heard.id));
    await send(id, 'Go on');
    expect((await answer(listener, 'Second.')).at(-1).message.isTruncated).toBe(false);
    await send(id, 'And then?');
    await fail(listener, 'Third');
    const { nodes } = await eventually(async () => {
      const { messages } = await read(id);
      return messages.nodes.length === 6 ? messages : null;
    });
    expect(nodes.map(({ isTruncated }: Data) => isTruncated)).toEqual([
      false,
      true,
      false,
      false,
      false,
      false,
    ]);
  });

  test('[P-24] a message that is sent while an answer is spoken interrupts it; its MessageAdded and TurnStarted follow', async () => {
    const { id, listener } = await converse();
    const first = await send(id, 'Read me a story');
    const request = await system.upstream.nextRequest();
    await request.send('Once upon ');
    await listener.until('TurnTextAdded');
    const second = await send(id, 'Stop');
    await request.closed;
    expect(await listener.until('TurnStarted')).toMatchObject([
      { turnId: first.turnId, interruptionReason: 'USER_MESSAGE', partial: { content: 'Once upon ' } },
      { __typename: 'MessageAdded', message: { id: second.sentMessage.id } },
      { __typename: 'TurnStarted', turnId: second.turnId },
    ]);
    await answer(listener, 'All right.');
  });

  test('[P-25] cancelTurn with the id of a turn that is over stops nothing', async () => {
    const { id, listener } = await converse();
    const first = await send(id, 'One?');
    await answer(listener, 'One.');
    const second = await send(id, 'Two?');
    const request = await system.upstream.nextRequest();
    await request.send('Two ');
    await listener.until('TurnTextAdded');
    const cancel = (turnId: string) => mutate(ask.CANCEL, { conversationId: id, turnId });
    expect(await cancel(first.turnId)).toEqual({ __typename: 'CancelTurnSuccess', interrupted: null });
    await request.send('indeed.');
    expect(typesOf(await listener.until('TurnTextAdded'))).toEqual(['TurnTextAdded']);
    const interrupted = { id: second.turnId, content: 'Two indeed.', interruptionReason: 'CANCELLED' };
    expect(await cancel(second.turnId)).toMatchObject({ interrupted });
    await request.closed;
  });

  const LONG = 'One two three. '.repeat(200);

  test('[P-98] fastForwardTurn has the rest of an answer spoken at once, and what still comes as it comes', async () => {
    const { id, listener } = await converse({ pacing: 'READING', readingWpm: 150 });
    const { turnId } = await send(id, 'Say it');
    const request = await system.upstream.nextRequest();
    await request.send(LONG);
    const events = [(await listener.until('TurnTextAdded')).at(-1)];
    const heard = () => events.map(({ text }) => text).join('');
    const faster = { __typename: 'FastForwardTurnSuccess', conversation: { id, activeTurn: { turnId } } };
    for (let n = 0; n < 2; n++)
      expect(await mutate(ask.FAST_FORWARD, { conversationId: id, turnId })).toEqual(faster);
    while (heard().length < LONG.length) events.push(await listener.event());
    expect(heard()).toBe(LONG);
    // At 150 words a minute it would have taken four minutes, in 600 events.
    expect(events.at(-1)?.text.length).toBeGreaterThan(LONG.length / 2);
    await request.send('Four five.');
    expect(await listener.event()).toMatchObject({ offset: LONG.length, text: 'Four five.' });
    await request.finish();
    expect((await listener.until('TurnCompleted')).at(-1).message.content).toBe(`${LONG}Four five.`);
  });

  test('[P-98] fastForwardTurn of a turn that is over, or is not one of the conversation, changes nothing', async () => {
    const { id, listener } = await converse({ pacing: 'READING', readingWpm: 150 });
    const other = await converse();
    const over = await send(id, 'One?');
    await (await system.upstream.nextRequest()).finish();
    await listener.until('TurnFailed');
    const open = await send(id, 'Two?');
    const request = await system.upstream.nextRequest();
    await request.send('Two and three ');
    const before = (await listener.until('TurnTextAdded')).at(-1);
    expect(before).toMatchObject({ turnId: open.turnId, text: 'Two ' });
    const success = { __typename: 'FastForwardTurnSuccess' };
    for (const turnId of [over.turnId, other.id, 'no-id', toNodeId('Message', randomUUID())])
      expect(await mutate(ask.FAST_FORWARD, { conversationId: id, turnId })).toMatchObject(success);
    const input = { conversationId: other.id, turnId: open.turnId };
    expect(await mutate(ask.FAST_FORWARD, input)).toMatchObject(success);
    expect(await listener.event()).toMatchObject({ text: 'and ' });
    const nowhere = { conversationId: toNodeId('Conversation', randomUUID()), turnId: open.turnId };
    expect(await mutate(ask.FAST_FORWARD, nowhere)).toMatchObject({ __typename: 'NotFoundError' });
    await mutate(ask.CANCEL, { conversationId: id });
    await listener.until('TurnInterrupted');
  });

  test('[P-99] readingWpm is 150 to 900 words a minute, or null for that of the installation', async () => {
    const { id, listener } = await converse({ pacing: 'READING' });
    const update = (changes: Data) => mutate(ask.UPDATE, { conversationId: id, ...changes });
    const refused = { __typename: 'InvalidInputError', fieldErrors: [{ path: 'readingWpm' }] };
    for (const readingWpm of [149, 901, 0, -300]) {
      expect(await update({ readingWpm, title: 'No' })).toMatchObject(refused);
      expect(await mutate(ask.CREATE, { readingWpm })).toMatchObject(refused);
    }
    expect((await update({ title: 'Yes' })).conversation).toMatchObject({ title: 'Yes', readingWpm: null });
    expect((await update({ readingWpm: 900 })).conversation.readingWpm).toBe(900);
    expect((await update({ readingWpm: null, title: 'Slow' })).conversation.readingWpm).toBe(900);
    const events = [await listener.event(), await listener.event(), await listener.event()];
    expect(events.map(({ title, readingWpm }) => [title, readingWpm])).toEqual([
      ['Yes', null],
      ['Yes', 900],
      ['Slow', 900],
    ]);
    const created = await mutate(ask.CREATE, { greet: false, pacing: 'READING', readingWpm: 150 });
    expect(created.conversation).toMatchObject({ pacing: 'READING', readingWpm: 150 });
  });

  test('[P-99] a new reading speed holds from the next turn on', async () => {
    const { id, listener } = await converse({ pacing: 'READING', readingWpm: 150 });
    const gapOf = async (text: string) => {
      await send(id, text);
      const request = await system.upstream.nextRequest();
      await request.send('One two three');
      const times: number[] = [];
      for (let n = 0; n < 2; n++) times.push(Date.parse((await listener.until('TurnTextAdded')).at(-1).at));
      return (times[1] ?? 0) - (times[0] ?? 0);
    };
    const slow = await gapOf('Slowly');
    await mutate(ask.UPDATE, { conversationId: id, readingWpm: 900 });
    const fast = await gapOf('Quickly');
    expect(slow).toBeGreaterThan(350);
    expect(fast).toBeLessThan(slow - 100);
    await mutate(ask.CANCEL, { conversationId: id });
    await listener.until('TurnInterrupted');
  });

  test('an event of settings that a process of the release before has published has no reading speed', async () => {
    const { id, listener } = await converse();
    const old = { type: 'ConversationUpdated', title: 'Old', model: 'openai/gpt-4o', pacing: 'HUMAN' };
    await system.app.feed.append(rowIdOf(id), [old as never]);
    expect(await listener.event()).toMatchObject({ title: 'Old', readingWpm: null });
  });

  test('[P-26] a listener that leaves stops nothing: when it resumes, it hears the whole answer', async () => {
    const { id, after, listener } = await converse();
    await send(id, 'Say it');
    const request = await system.upstream.nextRequest();
    await request.send('Once ');
    await listener.until('TurnTextAdded');
    listener.stop();
    await request.send('upon a time.');
    await request.finish();
    const { message } = (await listen(id, after).until('TurnCompleted')).at(-1);
    expect(message.content).toBe('Once upon a time.');
  });

  test('[P-27] a model that fails ends the turn with TurnFailed; the message keeps the failure, and what was heard stays', async () => {
    const { id, listener } = await converse();
    const { turnId, sentMessage } = await send(id, 'Why?');
    const { failure, partial } = (await fail(listener, 'Because ')).at(-1);
    expect(failure).toMatchObject({ turnId, text: expect.stringMatching(/\w/) });
    expect(partial).toMatchObject({ id: turnId, content: 'Because ', interruptionReason: 'MODEL_FAILED' });
    await eventually(() => node(turnId));
    const question = (await read(id)).messages.nodes.find((each: Data) => each.id === sentMessage.id);
    expect(question.failure).toEqual({ turnId, code: failure.code });
  });

  test('[P-28] ConversationUpdated has every setting as it is now', async () => {
    const { id, listener } = await converse();
    await mutate(ask.UPDATE, { conversationId: id, title: 'Mine' });
    await mutate(ask.UPDATE, { conversationId: id, model: 'openai/gpt-4o', pacing: 'HUMAN' });
    const updated = { __typename: 'ConversationUpdated', title: 'Mine' };
    expect(await listener.event()).toMatchObject({ ...updated, pacing: 'INSTANT' });
    expect(await listener.event()).toMatchObject({
      ...updated,
      pacing: 'HUMAN',
      model: { id: 'openai/gpt-4o' },
    });
  });

  test('an event type that only a newer server knows is skipped, and what follows is heard', async () => {
    const { id, listener } = await converse();
    await system.app.feed.append(rowIdOf(id), [{ type: 'SunRisen' } as never]);
    await mutate(ask.UPDATE, { conversationId: id, title: 'Mine' });
    expect((await listener.event()).__typename).toBe('ConversationUpdated');
  });

  test('[P-29] endConversation interrupts the answer, then publishes the end; a message makes the conversation ACTIVE again', async () => {
    const { id, listener } = await converse();
    await send(id, 'Say it');
    const request = await system.upstream.nextRequest();
    await request.send('Once ');
    await listener.until('TurnTextAdded');
    await system.request(ask.END, { id });
    expect(await listener.until('ConversationEnded')).toMatchObject([
      { __typename: 'TurnInterrupted', interruptionReason: 'CONVERSATION_ENDED' },
      { __typename: 'ConversationEnded', endReason: 'ENDED_BY_USER' },
    ]);
    expect((await send(id, 'One more thing')).conversation.status).toBe('ACTIVE');
    await answer(listener, 'Yes?');
  });

  test('[P-30] a conversation that is deleted completes its subscriptions', async () => {
    const { id, listener } = await converse();
    await mutate(ask.UPDATE, { conversationId: id, title: 'Mine' });
    await listener.event();
    await system.request(ask.DELETE, { id });
    await expect(listener.event()).rejects.toThrow('completed');
    expect(await node(id)).toBeNull();
  });
});

describe('the list of conversations', () => {
  test('[P-17] changes are heard as they happen: CREATED, UPDATED, ENDED, DELETED', async () => {
    const changes = system.listen(ask.CHANGES);
    // A subscription is not acknowledged: something is changed until a change is heard.
    const first = changes.event();
    let isHeard = false;
    void first.then(() => {
      isHeard = true;
    });
    while (!isHeard) await system.request(ask.CREATE, { input: { greet: false } });
    await first;
    const heard = async (id: string, kind: string): Promise<Data> => {
      let change: Data;
      do change = await changes.event();
      while (change.conversationId !== id || change.kind !== kind);
      return change.conversation;
    };
    const { id } = await converse();
    expect(await heard(id, 'CREATED')).toMatchObject({ id, title: null });
    await mutate(ask.UPDATE, { conversationId: id, title: 'Mine' });
    expect(await heard(id, 'UPDATED')).toMatchObject({ title: 'Mine' });
    await system.request(ask.END, { id });
    expect(await heard(id, 'ENDED')).toMatchObject({ status: 'CANCELLED' });
    await system.request(ask.DELETE, { id });
    expect(await heard(id, 'DELETED')).toBeNull();
  });
});

describe('a call that is repeated', () => {
  test('[P-40] with its clientMessageId returns the same message and turn and starts nothing; with another text it is refused', async () => {
    const { id, listener } = await converse();
    const clientMessageId = randomUUID();
    const first = await send(id, 'Once', { clientMessageId });
    expect(first.sentMessage.clientMessageId).toBe(clientMessageId);
    const again = await send(id, 'Once', { clientMessageId: clientMessageId.toUpperCase() });
    expect([again.turnId, again.sentMessage]).toEqual([first.turnId, first.sentMessage]);
    expect(await send(id, 'Twice', { clientMessageId })).toMatchObject({
      __typename: 'InvalidInputError',
      fieldErrors: [{ path: 'clientMessageId' }],
    });
    expect(typesOf(await answer(listener, 'Yes.'))).not.toContain('TurnInterrupted');
    expect((await read(id)).messages.nodes.filter(({ role }: Data) => role === 'USER')).toHaveLength(1);
  });

  test('[P-41] with its clientConversationId returns the conversation that exists, as it is', async () => {
    const clientConversationId = randomUUID();
    const { id } = await converse({ clientConversationId });
    await mutate(ask.UPDATE, { conversationId: id, title: 'Mine' });
    const again = await mutate(ask.CREATE, { clientConversationId, pacing: 'HUMAN', greet: true });
    expect(again.conversation).toMatchObject({ id, title: 'Mine', pacing: 'INSTANT', messageCount: 0 });
    expect((await read(id)).activeTurn).toBeNull();
  });

  test('[P-42] with its clientRequestId returns the turn that it began', async () => {
    const { id, listener } = await converse();
    await send(id, 'Why?');
    await fail(listener, 'Be');
    const regenerate = (clientRequestId: string) =>
      mutate(ask.REGENERATE, { conversationId: id, clientRequestId });
    const clientRequestId = randomUUID();
    const first = await regenerate(clientRequestId);
    await answer(listener, 'Because.');
    await eventually(() => node(first.turnId));
    expect(await regenerate(clientRequestId)).toEqual(first);
    expect((await read(id)).activeTurn).toBeNull();
  });

  test('[P-43] with its idempotencyKey is stored once', async () => {
    const input = { ...MEASURED, idempotencyKey: randomUUID(), model: `once/${randomUUID()}` };
    const { id } = await mutate(ask.INGEST, input);
    await eventually(() => node(id));
    expect((await mutate(ask.INGEST, input)).id).toBe(id);
    await eventually(() => mutate(ask.INGEST, MEASURED).then((other) => node(other.id)));
    const { data } = await system.request(
      'query ($model: String!) { inferenceLogs(model: $model) { totalCount } }',
      { model: input.model },
    );
    expect(data.inferenceLogs.totalCount).toBe(1);
  });
});

describe('a call that is refused', () => {
  test('[P-44] because of its input is an InvalidInputError that names the fields, and stores nothing', async () => {
    const { id } = await converse();
    for (const text of ['', ' \n\t ', 'x'.repeat(32_001), 'a\0b'])
      expect(await send(id, text)).toMatchObject({
        __typename: 'InvalidInputError',
        message: expect.stringMatching(/\w/),
        fieldErrors: [{ path: 'text', message: expect.stringMatching(/\w/) }],
      });
    expect(await read(id)).toMatchObject({ messageCount: 0, activeTurn: null, messages: { nodes: [] } });
  });

  test('[P-51] for a fault of the request has its message, location and code, and nothing more', async () => {
    const { id } = await converse();
    for (const query of [
      '{ viewer {',
      '{ viewer { shoeSize } }',
      `{ conversation(id: "${id}") { messages(first: 101) { nodes { id } } } }`,
    ])
      for (const { message, ...rest } of (await system.request(query)).errors ?? []) {
        expect(message).toMatch(/\w/);
        expect(['locations', 'path', 'extensions']).toEqual(expect.arrayContaining(Object.keys(rest)));
        expect(['code', 'argument']).toEqual(expect.arrayContaining(Object.keys(rest.extensions ?? {})));
      }
  });
});

describe('while a store does not answer', () => {
  const unavailable = () => Promise.reject(new StoreUnavailableError('unavailable'));

  test('[P-44] a mutation that cannot be done is an UnavailableError and stores nothing', async () => {
    const { id } = await converse();
    vi.spyOn(PgConversationStore.prototype, 'read').mockImplementation(unavailable);
    vi.spyOn(system.app.feed, 'begin').mockImplementation(unavailable);
    expect(await send(id, 'Hi')).toMatchObject({ __typename: 'UnavailableError' });
    expect(await mutate(ask.CREATE, {})).toMatchObject({ __typename: 'UnavailableError' });
    vi.restoreAllMocks();
    expect(await read(id)).toMatchObject({ messageCount: 0, activeTurn: null, messages: { nodes: [] } });
  });

  test('[P-52] a query is SERVICE_UNAVAILABLE with resumable; a mutation that was done and cannot read its result is so without it', async () => {
    const { id } = await converse();
    vi.spyOn(system.app.feed, 'state').mockImplementation(unavailable);
    const query = await system.request(ask.CONVERSATION, { id });
    expect(query.errors?.[0]?.extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', resumable: true });
    const input = { conversationId: id, title: 'Mine' };
    const { errors } = await system.request(ask.UPDATE, { input });
    expect(errors?.[0]?.extensions).toEqual({ code: 'SERVICE_UNAVAILABLE' });
    vi.restoreAllMocks();
    expect((await read(id)).title).toBe('Mine');
  });

  test('[P-53] a subscription that cannot go on ends with one error that has resumable, and completes', async () => {
    const { id, after, listener: first } = await converse();
    await mutate(ask.UPDATE, { conversationId: id, title: 'Mine' });
    await first.event();
    const breaking = { next: unavailable, [Symbol.asyncIterator]: () => breaking };
    vi.spyOn(system.app.feed, 'subscribe').mockReturnValueOnce(breaking);
    const listener = listen(id, after);
    const { errors } = await listener.result();
    expect(errors?.[0]?.extensions).toEqual({ code: 'SERVICE_UNAVAILABLE', resumable: true });
    await expect(listener.result()).rejects.toThrow('completed');
  });
});

const MEASURED = {
  model: 'other/model',
  provider: 'other',
  status: 'SUCCESS',
  latencyMs: 1_200,
  inputTokens: 10,
  outputTokens: 20,
};

/** Events with each run of text merged, as in a replay. */
function spoken(events: Data[]): Data[] {
  const merged: Data[] = [];
  for (const event of events) {
    const last = merged.at(-1);
    if (event.__typename === 'TurnTextAdded' && last?.__typename === 'TurnTextAdded')
      merged[merged.length - 1] = { ...event, offset: last.offset, text: last.text + event.text };
    else merged.push(event);
  }
  return merged;
}
