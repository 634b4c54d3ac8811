import { beforeEach, describe, expect, test } from 'vitest';
import type { TimerJob } from '../queue/jobs.ts';
import { createLog } from '../telemetry/log.ts';
import { Timers } from './timers.ts';

const conversationId = '01890000-0000-7000-8000-000000000001';
const turnId = '01890000-0000-7000-8000-000000000002';

describe('the timers of a conversation', () => {
  /** The delay of each kind that is armed, in milliseconds. */
  let armed: Map<TimerJob['kind'], number>;
  let isUnavailable: boolean;
  let timers: Timers;
  beforeEach(() => {
    armed = new Map();
    isUnavailable = false;
    const answered = <T>(value: T) =>
      isUnavailable ? Promise.reject(new Error('unavailable')) : Promise.resolve(value);
    timers = new Timers({
      ...{ idleNudgeMs: 15_000, idleEndMs: 16_000, typingNudgeMs: 30_000 },
      log: createLog({ level: 'silent', format: 'json' }),
      jobs: {
        arm: async ({ kind }, ms) => {
          await answered(null);
          armed.set(kind, ms);
        },
        disarm: ({ kind }) => answered(armed.delete(kind)),
        isArmed: ({ kind }) => answered(armed.has(kind)),
      },
    });
  });

  test('arm the nudge after the idle time, and the end after a nudge', async () => {
    await timers.activity(conversationId, { turnId, nudged: false });
    expect(armed.get('idle')).toBe(15_000);
    await timers.activity(conversationId, { turnId, nudged: true });
    expect(armed.get('idle')).toBe(16_000);
  });

  test('[P-71] expire typing 10 s after the last report, and arm the encouragement once per stretch', async () => {
    expect(await timers.typing(conversationId)).toBe(true);
    expect(armed).toEqual(
      new Map([
        ['typing-lapse', 10_000],
        ['typing-nudge', 30_000],
      ]),
    );
    armed.delete('typing-nudge');
    expect(await timers.typing(conversationId)).toBe(false);
    expect(armed).toEqual(new Map([['typing-lapse', 10_000]]));
  });

  test('disarm the encouragement when typing stops or expires', async () => {
    await timers.typing(conversationId);
    expect(await timers.typingStopped(conversationId)).toBe(true);
    expect(armed).toEqual(new Map());
    expect(await timers.typingStopped(conversationId)).toBe(false);
    await timers.typing(conversationId);
    armed.delete('typing-lapse');
    await timers.typingLapsed(conversationId);
    expect(armed).toEqual(new Map());
  });

  test('never fail a call because the queue is unavailable', async () => {
    isUnavailable = true;
    await timers.activity(conversationId, { turnId, nudged: false });
    expect(await timers.typing(conversationId)).toBe(true);
    expect(await timers.typingStopped(conversationId)).toBe(true);
  });
});
