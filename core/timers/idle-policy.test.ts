import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type IdleFacts, idleDecision } from './idle-policy.ts';

const facts: IdleFacts = {
  now: 100_000,
  lastActivityAt: 90_000,
  nudgedAt: null,
  listeners: 1,
  speaking: false,
  status: 'ACTIVE',
  idleTimeout: true,
  idleNudgeMs: 15_000,
  idleEndMs: 20_000,
};
const decide = (changed: Partial<IdleFacts>) => idleDecision({ ...facts, ...changed });

it('waits for the rest of the silence before a nudge', () => {
  expect(decide({})).toEqual({ act: 'wait', forMs: 5_000 });
});

it('nudges when the silence is over, to the millisecond', () => {
  expect(decide({ now: 104_999 })).toEqual({ act: 'wait', forMs: 1 });
  expect(decide({ now: 105_000 })).toEqual({ act: 'nudge' });
  expect(decide({ now: 999_999 })).toEqual({ act: 'nudge' });
});

it('ends when a nudge stays unanswered for its own period', () => {
  expect(decide({ nudgedAt: 99_000 })).toEqual({ act: 'wait', forMs: 19_000 });
  expect(decide({ nudgedAt: 80_000 })).toEqual({ act: 'wait', forMs: 10_000 });
  expect(decide({ nudgedAt: 80_000, lastActivityAt: 70_000 })).toEqual({ act: 'end' });
});

it('counts the time to the end from when the nudge was spoken, if that counts as activity', () => {
  expect(decide({ nudgedAt: 80_000, lastActivityAt: 81_000, now: 100_500 })).toEqual({
    act: 'wait',
    forMs: 500,
  });
});

it.each([
  ['nobody listens', { listeners: 0 }],
  ['it was ended by idleness', { status: 'COMPLETED' }],
  ['it was ended by the user', { status: 'CANCELLED' }],
  ['silence is not answered', { idleTimeout: false }],
] as const)('rests when %s, regardless of the length of the silence and of all other facts', (_, changed) => {
  expect(decide({ ...changed, now: 999_999 })).toEqual({ act: 'rest' });
  expect(decide({ ...changed, now: 999_999, nudgedAt: 95_000 })).toEqual({ act: 'rest' });
  expect(decide({ ...changed, speaking: true })).toEqual({ act: 'rest' });
});

it('speaking and typing are no silence: the full period starts after them', () => {
  expect(decide({ now: 999_999, speaking: true })).toEqual({ act: 'wait', forMs: 15_000 });
  expect(decide({ now: 999_999, typing: true })).toEqual({ act: 'wait', forMs: 15_000 });
  expect(decide({ now: 999_999, speaking: true, nudgedAt: 95_000 })).toEqual({ act: 'wait', forMs: 20_000 });
});

it('waits at most one period when the clock is behind', () => {
  expect(decide({ lastActivityAt: 500_000 })).toEqual({ act: 'wait', forMs: 15_000 });
});

it('is due after the wait that it returned, and never waits again', () => {
  const time = fc.integer({ min: 0, max: 200_000 });
  fc.assert(
    fc.property(time, time, fc.option(time), (now, lastActivityAt, nudgedAt) => {
      fc.pre(now >= lastActivityAt && now >= (nudgedAt ?? 0));
      const first = decide({ now, lastActivityAt, nudgedAt });
      const then =
        first.act === 'wait' ? decide({ now: now + first.forMs, lastActivityAt, nudgedAt }) : first;
      expect(then.act).toBe(nudgedAt === null ? 'nudge' : 'end');
    }),
  );
});
