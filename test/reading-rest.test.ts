import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { DEFAULT_TENANT, LOCAL_OWNER } from '../core/domain/owner.ts';
import { type RunningWorker, startWorker } from '../worker/worker.ts';
import { describeBackends, removeKeys } from './support/backends.ts';
import { type Data, type Heard, startTestSystem, type TestSystem } from './support/harness.ts';
import { rowIdOf } from './support/node-ids.ts';
import { CONVERSATION, CREATE, EVENTS, SEND } from './support/operations.ts';

const FAST_FORWARD = /* GraphQL */ `
  mutation FastForward($input: FastForwardTurnInput!) {
    fastForwardTurn(input: $input) { __typename }
  }
`;
const NUMBERS = 'One two three four five six seven eight nine ten. ';
/** Half a minute at 900 words a minute. */
const TEXT = NUMBERS.repeat(45).trim();
/** Three seconds. */
const SHORT = NUMBERS.repeat(5).trim();
const USAGE = { prompt_tokens: 21, completion_tokens: 400, total_tokens: 421 };

await describeBackends('the rest of an answer at READING pace', (backend) => {
  let env: Record<string, string>;
  let system: TestSystem;
  let workers: RunningWorker[] = [];
  beforeAll(async () => {
    env = await backend.env();
    system = await startTestSystem({ ...env, TURNS_PER_OWNER: '1' }, { worker: false });
  });
  afterAll(() => system.stop());
  beforeEach(() => work());
  afterEach(async () => {
    system.upstream.answerAll(null);
    for (const worker of workers) await worker.stop();
    workers = [];
  });

  async function work(): Promise<void> {
    workers.push(await startWorker(system.app, { onStop: 'hand-over' }));
  }
  async function converse() {
    const input = { greet: false, pacing: 'READING', readingWpm: 900 };
    const { data } = await system.request(CREATE, { input });
    const { id, latestEventCursor: after } = data.createConversation.conversation;
    return { id: id as string, after: after as string };
  }
  const restOf = (id: string) =>
    system.app.database.prisma.turnRest.findUnique({ where: { conversationId: rowIdOf(id) } });
  const isStored = (id: string) => expect.poll(() => restOf(id), { timeout: 10_000 }).not.toBeNull();
  const read = async (id: string): Promise<Data> =>
    (await system.request(CONVERSATION, { id })).data.conversation;

  /** A conversation whose model has answered with `text`. The rest of it is stored. */
  async function resting(text = TEXT) {
    const { id, after } = await converse();
    const listener = system.listen(EVENTS, { conversationId: id, after });
    const { data } = await system.request(SEND, { input: { conversationId: id, text: 'Count' } });
    const request = await system.upstream.nextRequest();
    await request.send(text);
    await request.finish({ usage: USAGE });
    await isStored(id);
    return { id, listener, turnId: data.sendMessage.turnId as string };
  }

  /** The text of a turn, each of whose parts begins where the one before ended. */
  async function textUntil(type: string, listener: Heard, before = ''): Promise<{ text: string; end: Data }> {
    const events = await listener.until(type);
    let text = before;
    for (const event of events) {
      if (event.__typename !== 'TurnTextAdded') continue;
      expect(event.offset).toBe(text.length);
      text += event.text;
    }
    return { text, end: events.at(-1) };
  }

  test('[P-104] is spoken by another job: the model was called once, and its call is recorded once', async () => {
    const asked = system.upstream.requests.length;
    const { id, turnId, listener } = await resting(SHORT);
    const job = { conversationId: rowIdOf(id), turnId: rowIdOf(turnId), ...LOCAL_OWNER };
    await expect.poll(() => system.app.jobs.isAlive(job)).toBe(false);
    expect((await read(id)).activeTurn).toMatchObject({ turnId, state: 'SPEAKING' });
    const { text, end } = await textUntil('TurnCompleted', listener);
    expect(text).toBe(SHORT);
    expect(end).toMatchObject({ turnId, message: { content: SHORT }, usage: { totalTokens: 421 } });
    expect(await restOf(id)).toBeNull();
    expect(system.upstream.requests.length).toBe(asked + 1);
    const { inferenceLog } = system.app.database.prisma;
    const where = { conversationId: rowIdOf(id) };
    await expect.poll(() => inferenceLog.count({ where })).toBe(1);
    expect(await inferenceLog.findFirst({ where })).toMatchObject({ outputTokens: 400, status: 'SUCCESS' });
  });

  test('[P-105] takes no slot of its owner: their next turn begins meanwhile', async () => {
    const owner = { owner: 'ann', tenant: DEFAULT_TENANT };
    const { conversations, turns, models, feed } = system.app;
    const ask = async (text: string) => {
      const settings = { pacing: 'READING', readingWpm: 900, greet: false } as const;
      const { id } = await conversations.create({ owner, model: models.default.id, ...settings });
      const { turnId } = await turns.send({ conversationId: id, owner, text });
      return { id, turnId };
    };
    const first = await ask('First');
    const request = await system.upstream.nextRequest();
    const second = await ask('Second');
    await request.send(TEXT);
    await request.finish();
    const next = await system.upstream.nextRequest();
    expect(next.messages.at(-1)?.content).toBe('Second');
    expect((await feed.state(first.id)).turn).toMatchObject({ id: first.turnId, ending: null });
    for (const { id } of [first, second]) await turns.cancel(id, owner);
  });

  test('[P-106] is gone on with by another worker when its own is stopped, and the model is not asked', async () => {
    const asked = system.upstream.requests.length;
    const { id, turnId, listener } = await resting(SHORT);
    for (const worker of workers.splice(0)) await worker.stop();
    const { turn } = await system.app.feed.state(rowIdOf(id));
    expect([turn?.text.length, turn?.ending]).toEqual([expect.any(Number), null]);
    expect(turn?.text.length).toBeLessThan(SHORT.length);
    await work();
    const { text, end } = await textUntil('TurnCompleted', listener);
    expect([text, end.turnId]).toEqual([SHORT, turnId]);
    expect(system.upstream.requests.length).toBe(asked + 1);
  });

  test('[P-107] is cut off by a message at once, where it was seen, and is never spoken', async () => {
    const { id, turnId, listener } = await resting();
    const first = (await listener.until('TurnTextAdded')).at(-1);
    const { text: heard } = await textUntil('TurnTextAdded', listener, first.text);
    const seen = { turnId, offset: 'One two '.length };
    await system.request(SEND, { input: { conversationId: id, text: 'Stop', seen } });
    const { text, end } = await textUntil('TurnInterrupted', listener, heard);
    expect(end).toMatchObject({ turnId, interruptionReason: 'USER_MESSAGE', partialContent: 'One two ' });
    expect(text.length).toBeLessThan(TEXT.length / 2);
    expect(await restOf(id)).toBeNull();
    const request = await system.upstream.nextRequest();
    await request.send('Well.');
    await request.finish();
    expect(await textUntil('TurnCompleted', listener)).toMatchObject({ text: 'Well.' });
  });

  test('[P-107] is cut off by cancelTurn with the tokens that were heard', async () => {
    const { id, turnId, listener } = await resting();
    await system.app.turns.cancel(rowIdOf(id), LOCAL_OWNER, { turnId: rowIdOf(turnId) });
    const { text, end } = await textUntil('TurnInterrupted', listener);
    expect(end.interruptedAtToken).toBe(text.split(' ').filter(Boolean).length);
    expect(await restOf(id)).toBeNull();
  });

  test('[P-107] is spoken at once by fastForwardTurn', async () => {
    const { id, turnId, listener } = await resting();
    await system.request(FAST_FORWARD, { input: { conversationId: id, turnId } });
    expect(await textUntil('TurnCompleted', listener)).toMatchObject({ text: TEXT });
    expect(await restOf(id)).toBeNull();
  });

  test('[P-108] that nobody has listened to for 10 s is spoken at once; one whose listener reconnects keeps its pace', async () => {
    const [heard, deserted] = [await resting(), await resting()];
    heard.listener.stop();
    const again = system.listen(EVENTS, { conversationId: heard.id });
    deserted.listener.stop();
    const stored = async () => (await read(deserted.id)).messages.nodes.at(-1);
    const about = { id: deserted.turnId, content: TEXT, status: 'COMPLETED' };
    await expect.poll(stored, { timeout: 20_000, interval: 100 }).toMatchObject(about);
    const { activeTurn } = await read(heard.id);
    expect(activeTurn?.turnId).toBe(heard.turnId);
    expect(activeTurn?.text.length).toBeLessThan(TEXT.length);
    again.stop();
    await system.app.turns.cancel(rowIdOf(heard.id), LOCAL_OWNER);
  });

  test.runIf(backend.name !== 'embedded')(
    '[P-109] goes on when Redis has lost everything: its words are heard again only after a FeedReset, and the model is not asked',
    async () => {
      const asked = system.upstream.requests.length;
      const { id, turnId, listener } = await resting(SHORT);
      for (const worker of workers.splice(0)) await worker.stop();
      const before = await restOf(id);
      await removeKeys(env.REDIS_PREFIX ?? '');
      await work();
      await listener.until('FeedReset');
      const { text, end } = await textUntil('TurnCompleted', listener);
      expect(before?.text).toBe(SHORT);
      expect([text, end.turnId, end.message.content]).toEqual([SHORT, turnId, SHORT]);
      expect(system.upstream.requests.length).toBe(asked + 1);
    },
  );
});
