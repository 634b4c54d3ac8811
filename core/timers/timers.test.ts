import { beforeEach, describe, expect, test } from 'vitest';
import type { TimerJob } from '../queue/jobs.ts';
import { createLog } from '../telemetry/log.ts';
import { Timers } from './timers.ts';

const conversationId = '01890000-0000-7000-8000-000000000001';
const turnId = '01890000-0000-7000-8000-000000000002';

describe('the timers of a conversation', () => {
  /** The delay of each kind that is armed, in milliseconds. */
  let armed: Map<TimerJob['kind'], number>;
  let isAway: boolean;
  let timers: Timers;
  beforeEach(() => {
    armed = new Map();
    isAway = false;
    const answered = <T>(value: T) => (isAway ? Promise.reject(new Error('away')) : Promise.resolve(value));
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

  test('a silence is nudged after its time, and one that was nudged ends after its own', async () => {
    await timers.activity(conversationId, { turnId, nudged: false });
    expect(armed.get('idle')).toBe(15_000);
    await timers.activity(conversationId, { turnId, nudged: true });
    expect(armed.get('idle')).toBe(16_000);
  });

  test('[P-71] typing lapses ten seconds after the last word of it; the encouragement is set once a stretch', async () => {
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

  test('whoever stops typing, or whose typing lapses, is not encouraged', async () => {
    await timers.typing(conversationId);
    expect(await timers.typingStopped(conversationId)).toBe(true);
    expect(armed).toEqual(new Map());
    expect(await timers.typingStopped(conversationId)).toBe(false);
    await timers.typing(conversationId);
    armed.delete('typing-lapse');
    await timers.typingLapsed(conversationId);
    expect(armed).toEqual(new Map());
  });

  test('a queue that is away fails nobody', async () => {
    isAway = true;
    await timers.activity(conversationId, { turnId, nudged: false });
    expect(await timers.typing(conversationId)).toBe(true);
    expect(await timers.typingStopped(conversationId)).toBe(true);
  });
});
