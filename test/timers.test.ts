import { afterAll, beforeAll, expect, test } from 'vitest';
import { NUDGES, TYPING_NUDGE } from '../core/domain/texts.ts';
import { type TimerJob, timerJob } from '../core/queue/jobs.ts';
import { describeBackends } from './support/backends.ts';
import { acceptAndDie } from './support/dead-process.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { rowIdOf } from './support/node-ids.ts';
import { CONVERSATION, CREATE, EVENTS, REPORT, SEND } from './support/operations.ts';

const IDLE_TIMEOUT = /* GraphQL */ `
  mutation IdleTimeout($input: UpdateConversationInput!) {
    updateConversation(input: $input) {
      __typename
      ... on UpdateConversationSuccess { conversation { idleTimeout pacing } }
    }
  }
`;
const SETTINGS = /* GraphQL */ `
  subscription Settings($conversationId: ID!, $after: String) {
    conversationEvents(conversationId: $conversationId, after: $after) {
      __typename
      ... on ConversationUpdated { title idleTimeout }
    }
  }
`;

await describeBackends('silence and typing', (backend) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem({
      ...(await backend.env()),
      IDLE_NUDGE_MS: '400',
      IDLE_END_MS: '400',
      TYPING_NUDGE_MS: '300',
    });
    system.upstream.answerAll('Well.');
  });
  afterAll(() => system.stop());

  async function answered(settings: { idleTimeout?: boolean } = {}): Promise<{ id: string; after: string }> {
    const input = { greet: false, pacing: 'INSTANT', ...settings };
    const { data } = await system.request(CREATE, { input });
    const { id, latestEventCursor } = data.createConversation.conversation;
    const listener = system.listen(EVENTS, { conversationId: id, after: latestEventCursor });
    await system.request(SEND, { input: { conversationId: id, text: 'Hi' } });
    const after = (await listener.until('TurnCompleted')).at(-1).cursor;
    listener.stop();
    return { id, after };
  }

  const reportTyping = (conversationId: string, typing: boolean) =>
    system.request(REPORT, { input: { conversationId, activity: typing ? 'TYPING' : 'NONE' } });

  const reportReading = (conversationId: string) =>
    system.request(REPORT, { input: { conversationId, activity: 'READING' } });

  const setIdleTimeout = (conversationId: string, idleTimeout: boolean | null) =>
    system.request(IDLE_TIMEOUT, { input: { conversationId, idleTimeout } });

  const isIdleArmed = (id: string): Promise<boolean> =>
    system.app.backend
      .producer(timerJob)
      .isArmed({ kind: 'idle', conversationId: rowIdOf(id), turnId: null, nudged: false });

  const read = async (id: string): Promise<Data> =>
    (await system.request(CONVERSATION, { id })).data.conversation;

  /** Makes the user's typing expire soon, as it does ten seconds after its last signal. */
  async function lapseSoon(id: string): Promise<void> {
    await system.app.timers.lookAgain({ kind: 'typing-lapse', conversationId: rowIdOf(id) }, 50);
  }

  /** Resolves when a conversation that falls silent now has been nudged: everything that was due before has happened. */
  async function untilAnotherIsNudged(): Promise<void> {
    const { id: conversationId, after } = await answered();
    const listener = system.listen(EVENTS, { conversationId, after });
    await listener.until('TurnStarted');
    listener.stop();
  }

  /** Resolves when a conversation that falls silent now has been nudged and has ended. */
  async function untilAnotherHasEnded(): Promise<void> {
    const { id: conversationId, after } = await answered();
    const listener = system.listen(EVENTS, { conversationId, after });
    await listener.until('ConversationEnded');
    listener.stop();
  }

  test('[P-70] after a silence the AI asks once, however many listen; after another the conversation ends', async () => {
    const { id: conversationId, after } = await answered();
    const listeners = [1, 2, 3].map(() => system.listen(EVENTS, { conversationId, after }));
    for (const listener of listeners) {
      const events: Data[] = await listener.until('ConversationEnded');
      const started = events.filter(({ __typename }) => __typename === 'TurnStarted');
      expect(started.map(({ cause }) => cause)).toEqual(['IDLE_NUDGE']);
      expect(NUDGES).toContain(
        events.find(({ __typename }) => __typename === 'TurnCompleted').message.content,
      );
      expect(events.at(-1).endReason).toBe('IDLE_TIMEOUT');
    }
    const { data } = await system.request(
      'query($id: ID!) { conversation(id: $id) { status messageCount } }',
      {
        id: conversationId,
      },
    );
    expect(data.conversation).toEqual({ status: 'COMPLETED', messageCount: 3 });

    await system.request(SEND, { input: { conversationId, text: 'I am back' } });
    await listeners[0]?.until('TurnCompleted');
    const again = await system.request('query($id: ID!) { conversation(id: $id) { status messageCount } }', {
      id: conversationId,
    });
    expect(again.data.conversation).toMatchObject({ status: 'ACTIVE' });
  });

  test('a nudge is said in the name of the conversation’s model, also while its circuit breaker is open, and does not use its probe', async () => {
    const { id: conversationId, after } = await answered();
    const { modelHealth, models } = system.app;
    const model = models.default.id;
    await modelHealth.open(model, 1);
    const listener = system.listen(EVENTS, { conversationId, after });
    const [started] = (await listener.until('TurnStarted')).slice(-1);
    expect(started).toMatchObject({ cause: 'IDLE_NUDGE', model: { id: model }, fallback: null });
    expect(await modelHealth.allowRequest(model)).toBe(true);
    await modelHealth.close(model);
    listener.stop();
  });

  test('[P-96] reading does not change that the user types', async () => {
    const { id: conversationId, after } = await answered();
    const listener = system.listen(EVENTS, { conversationId, after });
    await reportTyping(conversationId, true);
    await reportReading(conversationId);
    expect(await system.app.timers.isTyping(rowIdOf(conversationId))).toBe(true);
    await listener.until('TypingNudge');
    listener.stop();
  });

  test('[P-96] reading in a conversation that has ended, or without a turn, has no effect and no error', async () => {
    const { id: ended } = await answered();
    const { conversations, backend, reads } = system.app;
    const lastTurnId = (await reads.find(rowIdOf(ended)))?.lastTurnId ?? '';
    await conversations.complete(rowIdOf(ended), lastTurnId);
    await backend.producer(timerJob).disarm({
      ...{ kind: 'idle', conversationId: rowIdOf(ended), turnId: null, nudged: false },
    });
    const { data } = await system.request(CREATE, { input: { greet: false } });
    const silent = data.createConversation.conversation.id;
    for (const conversationId of [ended, silent]) {
      const reported = await reportReading(conversationId);
      expect(reported.data.reportActivity).toEqual({ __typename: 'ReportActivitySuccess', conversationId });
      expect(await isIdleArmed(conversationId)).toBe(false);
    }
    expect((await read(ended)).status).toBe('COMPLETED');
  });

  test('[P-97] without idleTimeout no activity arms the timer, and silence leads to neither a nudge nor the end', async () => {
    const { id: conversationId, after } = await answered({ idleTimeout: false });
    const listener = system.listen(EVENTS, { conversationId, after });
    await reportReading(conversationId);
    await reportTyping(conversationId, true);
    await reportTyping(conversationId, false);
    await listener.until('TypingChanged');
    expect(await isIdleArmed(conversationId)).toBe(false);
    await untilAnotherHasEnded();
    expect(await read(conversationId)).toMatchObject({ status: 'ACTIVE', messageCount: 2 });
    listener.stop();
  });

  test('[P-97] a timer that was armed before idleTimeout was switched off has no effect', async () => {
    const { id: conversationId, after } = await answered();
    const listener = system.listen(EVENTS, { conversationId, after });
    const changed = await setIdleTimeout(conversationId, false);
    expect(changed.data.updateConversation.conversation.idleTimeout).toBe(false);
    await untilAnotherHasEnded();
    expect(await read(conversationId)).toMatchObject({ status: 'ACTIVE', messageCount: 2 });
    listener.stop();
  });

  test('[P-97] a nudge or an end that is decided while idleTimeout is switched off is refused', async () => {
    const { id } = await answered();
    const conversationId = rowIdOf(id);
    const { turns, conversations, reads } = system.app;
    const lastTurnId = (await reads.find(conversationId))?.lastTurnId ?? '';
    await setIdleTimeout(id, false);
    expect(await turns.volunteer(conversationId, 'IDLE_NUDGE', lastTurnId)).toBe(false);
    await conversations.complete(conversationId, lastTurnId);
    expect(await read(id)).toMatchObject({ status: 'ACTIVE', messageCount: 2, activeTurn: null });
  });

  test('[P-97] idleTimeout that is switched on starts the silence; null leaves it as it is', async () => {
    const { id: conversationId, after } = await answered({ idleTimeout: false });
    const listener = system.listen(EVENTS, { conversationId, after });
    const unchanged = await setIdleTimeout(conversationId, null);
    expect(unchanged.data.updateConversation.conversation.idleTimeout).toBe(false);
    // Once the listener hears, it has joined: that does not start the silence.
    await setIdleTimeout(conversationId, false);
    await listener.until('ConversationUpdated');
    const switched = Date.now();
    await setIdleTimeout(conversationId, true);
    const nudge = (await listener.until('TurnStarted')).at(-1);
    expect(nudge.cause).toBe('IDLE_NUDGE');
    expect(Date.parse(nudge.at) - switched).toBeGreaterThanOrEqual(390);
    await listener.until('ConversationEnded');
  });

  test('listeners hear of a change of idleTimeout; it is true in an event of a version without it', async () => {
    const { id: conversationId, after } = await answered({ idleTimeout: false });
    const listener = system.listen(SETTINGS, { conversationId, after });
    await setIdleTimeout(conversationId, true);
    expect((await listener.until('ConversationUpdated')).at(-1).idleTimeout).toBe(true);
    await setIdleTimeout(conversationId, false);
    expect((await listener.until('ConversationUpdated')).at(-1).idleTimeout).toBe(false);

    const { database, turns } = system.app;
    const id = rowIdOf(conversationId);
    await database.prisma.$executeRaw`
      UPDATE conversations SET outbox_count = outbox_count + 1, version = version + 1, outbox_since = now(),
        outbox = jsonb_build_array(jsonb_build_object('n', outbox_count + 1, 'type', 'ConversationUpdated',
          'title', 'Of before', 'model', model, 'pacing', pacing))
      WHERE id = ${id}::uuid`;
    await turns.drive(id);
    expect((await listener.until('ConversationUpdated')).at(-1)).toMatchObject({
      ...{ title: 'Of before', idleTimeout: true },
    });
  });

  test('while a turn is pending the AI neither nudges nor ends the conversation', async () => {
    const { id } = await answered();
    const conversationId = rowIdOf(id);
    const { turns, conversations, reads } = system.app;
    const turnId = await acceptAndDie(system.app, conversationId, 'Still pending');
    expect(await turns.volunteer(conversationId, 'IDLE_NUDGE', turnId)).toBe(false);
    await conversations.complete(conversationId, turnId);
    expect(await reads.find(conversationId)).toMatchObject({ status: 'ACTIVE', pendingTurnId: turnId });
  });

  test('without listeners the timer stands still, and it restarts when one comes back', async () => {
    const { id: conversationId, after } = await answered();
    const witness = await answered();
    await system
      .listen(EVENTS, { conversationId: witness.id, after: witness.after })
      .until('ConversationEnded');
    // Another conversation has been nudged and ended meanwhile; in this one nothing was said.
    const came = Date.now();
    const listener = system.listen(EVENTS, { conversationId, after });
    const [first] = await listener.until('TurnStarted');
    expect(first).toMatchObject({ __typename: 'TurnStarted', cause: 'IDLE_NUDGE' });
    expect(new Date(first.at).getTime() - came).toBeGreaterThan(300);
  });

  test('typing is published when it begins and when it stops, and is encouraged once', async () => {
    const { id: conversationId, after } = await answered();
    const listener = system.listen(EVENTS, { conversationId, after });
    await reportTyping(conversationId, true);
    await reportTyping(conversationId, true);
    const nudge = (await listener.until('TypingNudge')).filter(({ __typename }) =>
      __typename.startsWith('Typing'),
    );
    expect(nudge.map(({ __typename }) => __typename)).toEqual(['TypingChanged', 'TypingNudge']);
    expect(nudge[0].typing).toBe(true);
    expect(nudge[1].text).toBe(TYPING_NUDGE);
    await reportTyping(conversationId, false);
    expect((await listener.until('TypingChanged')).at(-1).typing).toBe(false);
  });

  test('typing expires by itself, and a user who has stopped typing is not encouraged', async () => {
    const { id: conversationId, after } = await answered();
    const listener = system.listen(EVENTS, { conversationId, after });
    await reportTyping(conversationId, true);
    await lapseSoon(conversationId);
    const events = await listener.until('TurnStarted');
    expect(events.map(({ __typename, typing }) => [__typename, typing])).toEqual([
      ['TypingChanged', true],
      ['TypingChanged', false],
      ['TurnStarted', undefined],
    ]);
  });

  test('one period of typing is encouraged once, the next one again', async () => {
    const { id: conversationId, after } = await answered();
    const listener = system.listen(EVENTS, { conversationId, after });
    const nudge: TimerJob = { kind: 'typing-nudge', conversationId: rowIdOf(conversationId) };
    const timers = system.app.backend.producer(timerJob);
    await reportTyping(conversationId, true);
    await listener.until('TypingNudge');
    await expect.poll(() => timers.isArmed(nudge), { interval: 5 }).toBe(false);
    await reportTyping(conversationId, true);
    expect(await timers.isArmed(nudge)).toBe(false);
    await reportTyping(conversationId, false);
    await reportTyping(conversationId, true);
    const next = await listener.until('TypingNudge');
    expect(next.map(({ __typename, typing }) => [__typename, typing])).toEqual([
      ['TypingChanged', false],
      ['TypingChanged', true],
      ['TypingNudge', undefined],
    ]);
  });

  test('while the user types there is no silence; it begins when typing has expired', async () => {
    const { id: conversationId, after } = await answered();
    const listener = system.listen(EVENTS, { conversationId, after });
    await reportTyping(conversationId, true);
    await untilAnotherIsNudged();
    await lapseSoon(conversationId);
    const events = await listener.until('TurnStarted');
    expect(events.map(({ __typename }) => __typename)).toEqual([
      'TypingChanged',
      'TypingNudge',
      'TypingChanged',
      'TurnStarted',
    ]);
  });

  test('typing pauses nothing and interrupts nothing, and the silence begins when the answer ends', async () => {
    system.upstream.answerAll(null);
    const { data } = await system.request(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
    const { id: conversationId, latestEventCursor } = data.createConversation.conversation;
    const listener = system.listen(EVENTS, { conversationId, after: latestEventCursor });
    await system.request(SEND, { input: { conversationId, text: 'Hi' } });
    const request = await system.upstream.nextRequest();
    system.upstream.answerAll('Well.');
    await request.send('One, ');
    await listener.until('TurnTextAdded');
    await reportTyping(conversationId, true);
    await untilAnotherIsNudged();
    await reportTyping(conversationId, false);
    await request.send('two.');
    await request.finish();
    const events = await listener.until('TurnCompleted');
    const types = events.map(({ __typename }) => __typename);
    expect(types).not.toContain('TurnInterrupted');
    expect(types).not.toContain('TurnStarted');
    const done = events.at(-1);
    expect(done.message.content).toBe('One, two.');
    const nudge = (await listener.until('TurnStarted')).at(-1);
    expect(nudge.cause).toBe('IDLE_NUDGE');
    expect(Date.parse(nudge.at) - Date.parse(done.at)).toBeGreaterThanOrEqual(400);
  });

  test('a user who sends the message stops typing', async () => {
    const { id: conversationId, after } = await answered();
    const listener = system.listen(EVENTS, { conversationId, after });
    await reportTyping(conversationId, true);
    await listener.until('TypingChanged');
    await system.request(SEND, { input: { conversationId, text: 'Sent' } });
    const events = await listener.until('TypingChanged');
    expect(events.at(-1).typing).toBe(false);
    expect(events.some(({ __typename }) => __typename === 'TypingNudge')).toBe(false);
  });
});
