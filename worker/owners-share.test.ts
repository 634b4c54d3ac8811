import { v7 as uuidv7 } from 'uuid';
import { beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_TENANT } from '../core/domain/owner.ts';
import { MemoryTurnSlots } from '../core/live/turn-slots/memory.ts';
import { LEASE_MS } from '../core/live/turn-slots/turn-slots.ts';
import type { TurnJob } from '../core/queue/jobs.ts';
import { createLog } from '../core/telemetry/log.ts';
import { OwnersShare } from './owners-share.ts';

describe("an owner's share of the turns that are spoken at once", () => {
  let now: number;
  let slots: MemoryTurnSlots;
  let added: string[];
  /** By turn that is being spoken, the functions that end it. */
  let speaking: Map<string, { end: () => void; fail: () => void }>;
  let share: OwnersShare;
  const context = { signal: new AbortController().signal, attempt: 1 };
  const owner = { owner: 'ann', tenant: DEFAULT_TENANT };
  const turn = (): TurnJob => ({ conversationId: uuidv7(), turnId: uuidv7(), ...owner });

  beforeEach(() => {
    now = 0;
    slots = new MemoryTurnSlots({ limit: 1, now: () => now });
    added = [];
    speaking = new Map();
    share = new OwnersShare({
      slots,
      jobs: { add: async ({ turnId }) => void added.push(turnId) },
      speak: ({ turnId }) =>
        new Promise((end, reject) => {
          speaking.set(turnId, { end, fail: () => reject(new Error('handed over')) });
        }),
      log: createLog({ level: 'silent', format: 'json' }),
    });
  });

  /** A turn that is being spoken, and one that waits for its slot. */
  async function oneWaits() {
    const [first, second] = [turn(), turn()];
    const spoken = share.run(first, context);
    await expect.poll(() => [...speaking.keys()]).toEqual([first.turnId]);
    await share.run(second, context);
    return { first, second, spoken };
  }

  test('a waiting turn is queued again when the one before it has ended', async () => {
    const { first, second, spoken } = await oneWaits();
    await share.done(second);
    expect(added).toEqual([]);
    speaking.get(first.turnId)?.end();
    await spoken;
    expect(added).toEqual([second.turnId]);
  });

  test('a turn that is admitted while its job is still in the queue is queued again once that job is gone', async () => {
    const { first, second, spoken } = await oneWaits();
    speaking.get(first.turnId)?.end();
    await spoken;
    // The queue still had a job with that id, so it ignored this one.
    added = [];
    await share.done(second);
    expect(added).toEqual([second.turnId]);
    await share.done(second);
    expect(added).toHaveLength(1);
  });

  test('a turn that is handed over keeps its slot until the lease expires, and is the first to get it back', async () => {
    const { first, second, spoken } = await oneWaits();
    speaking.get(first.turnId)?.fail();
    await expect(spoken).rejects.toThrow('handed over');
    expect(added).toEqual([]);
    now += LEASE_MS;
    void share.run(first, context);
    await expect.poll(() => speaking.size).toBe(1);
    await share.admit();
    expect([added, await slots.isWaiting(second)]).toEqual([[], true]);
  });
});
