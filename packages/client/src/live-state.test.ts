import { expect, it } from 'vitest';
import { unansweredIn } from './live-state.ts';
import { activeTurn, answer, loadedState, partial, said, TIMEOUT } from './testing.ts';

it('a turn that is being spoken goes on from what was spoken of it', () => {
  const { turn, pending } = loadedState([said('u1')], { activeTurn: activeTurn('t1', { text: 'He' }) });
  expect(turn).toMatchObject({ id: 't1', phase: 'speaking', text: 'He', modelName: 'M' });
  expect(pending).toBeNull();
});

it('a turn that has not begun is pending, for the message that it answers', () => {
  const waiting = activeTurn('t1', { state: 'PENDING', startedAt: null });
  const state = loadedState([said('u1')], { activeTurn: waiting });
  expect(state).toMatchObject({ turn: null, pending: { turnId: 't1', messageId: 'u1' } });
  expect(unansweredIn(state)).toBeNull();
  const greeting = loadedState([], { activeTurn: { ...waiting, cause: 'GREETING' } });
  expect(greeting.pending).toEqual({ turnId: 't1', messageId: null });
});

it('a turn in a state that is not known counts as begun', () => {
  const state = loadedState([said('u1')], {
    activeTurn: activeTurn('t1', { state: 'RESTING' as 'SPEAKING' }),
  });
  expect(state.turn).toMatchObject({ id: 't1', phase: 'thinking' });
});

it('a message without a turn, a failure or an answer was left without an answer', () => {
  expect(unansweredIn(loadedState([answer('a0', 'Hello'), said('u1')]))).toBe('u1');
  expect(unansweredIn(loadedState([said('u1'), answer('t1', 'Hi')]))).toBeNull();
  expect(unansweredIn(loadedState([said('u1'), partial('t1', 'H')]))).toBeNull();
  expect(unansweredIn(loadedState([said('u1')], { activeTurn: activeTurn('t1') }))).toBeNull();
  expect(unansweredIn(loadedState([said('u1', { failure: TIMEOUT })]))).toBeNull();
  expect(unansweredIn(loadedState([]))).toBeNull();
});

it('a message that was stored after the conversation was read has its turn still to come', () => {
  const late = said('u1', { createdAt: '2026-01-01T00:00:00.001Z' });
  const state = loadedState([late]);
  expect(state.pending).toEqual({ turnId: null, messageId: 'u1' });
  expect(unansweredIn(state)).toBeNull();
  expect(loadedState([late, answer('t1', 'Hi')]).pending).toBeNull();
});

it("the failure is that of the user's newest message, else that of the greeting", () => {
  const failed = said('u1', { failure: TIMEOUT });
  expect(loadedState([failed, partial('t1', 'H')]).failure).toMatchObject({
    code: 'TIMEOUT',
    messageId: 'u1',
  });
  expect(loadedState([failed, said('u2'), answer('t2', 'Hi')]).failure).toBeNull();
  expect(loadedState([], { failure: TIMEOUT }).failure).toMatchObject({ text: 'Too slow.', messageId: null });
});

it('that another model answers is known with the turn', () => {
  const requestedModel = { __typename: 'Model', id: 'a/one', name: 'One' } as const;
  const fallback = { __typename: 'ModelFallback', unavailability: 'RETIRED', requestedModel } as const;
  const { substitution } = loadedState([said('u1')], { activeTurn: activeTurn('t1', { fallback }) });
  expect(substitution).toEqual({ requested: 'One', answering: 'M', reason: 'RETIRED' });
});
