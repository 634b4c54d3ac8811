import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { acceptAndDie } from './support/dead-process.ts';
import { type Data, type Heard, startTestSystem, type TestSystem } from './support/harness.ts';
import { rowIdOf } from './support/node-ids.ts';
import { CANCEL, CONVERSATION, CREATE, EVENTS, REGENERATE, SEND, UPDATE } from './support/operations.ts';

const DELETE = /* GraphQL */ `
  mutation Delete($input: DeleteConversationInput!) { deleteConversation(input: $input) { __typename } }
`;

await describeBackends('a mutation', (backend) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem({ ...(await backend.env()), IDLE_NUDGE_MS: '3600000' });
  });
  afterAll(() => system.stop());

  const call = async (document: string, input: Data): Promise<Data> =>
    Object.values((await system.request(document, { input })).data)[0];
  const create = async (input: Data = {}): Promise<Data> =>
    (await call(CREATE, { greet: false, pacing: 'INSTANT', ...input })).conversation;
  const read = async (id: string): Promise<Data> =>
    (await system.request(CONVERSATION, { id })).data.conversation;

  async function converse(): Promise<{ id: string; listener: Heard }> {
    const { id, latestEventCursor } = await create();
    return { id, listener: system.listen(EVENTS, { conversationId: id, after: latestEventCursor }) };
  }

  /** A conversation in which the AI speaks. */
  async function speaking(text: string) {
    const { id, listener } = await converse();
    const { turnId } = await call(SEND, { conversationId: id, text });
    const request = await system.upstream.nextRequest();
    await request.send('One, ');
    await listener.until('TurnTextAdded');
    return { id, listener, turnId, request };
  }

  async function fail(listener: Heard): Promise<void> {
    (await system.upstream.nextRequest()).fail(401, { error: { message: 'Unauthorized' } });
    await listener.until('TurnFailed');
  }

  const clientId = () => crypto.randomUUID();

  test('that repeats a clientMessageId with another text is refused, stores nothing and interrupts nothing', async () => {
    const { id, listener } = await converse();
    const clientMessageId = clientId();
    await call(SEND, { conversationId: id, text: 'First', clientMessageId });
    const request = await system.upstream.nextRequest();
    await request.send('One, ');
    await listener.until('TurnTextAdded');
    expect(await call(SEND, { conversationId: id, text: 'Second', clientMessageId })).toMatchObject({
      __typename: 'InvalidInputError',
      fieldErrors: [{ path: 'clientMessageId', message: 'was used for another text' }],
    });
    await request.send('two.');
    await request.finish();
    const types = (await listener.until('TurnCompleted')).map(({ __typename }) => __typename);
    expect(types).not.toContain('TurnInterrupted');
    expect((await read(id)).messages.nodes[0]).toMatchObject({ content: 'First', clientMessageId });
  });

  test('that repeats a clientConversationId returns the existing conversation, also for many calls at once', async () => {
    const clientConversationId = clientId();
    const before = system.upstream.requests.length;
    const input = { greet: true, clientConversationId };
    const created = await Promise.all(Array.from({ length: 20 }, () => create(input)));
    expect(new Set(created.map(({ id }) => id)).size).toBe(1);
    const request = await system.upstream.nextRequest();
    expect((await create({ ...input, clientConversationId: clientConversationId.toUpperCase() })).id).toBe(
      created[0].id,
    );
    await request.send('Hello!');
    await request.finish();
    await expect.poll(async () => (await read(created[0].id)).messageCount).toBe(1);
    expect(system.upstream.requests.length, 'one greeting').toBe(before + 1);

    expect((await create({ clientConversationId: clientId() })).id).not.toBe(created[0].id);
    await call(DELETE, { conversationId: created[0].id });
    expect((await create({ clientConversationId })).id).not.toBe(created[0].id);
  });

  test('that regenerates returns the turn that the same clientRequestId began, also when that has failed', async () => {
    const { id, listener } = await converse();
    await call(SEND, { conversationId: id, text: 'Why?' });
    await fail(listener);
    const [one, two] = [clientId(), clientId()];
    const regenerate = (clientRequestId: string) => call(REGENERATE, { conversationId: id, clientRequestId });
    const tries = await Promise.all([regenerate(one), regenerate(one.toUpperCase())]);
    expect(tries[1].turnId).toBe(tries[0].turnId);
    await fail(listener);
    expect((await regenerate(one)).turnId).toBe(tries[0].turnId);
    await expect.poll(async () => (await read(id)).messages.nodes[0].failure).not.toBeNull();
    const next = await regenerate(two);
    expect(next.turnId).not.toBe(tries[0].turnId);
    expect((await read(id)).messages.nodes[0].failure).toBeNull();
    const request = await system.upstream.nextRequest();
    await request.send('Because.');
    await request.finish();
    await listener.until('TurnCompleted');
    expect((await regenerate(two)).turnId).toBe(next.turnId);
  });

  test('that regenerates calls the named model, once only', async () => {
    const { id, listener } = await converse();
    await call(SEND, { conversationId: id, text: 'Why?' });
    await fail(listener);
    const model = 'openai/gpt-4o';
    expect(await call(REGENERATE, { conversationId: id, model: 'none' })).toMatchObject({
      __typename: 'InvalidInputError',
      fieldErrors: [{ path: 'model' }],
    });
    await call(REGENERATE, { conversationId: id, model });
    const request = await system.upstream.nextRequest();
    expect(request.model).toMatch(/gpt-4o$/);
    await request.send('Because.');
    await request.finish();
    const events = await listener.until('TurnCompleted');
    expect(events.at(-1).message.answeredBy.id).toBe(model);
    expect((await read(id)).model.id).toBe('openai/gpt-4o-mini');
  });

  test('that regenerates accepts a message of the conversation alone, or its answer', async () => {
    const { id, listener } = await converse();
    await call(SEND, { conversationId: id, text: 'First' });
    const request = await system.upstream.nextRequest();
    await request.send('Answered.');
    await request.finish();
    await listener.until('TurnCompleted');
    await expect.poll(async () => (await read(id)).messageCount).toBe(2);
    await call(SEND, { conversationId: id, text: 'Second' });
    const second = await system.upstream.nextRequest();
    await second.send('Half of ');
    await listener.until('TurnTextAdded');
    await call(CANCEL, { conversationId: id });
    const [, , question, partial] = (await read(id)).messages.nodes.map(({ id }: Data) => id);
    const regenerate = (messageId: string) => call(REGENERATE, { conversationId: id, messageId });
    const other = (await converse()).id;
    for (const [conversationId, messageId] of [
      [id, 'nonsense'],
      [other, question],
    ])
      expect(await call(REGENERATE, { conversationId, messageId })).toMatchObject({
        __typename: 'NotFoundError',
        message: 'There is no such message.',
      });
    const { turnId } = await regenerate(partial);
    expect((await regenerate(question)).turnId, 'the one that is pending').toBe(turnId);
    await (await system.upstream.nextRequest()).fail(401, {});
    await listener.until('TurnFailed');
  });

  test('that cancels a turn that is over interrupts nothing: a Stop for one answer never stops the next', async () => {
    const { id, listener, turnId } = await speaking('First');
    await call(SEND, { conversationId: id, text: 'Second' });
    const next = await system.upstream.nextRequest();
    await next.send('Two, ');
    await listener.until('TurnStarted');
    expect(await call(CANCEL, { conversationId: id, turnId })).toMatchObject({
      __typename: 'CancelTurnSuccess',
      interrupted: null,
    });
    await next.send('three.');
    await next.finish();
    const events = await listener.until('TurnCompleted');
    expect(events.at(-1).message.content).toBe('Two, three.');
    expect(events.map(({ __typename }) => __typename)).not.toContain('TurnInterrupted');
  });

  test('that cancels the turn that is being spoken, by its id, stops it', async () => {
    const { id, listener, turnId, request } = await speaking('Count');
    expect(await call(CANCEL, { conversationId: id, turnId })).toMatchObject({
      interrupted: { id: turnId, content: 'One, ', status: 'INTERRUPTED' },
    });
    await request.closed;
    expect((await listener.until('TurnInterrupted')).at(-1)).toMatchObject({
      interruptionReason: 'CANCELLED',
      partial: { id: turnId, content: 'One, ', interruptionReason: 'CANCELLED' },
      partialContent: 'One, ',
    });
    expect(await call(CANCEL, { conversationId: id, turnId: 'nonsense' })).toMatchObject({
      __typename: 'InvalidInputError',
    });
  });

  test('that cancels before the first word leaves only the message', async () => {
    const { id, listener } = await converse();
    const { turnId } = await call(SEND, { conversationId: id, text: 'Well?' });
    const request = await system.upstream.nextRequest();
    await listener.until('TurnStarted');
    expect(await call(CANCEL, { conversationId: id, turnId })).toMatchObject({ interrupted: null });
    await request.closed;
    expect((await listener.until('TurnInterrupted')).at(-1)).toMatchObject({
      partial: null,
      partialContent: '',
      interruptedAtToken: 0,
    });
    expect(await read(id)).toMatchObject({ messageCount: 1, activeTurn: null });
  });

  test('that cancels an answer that is pending and has not begun stops it, too', async () => {
    const { id, listener } = await converse();
    const conversationId = rowIdOf(id);
    // The state that a process leaves when it dies after its commit.
    await acceptAndDie(system.app, conversationId, 'Well?');
    const question = (await read(id)).messages.nodes.at(-1).id;
    const { activeTurn } = await read(id);
    expect(activeTurn).toMatchObject({
      state: 'PENDING',
      cause: 'USER_MESSAGE',
      model: { id: 'openai/gpt-4o-mini' },
      text: '',
      startedAt: null,
      fallback: null,
    });
    const other = question;
    await call(CANCEL, { conversationId: id, turnId: other });
    expect((await read(id)).activeTurn).toEqual(activeTurn);
    expect(await call(CANCEL, { conversationId: id, turnId: activeTurn.turnId })).toMatchObject({
      __typename: 'CancelTurnSuccess',
      interrupted: null,
    });
    expect((await read(id)).activeTurn).toBeNull();
    const events = await listener.until('TurnInterrupted');
    expect(events.map(({ __typename }) => __typename)).toEqual([
      'MessageAdded',
      'ConversationUpdated',
      'TurnStarted',
      'TurnInterrupted',
    ]);
    expect(events.at(-1)).toMatchObject({ interruptionReason: 'CANCELLED', partial: null });
    expect((await system.app.reads.find(conversationId))?.pendingTurnId).toBeNull();
  });

  test('that updates a conversation changes only the given fields, in one event', async () => {
    const { id, listener } = await converse();
    const update = (changes: Data) => call(UPDATE, { conversationId: id, ...changes });
    const model = 'openai/gpt-4o';
    expect((await update({ title: ' Bees ', model, pacing: 'HUMAN' })).conversation).toEqual({
      title: 'Bees',
      model: { id: model },
      pacing: 'HUMAN',
    });
    expect(await listener.event()).toMatchObject({
      __typename: 'ConversationUpdated',
      title: 'Bees',
      model: { id: model },
      pacing: 'HUMAN',
    });
    expect((await update({ model: null, pacing: null })).conversation.title).toBe('Bees');
    expect((await update({})).conversation.title).toBe('Bees');
    await update({ pacing: 'INSTANT' });
    expect(await listener.event(), 'no event where nothing was given').toMatchObject({
      title: 'Bees',
      pacing: 'INSTANT',
    });
    expect(await update({ title: 'New', model: 'none' })).toMatchObject({
      __typename: 'InvalidInputError',
      fieldErrors: [{ path: 'model' }],
    });
    expect((await read(id)).title, 'a refusal has no effect').toBe('Bees');
  });

  test('that sets a null title restores the title of the first message', async () => {
    const { id, listener } = await converse();
    const retitle = async (title: string | null) =>
      (await call(UPDATE, { conversationId: id, title })).conversation.title;
    expect(await retitle('Mine')).toBe('Mine');
    expect(await retitle(null)).toBeNull();
    await call(SEND, { conversationId: id, text: 'How do bees talk?' });
    expect((await read(id)).title).toBe('How do bees talk?');
    expect(await retitle('Mine')).toBe('Mine');
    expect(await retitle(null)).toBe('How do bees talk?');
    await fail(listener);
  });

  test('whose answer is empty leaves a failure NO_ANSWER, never an empty answer', async () => {
    const { id, listener } = await converse();
    await call(SEND, { conversationId: id, text: 'Well?' });
    await (await system.upstream.nextRequest()).finish();
    const failed = (await listener.until('TurnFailed')).at(-1);
    expect(failed).toMatchObject({ failure: { code: 'NO_ANSWER', retryable: true }, partial: null });
    await expect
      .poll(async () => (await read(id)).messages.nodes)
      .toMatchObject([{ role: 'USER', failure: { code: 'NO_ANSWER' } }]);
  });

  test('whose greeting fails leaves the failure with the conversation until a message comes', async () => {
    const { id, latestEventCursor } = await create({ greet: true });
    const listener = system.listen(EVENTS, { conversationId: id, after: latestEventCursor });
    await fail(listener);
    await expect.poll(async () => (await read(id)).failure).toMatchObject({ code: 'PERMISSION_DENIED' });
    await call(SEND, { conversationId: id, text: 'Hi' });
    expect((await read(id)).failure).toBeNull();
    await fail(listener);
  });
});
