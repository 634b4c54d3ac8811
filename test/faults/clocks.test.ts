import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Data } from '../support/harness.ts';
import { REPORT } from '../support/operations.ts';
import { clockOff, hasFakeTime } from './fake-time.ts';
import { count, countOn, type Instance, lacking, Platform } from './platform.ts';

const missing = [lacking(), hasFakeTime() ? '' : 'libfaketime'].filter(Boolean).join(' and ');

/** How late something may come on a busy machine, in milliseconds. */
const LATE_MS = 60_000;

describe.skipIf(missing)(
  `${missing && `SKIPPED, no ${missing}: `}with a server an hour ahead and a worker an hour behind`,
  () => {
    let platform: Platform;
    beforeAll(async () => {
      platform = await Platform.start({
        ...{ servers: 1, workers: 1 },
        env: { IDLE_NUDGE_MS: '1000', IDLE_END_MS: '1000', TYPING_NUDGE_MS: '500' },
        envOf: { 'server-main': clockOff('+1h'), 'worker-main': clockOff('-1h') },
      });
      platform.upstream.answerAll(countOn);
    });
    afterAll(() => platform?.stop());

    async function answered(name: string) {
      const { id, listener } = await platform.conversation();
      const { turnId, ms } = await platform.send(id, `Count ${name} to 5`);
      const ended = await listener.ended(turnId);
      return { id, listener, turnId, ended, ms };
    }
    /** How far a time stamp is off, in milliseconds. */
    const offOf = (at: string) => Math.abs(Date.parse(at) - Date.now());
    async function offsetOf({ url }: Instance | { url: string }): Promise<number> {
      const shown = await (await fetch(`${url}/metrics`)).text();
      return Number(/^clock_offset_seconds (\S+)$/m.exec(shown)?.[1] ?? Number.NaN);
    }

    test('both report it, and use the time of the store', async () => {
      const [server, worker] = [...platform.servers, ...platform.workers];
      expect(Math.round(await offsetOf(server as Instance))).toBe(3_600);
      expect(Math.round(await offsetOf(worker as Instance))).toBe(-3_600);
    });

    test('a message is answered at once, dated by the time of the stores', async () => {
      const begun = performance.now();
      const { listener, ended } = await answered('at-once');
      expect(performance.now() - begun).toBeLessThan(LATE_MS);
      expect(ended.message).toMatchObject({ content: count('at-once', 5), status: 'COMPLETED' });
      for (const at of [ended.at, ended.message.createdAt]) expect(offOf(at)).toBeLessThan(LATE_MS);
      expect(listener).toMatchObject({ faults: [], resets: 0 });
    });

    test('calls to models are dated by it, both those of the product and those of another service', async () => {
      const input = {
        model: 'own',
        provider: 'p',
        status: 'SUCCESS',
        latencyMs: 1,
        inputTokens: 1,
        outputTokens: 1,
      };
      await platform.request(INGEST, { input });
      const soon = new Date(Date.now() + 1_000).toISOString();
      await platform.request(INGEST, { input: { ...input, occurredAt: soon } });
      const logs = async (): Promise<Data[]> => (await platform.request(LOGS)).data.inferenceLogs.nodes;
      await expect.poll(async () => (await logs()).length, { timeout: LATE_MS }).toBeGreaterThanOrEqual(3);
      for (const { createdAt } of await logs()) expect(offOf(createdAt)).toBeLessThan(2 * LATE_MS);
    });

    test('after a silence comes a nudge, then the end, each at its time', async () => {
      const { listener } = await answered('silent');
      const silent = performance.now();
      await listener.heard(({ cause }) => cause === 'IDLE_NUDGE');
      const nudged = performance.now();
      expect(nudged - silent).toBeGreaterThan(700);
      expect(nudged - silent).toBeLessThan(1_000 + LATE_MS);
      await listener.heard(({ __typename }) => __typename === 'ConversationEnded');
      expect(performance.now() - nudged).toBeGreaterThan(700);
      expect(performance.now() - nudged).toBeLessThan(1_000 + LATE_MS);
    });

    test('a user who types for long is encouraged, by a timer of the server', async () => {
      const { id, listener } = await answered('typing');
      const typing = performance.now();
      await platform.request(REPORT, { input: { conversationId: id, activity: 'TYPING' } });
      await listener.heard(({ __typename }) => __typename === 'TypingNudge');
      expect(performance.now() - typing).toBeLessThan(500 + LATE_MS);
    });

    test('a message is answered although every process is killed after it was accepted, and its job is lost', async () => {
      const { id } = await platform.conversation();
      for (const worker of [...platform.workers]) await platform.kill(worker);
      const { turnId } = await platform.send(id, 'Count pending to 5');
      await platform.kill(platform.servers[0] as Instance);
      await platform.redis.kill();
      await platform.redis.dropData();
      await platform.redis.start();
      await Promise.all([platform.add('server-main'), platform.add('worker-main')]);
      const back = performance.now();
      expect(await platform.stored(id, turnId)).toMatchObject({ content: count('pending', 5) });
      // Pending for 5 s, then found by a sweep.
      expect(performance.now() - back).toBeLessThan(60_000);
    });

    test('each logs once that its clock is wrong', async () => {
      const ended = [...platform.servers, ...platform.workers].map(async (instance) => {
        await platform.kill(instance);
        return (await instance.product.ended).stdout.split('\n').filter((line) => line.includes('"clock"'));
      });
      const [[ofServer, ...moreOfServer] = [], [ofWorker, ...moreOfWorker] = []] = await Promise.all(ended);
      expect(JSON.parse(ofServer ?? '{}')).toMatchObject({ offsetSeconds: 3_600, store: 'Redis' });
      expect(JSON.parse(ofWorker ?? '{}')).toMatchObject({ offsetSeconds: -3_600, store: 'Redis' });
      expect([moreOfServer, moreOfWorker]).toEqual([[], []]);
    });
  },
);

const INGEST = /* GraphQL */ `
  mutation Ingest($input: IngestInferenceInput!) {
    ingestInference(input: $input) { ... on IngestInferenceSuccess { id } }
  }
`;

const LOGS = /* GraphQL */ `
  query Logs { inferenceLogs(first: 50) { nodes { createdAt } } }
`;
