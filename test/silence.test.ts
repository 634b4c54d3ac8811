import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorker } from '../worker/worker.ts';
import { describeBackends } from './support/backends.ts';
import { prepareDataDir } from './support/embedded-template.ts';
import { type Data, type Heard, startTestSystem, type TestSystem } from './support/harness.ts';
import { CONVERSATION, CREATE, EVENTS, SEND } from './support/operations.ts';

const TIMES = { IDLE_NUDGE_MS: '500', IDLE_END_MS: '500' };

/** A conversation with an answer, and the cursor of that answer's end. */
async function answered(
  on: TestSystem,
  settings: { idleTimeout?: boolean } = {},
): Promise<{ conversationId: string; after: string }> {
  const { data } = await on.request(CREATE, { input: { greet: false, pacing: 'INSTANT', ...settings } });
  const { id: conversationId, latestEventCursor } = data.createConversation.conversation;
  const listener = on.listen(EVENTS, { conversationId, after: latestEventCursor });
  await on.request(SEND, { input: { conversationId, text: 'Hi' } });
  const after = (await listener.until('TurnCompleted')).at(-1).cursor;
  listener.stop();
  return { conversationId, after };
}

/** The causes of the AI's turns until the conversation ended, and the reason of the end. */
async function heardOfSilence(listener: Heard): Promise<string[]> {
  const events: Data[] = await listener.until('ConversationEnded');
  return events.flatMap(({ __typename, cause, endReason }) =>
    __typename === 'TurnStarted' || __typename === 'ConversationEnded' ? [cause ?? endReason] : [],
  );
}

const read = async (on: TestSystem, id: string): Promise<Data> =>
  (await on.request(CONVERSATION, { id })).data.conversation;

await describeBackends(
  'silence on two servers',
  (backend) => {
    let one: TestSystem;
    let two: TestSystem;
    let served: TestSystem;
    beforeAll(async () => {
      const env = { ...(await backend.env()), ...TIMES };
      one = await startTestSystem(env);
      two = await startTestSystem({ ...env, OPENAI_BASE_URL: one.upstream.baseURL });
      served = await startTestSystem({ ...(await backend.env()), ...TIMES }, { worker: false });
      for (const { upstream } of [one, served]) upstream.answerAll('Well.');
    });
    afterAll(async () => {
      for (const system of [served, two, one]) await system.stop();
    });

    test('three tabs hear one nudge and one end, and a message makes the conversation active again', async () => {
      const { conversationId, after } = await answered(one);
      const tabs = [one, two, two].map((server) => server.listen(EVENTS, { conversationId, after }));
      for (const tab of tabs) expect(await heardOfSilence(tab)).toEqual(['IDLE_NUDGE', 'IDLE_TIMEOUT']);
      const ended = await read(two, conversationId);
      expect(ended).toMatchObject({ status: 'COMPLETED', messageCount: 3 });

      await two.request(SEND, { input: { conversationId, text: 'I am back' } });
      for (const tab of tabs) await tab.until('TurnCompleted');
      const again = await read(one, conversationId);
      expect(again.status).toBe('ACTIVE');
      expect(again.messages.nodes.slice(0, 3)).toEqual(ended.messages.nodes);
      for (const tab of tabs) tab.stop();
    });

    test('a tab that leaves stops the timer; one that comes back, on any server, restarts it', async () => {
      const { conversationId, after } = await answered(one);
      one.listen(EVENTS, { conversationId, after }).stop();
      const witness = await answered(two);
      expect(await heardOfSilence(two.listen(EVENTS, witness))).toHaveLength(2);
      expect(await read(one, conversationId)).toMatchObject({ status: 'ACTIVE', messageCount: 2 });
      const came = Date.now();
      const [first] = await two.listen(EVENTS, { conversationId, after }).until('TurnStarted');
      expect(first.cause).toBe('IDLE_NUDGE');
      expect(Date.parse(first.at) - came).toBeGreaterThanOrEqual(490);
    });

    test('a worker that is replaced during a silence neither loses nor repeats a nudge', async () => {
      const before = await startWorker(served.app, { onStop: 'hand-over' });
      const { conversationId, after } = await answered(served);
      const listener = served.listen(EVENTS, { conversationId, after });
      await before.stop();
      expect(await read(served, conversationId)).toMatchObject({ status: 'ACTIVE', messageCount: 2 });
      const workers = [
        await startWorker(served.app, { onStop: 'hand-over' }),
        await startWorker(served.app, { onStop: 'hand-over' }),
      ];
      expect(await heardOfSilence(listener)).toEqual(['IDLE_NUDGE', 'IDLE_TIMEOUT']);
      expect((await read(served, conversationId)).messageCount).toBe(3);
      for (const worker of workers) await worker.stop();
    });

    test('without idleTimeout no tab on any server hears a nudge or an end', async () => {
      const { conversationId, after } = await answered(one, { idleTimeout: false });
      const tabs = [one, two].map((server) => server.listen(EVENTS, { conversationId, after }));
      for (const server of [one, two])
        expect(await heardOfSilence(server.listen(EVENTS, await answered(server)))).toHaveLength(2);
      expect(await read(two, conversationId)).toMatchObject({ status: 'ACTIVE', messageCount: 2 });
      for (const tab of tabs) tab.stop();
    });
  },
  { embedded: false },
);

describe('silence in one process', () => {
  let dataDir: string;
  beforeAll(async () => {
    dataDir = await mkdtemp(join(tmpdir(), 'taskflow-silence-'));
    await prepareDataDir(dataDir);
  });
  afterAll(() => rm(dataDir, { recursive: true, force: true }));

  test('a restart during it neither loses nor repeats a nudge', async () => {
    let system = await startTestSystem({ ...TIMES, DATA_DIR: dataDir });
    system.upstream.answerAll('Well.');
    const { conversationId, after } = await answered(system);
    system.listen(EVENTS, { conversationId, after });
    await system.stop();
    system = await startTestSystem({ ...TIMES, DATA_DIR: dataDir });
    try {
      const tabs = [1, 2, 3].map(() => system.listen(EVENTS, { conversationId, after }));
      for (const tab of tabs) expect(await heardOfSilence(tab)).toEqual(['IDLE_NUDGE', 'IDLE_TIMEOUT']);
      expect(await read(system, conversationId)).toMatchObject({ status: 'COMPLETED', messageCount: 3 });
    } finally {
      await system.stop();
    }
  });

  test('[P-97] a conversation without idleTimeout is neither nudged nor ended, also after a restart', async () => {
    let system = await startTestSystem({ ...TIMES, DATA_DIR: dataDir });
    system.upstream.answerAll('Well.');
    const { conversationId, after } = await answered(system, { idleTimeout: false });
    system.listen(EVENTS, { conversationId, after });
    await system.stop();
    system = await startTestSystem({ ...TIMES, DATA_DIR: dataDir });
    try {
      system.upstream.answerAll('Well.');
      system.listen(EVENTS, { conversationId, after });
      expect(await heardOfSilence(system.listen(EVENTS, await answered(system)))).toHaveLength(2);
      expect(await read(system, conversationId)).toMatchObject({ status: 'ACTIVE', messageCount: 2 });
    } finally {
      await system.stop();
    }
  });
});
