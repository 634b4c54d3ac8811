import { setInterval } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { CREATE, EVENTS, REPORT, SEND } from './support/operations.ts';

/** The silence before a nudge, in milliseconds: many times that of a report on a busy machine. */
const NUDGE_MS = 3_000;
const REPORT_EVERY_MS = 200;

/** When a user who reads reports it, in Unix milliseconds. */
async function* reports(): AsyncGenerator<number> {
  for await (const _ of setInterval(REPORT_EVERY_MS)) yield Date.now();
}

await describeBackends('reading', (backend) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem({ ...(await backend.env()), IDLE_NUDGE_MS: `${NUDGE_MS}` });
    system.upstream.answerAll('Well.');
  });
  afterAll(() => system.stop());

  async function answered(): Promise<{ conversationId: string; after: string }> {
    const { data } = await system.request(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
    const { id: conversationId, latestEventCursor } = data.createConversation.conversation;
    const listener = system.listen(EVENTS, { conversationId, after: latestEventCursor });
    await system.request(SEND, { input: { conversationId, text: 'Hi' } });
    const after = (await listener.until('TurnCompleted')).at(-1).cursor;
    listener.stop();
    return { conversationId, after };
  }

  test('[P-96] a user who reports reading is not nudged, and no listener hears of it; the silence begins with the last report', async () => {
    const { conversationId, after } = await answered();
    const listener = system.listen(EVENTS, { conversationId, after });
    let reportedAt = 0;
    let isReading = true;
    const reading = (async () => {
      for await (const sentAt of reports()) {
        await system.request(REPORT, { input: { conversationId, activity: 'READING' } });
        reportedAt = sentAt;
        if (!isReading) return;
      }
    })();
    // One that falls silent later is nudged meanwhile.
    const [other] = await system.listen(EVENTS, await answered()).until('TurnStarted');
    isReading = false;
    await reading;
    const events = await listener.until('TurnStarted');
    expect(events.map(({ __typename, cause }) => [__typename, cause])).toEqual([
      ['TurnStarted', 'IDLE_NUDGE'],
    ]);
    expect(Date.parse(events[0].at)).toBeGreaterThan(Date.parse(other.at));
    expect(Date.parse(events[0].at) - reportedAt).toBeGreaterThanOrEqual(NUDGE_MS - 10);
  });
});
