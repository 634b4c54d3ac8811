import { describe, expect, it } from 'vitest';
import type { InterruptionReason, MessagePartsFragment } from './gql/graphql.ts';
import { type ConversationEvent, type LiveState, unansweredIn } from './live-state.ts';
import { awaitTurn, endTurn, reduce } from './reduce.ts';
import { AT, activeTurn, answer, loadedState, MODEL, partial, said, TIMEOUT } from './testing.ts';

let cursor = 0;

const event = <T extends object>(it: T) => ({ cursor: `c${++cursor}`, at: AT, ...it });
const asked = (id: string, change: Partial<MessagePartsFragment> = {}) =>
  event({ __typename: 'MessageAdded' as const, message: said(id, change) });
const started = (turnId: string) =>
  event({
    __typename: 'TurnStarted' as const,
    turnId,
    cause: 'USER_MESSAGE' as const,
    model: MODEL,
    fallback: null,
  });
const thinking = (turnId: string, seconds: number) =>
  event({ __typename: 'TurnThinking' as const, turnId, seconds });
const text = (turnId: string, added: string, offset: number) =>
  event({ __typename: 'TurnTextAdded' as const, turnId, text: added, offset });
const done = (turnId: string, content: string) =>
  event({ __typename: 'TurnCompleted' as const, turnId, message: answer(turnId, content) });
const interrupted = (
  turnId: string,
  content: string | null,
  interruptionReason: InterruptionReason = 'CANCELLED',
) =>
  event({
    __typename: 'TurnInterrupted' as const,
    turnId,
    interruptionReason,
    partial: content === null ? null : partial(turnId, content),
  });
const failed = (turnId: string, content: string | null = null) =>
  event({
    __typename: 'TurnFailed' as const,
    turnId,
    failure: { ...TIMEOUT, turnId },
    partial: content === null ? null : partial(turnId, content),
  });
const updated = (modelId: string) =>
  event({
    __typename: 'ConversationUpdated' as const,
    title: 'T',
    model: { ...MODEL, id: modelId },
    pacing: 'HUMAN' as const,
    readingWpm: null,
  });

const idle = loadedState([]);
const play = (events: ConversationEvent[], from: LiveState = idle) =>
  events.reduce((state, it) => reduce(state, it), from);

describe('a turn', () => {
  it('is thinking from its start to its first text, then speaking', () => {
    expect(play([started('t1')]).turn).toMatchObject({ id: 't1', phase: 'thinking', text: '' });
    expect(play([started('t1'), text('t1', 'Hi', 0)]).turn).toMatchObject({ phase: 'speaking', text: 'Hi' });
  });

  it('has the seconds of the last TurnThinking, until the next text', () => {
    const thinks = play([started('t1'), thinking('t1', 0), thinking('t1', 1.5)]);
    expect(thinks.turn).toMatchObject({ phase: 'thinking', text: '', thinkingSeconds: 1.5 });
    const speaks = reduce(thinks, text('t1', 'Hi', 0));
    expect(speaks.turn).toMatchObject({ phase: 'speaking', text: 'Hi', thinkingSeconds: null });
    expect(reduce(speaks, thinking('t1', 0)).turn).toMatchObject({
      ...{ phase: 'speaking', text: 'Hi', thinkingSeconds: 0 },
    });
  });

  it('whose start was not received can be thinking', () => {
    expect(play([thinking('t1', 2)]).turn).toMatchObject({ id: 't1', phase: 'thinking', thinkingSeconds: 2 });
  });

  it('does not think after it has ended, whatever arrives late', () => {
    const ended = play([started('t1'), text('t1', 'Hi', 0), thinking('t1', 3), interrupted('t1', 'Hi')]);
    expect(ended.turn?.thinkingSeconds).toBeNull();
    expect(reduce(ended, thinking('t1', 4)).turn).toBe(ended.turn);
  });

  it('is truncated when its message is', () => {
    const message = answer('t1', 'Hel', { isTruncated: true });
    const state = play([started('t1'), { ...done('t1', 'Hel'), message }]);
    expect(state.turn).toMatchObject({ phase: 'ended', status: 'COMPLETED', isTruncated: true });
    expect(state.lastAnswer).toEqual({ id: 't1', text: 'Hel', isTruncated: true });
  });

  it('has the text so far up to the offset, and what was added', () => {
    expect(play([started('t1'), text('t1', 'Hel', 0), text('t1', 'lo', 3)]).turn?.text).toBe('Hello');
    expect(play([started('t1'), text('t1', 'Hel', 0), text('t1', 'Hello', 0)]).turn?.text).toBe('Hello');
  });

  it('goes on from the text that was loaded, through a replay from its start', () => {
    const loaded = loadedState([said('u1')], { activeTurn: activeTurn('t1', { text: 'Hello' }) });
    const state = play(
      [started('t1'), text('t1', 'Hel', 0), text('t1', 'lo', 3), text('t1', '!', 5)],
      loaded,
    );
    expect(state.turn).toMatchObject({ text: 'Hello!', phase: 'speaking' });
    expect(state.stale).toBe(false);
  });

  it('counts offsets in UTF-16 code units', () => {
    expect(play([started('t1'), text('t1', '😀', 0), text('t1', '!', 2)]).turn?.text).toBe('😀!');
  });

  it('with a gap in its text makes the state stale', () => {
    expect(play([started('t1'), text('t1', 'lo', 3)]).stale).toBe(true);
  });

  it('whose start was not heard begins with a text at 0, and is a gap otherwise', () => {
    expect(play([text('t1', 'Hi', 0)]).turn?.text).toBe('Hi');
    expect(play([text('t1', 'Hi', 7)]).stale).toBe(true);
  });

  it('shows its whole stored text once completed, until the next one starts', () => {
    const state = play([started('t1'), text('t1', 'He', 0), done('t1', 'Hello')]);
    expect(state.turn).toMatchObject({ phase: 'ended', text: 'Hello', status: 'COMPLETED' });
    expect(state.lastAnswer).toEqual({ id: 't1', text: 'Hello', isTruncated: false });
    expect(reduce(state, started('t2')).turn).toMatchObject({ id: 't2', phase: 'thinking' });
  });

  it('that was cut off keeps what is stored of it, even if that is less than was received', () => {
    const state = play([started('t1'), text('t1', 'Hello', 0), interrupted('t1', 'Hel')]);
    expect(state.turn).toMatchObject({ phase: 'ended', text: 'Hel', status: 'INTERRUPTED' });
  });

  it('that was cut off before its first word leaves nothing', () => {
    expect(play([started('t1'), interrupted('t1', null)]).turn).toBeNull();
  });

  it('that has ended is not begun again by a duplicate', () => {
    const ended = play([started('t1'), text('t1', 'Hi', 0), done('t1', 'Hi')]);
    const repeated = play([started('t1'), text('t1', 'Hi', 0), failed('t1')], ended);
    expect({ ...repeated, cursor: '' }).toEqual({ ...ended, cursor: '' });
  });

  it('is ended by the result of a cancel, and its TurnInterrupted then changes nothing', () => {
    const speaking = play([started('t1'), text('t1', 'Hello', 0)]);
    const cut = endTurn(speaking, partial('t1', 'Hello'));
    expect(cut.turn).toMatchObject({ phase: 'ended', status: 'INTERRUPTED' });
    expect(reduce(cut, interrupted('t1', 'Hello')).turn).toBe(cut.turn);
    expect(endTurn(speaking, partial('other', 'x'))).toBe(speaking);
  });
});

describe('a whole feed', () => {
  const events = [
    asked('u1'),
    started('t1'),
    thinking('t1', 0),
    text('t1', 'One ', 0),
    thinking('t1', 0),
    text('t1', 'two', 4),
    done('t1', 'One two'),
    asked('u2'),
    started('t2'),
    text('t2', 'Th', 0),
    thinking('t2', 0),
  ];

  it('that is received twice gives the same state as once', () => {
    expect(play([...events, ...events])).toEqual(play(events));
  });

  it('replayed from any point gives the same state', () => {
    for (let from = 0; from < events.length; from += 1) {
      expect(play([...events, ...events.slice(from)])).toEqual(play(events));
    }
  });

  it('gives a conversation that was loaded in the middle of it the same state in the end', () => {
    const spoken = activeTurn('t2', { text: 'Th' });
    const loaded = loadedState([said('u1'), answer('t1', 'One two'), said('u2')], { activeTurn: spoken });
    const { turn, pending, question, failure, stale } = play(events, loaded);
    expect({ pending, question, failure, stale }).toEqual({
      pending: null,
      question: { id: 'u2', createdAt: AT, isAnswered: false },
      failure: null,
      stale: false,
    });
    expect(turn).toMatchObject({ id: 't2', phase: 'speaking', text: 'Th' });
  });
});

describe('a pending turn', () => {
  it('is known from the message until the turn starts', () => {
    const state = play([asked('u1')]);
    expect(state.pending).toEqual({ turnId: null, messageId: 'u1' });
    expect(unansweredIn(state)).toBeNull();
    expect(reduce(state, started('t1')).pending).toBeNull();
  });

  it('is known from the interruption by a message that is still to come', () => {
    const cut = play([asked('u1'), started('t1'), interrupted('t1', null, 'USER_MESSAGE')]);
    expect(unansweredIn(cut)).toBeNull();
    expect(reduce(cut, asked('u2')).pending).toEqual({ turnId: null, messageId: 'u2' });
  });

  it('that was loaded is not lost when its message is heard', () => {
    const waiting = activeTurn('t1', { state: 'PENDING', startedAt: null });
    const loaded = loadedState([said('u1')], { activeTurn: waiting });
    expect(reduce(loaded, asked('u1')).pending).toEqual({ turnId: 't1', messageId: 'u1' });
  });

  it('is not begun by an older message that is published late', () => {
    const answered = play([
      asked('u2', { createdAt: '2026-01-01T00:00:09Z' }),
      started('t2'),
      done('t2', 'Hi'),
    ]);
    const late = reduce(answered, asked('u1'));
    expect(late.pending).toBeNull();
    expect(late.question?.id).toBe('u2');
  });

  it('that the server has accepted counts until it starts, and not once it has', () => {
    const state = play([asked('u1'), started('t1'), failed('t1')]);
    const accepted = awaitTurn(state, 't2', 'u1');
    expect(accepted.pending).toEqual({ turnId: 't2', messageId: 'u1' });
    const begun = reduce(accepted, { ...started('t2'), cause: 'REGENERATION' as const });
    expect(begun).toMatchObject({ pending: null, failure: null });
    expect(awaitTurn(begun, 't2', 'u1')).toBe(begun);
    const ended = reduce(begun, done('t2', 'Hi'));
    expect(awaitTurn(ended, 't2', 'u1')).toBe(ended);
  });

  it('is over when the conversation ends', () => {
    const ended = play([asked('u1'), event({ __typename: 'ConversationEnded', endReason: 'ENDED_BY_USER' })]);
    expect(ended.pending).toBeNull();
    expect(unansweredIn(ended)).toBe('u1');
  });
});

describe('a message', () => {
  it('whose answer was stopped before its first word was left without an answer', () => {
    const stopped = play([asked('u1'), started('t1'), interrupted('t1', null)]);
    expect(unansweredIn(stopped)).toBe('u1');
    expect(unansweredIn(reduce(stopped, started('t2')))).toBeNull();
  });

  it('with a part of an answer was not', () => {
    expect(unansweredIn(play([asked('u1'), started('t1'), interrupted('t1', 'H')]))).toBeNull();
    const again = [started('t1'), failed('t1', 'H'), started('t2'), interrupted('t2', null)];
    expect(unansweredIn(play([asked('u1'), ...again]))).toBeNull();
  });

  it('is not asked for when a greeting was stopped before its first word', () => {
    expect(unansweredIn(play([started('t1'), interrupted('t1', null)]))).toBeNull();
  });
});

describe('a failed answer', () => {
  it('is failed for the message that it answers, until the user says something or an answer starts', () => {
    const state = play([asked('u1'), started('t1'), text('t1', 'Hello', 0), failed('t1', 'Hel')]);
    expect(state.failure).toEqual({
      ...{ turnId: 't1', code: 'TIMEOUT', text: 'Too slow.', retryable: true },
      messageId: 'u1',
    });
    expect(state.turn).toMatchObject({ phase: 'ended', text: 'Hel', status: 'INTERRUPTED' });
    expect(reduce(state, started('t2')).failure).toBeNull();
    expect(reduce(state, asked('u2')).failure).toBeNull();
  });

  it('is of no message when it was a greeting or a nudge', () => {
    const nudge = { ...started('t2'), cause: 'IDLE_NUDGE' as const };
    expect(play([asked('u1'), started('t1'), done('t1', 'Hi'), nudge, failed('t2')]).failure).toMatchObject({
      turnId: 't2',
      messageId: null,
    });
  });

  it('is still failed when the AI asks whether the user is there', () => {
    const nudge = { ...started('t2'), cause: 'IDLE_NUDGE' as const };
    expect(play([started('t1'), failed('t1'), nudge]).failure).toMatchObject({ turnId: 't1' });
  });

  it('can be tried again with another model, whatever failed', () => {
    const refused = { ...failed('t1'), failure: { ...TIMEOUT, retryable: false } };
    const state = play([started('t1'), refused]);
    expect(state.failure?.retryable).toBe(false);
    expect(reduce(state, updated(MODEL.id)).failure?.retryable).toBe(false);
    expect(reduce(state, updated('other')).failure?.retryable).toBe(true);
    expect(play([updated('other')]).failure).toBeNull();
  });
});

describe('a model that answers instead of the requested one', () => {
  it('is shown with the answer, until the next one begins or a model is chosen', () => {
    const fallback = {
      __typename: 'ModelFallback' as const,
      unavailability: 'UNAVAILABLE' as const,
      requestedModel: { __typename: 'Model' as const, id: 'a/one', name: 'One' },
    };
    const instead = reduce(idle, { ...started('t1'), fallback });
    expect(instead.substitution).toEqual({ requested: 'One', answering: MODEL.name, reason: 'UNAVAILABLE' });
    expect(reduce(instead, started('t2')).substitution).toBeNull();
    const nudge = { ...started('t2'), cause: 'IDLE_NUDGE' as const };
    expect(reduce(instead, nudge).substitution).toEqual(instead.substitution);
    expect(reduce(instead, updated(MODEL.id)).substitution).toEqual(instead.substitution);
    expect(reduce(instead, updated('other')).substitution).toBeNull();
  });
});

describe('around a turn', () => {
  it('the cursor is that of the last event, whatever it was', () => {
    const unknown = event({ __typename: 'SunRisen' }) as unknown as ConversationEvent;
    for (const it of [
      event({ __typename: 'TypingChanged', typing: true } as const),
      started('t1'),
      unknown,
    ]) {
      expect(reduce(idle, it).cursor).toBe(it.cursor);
    }
    expect(reduce(idle, unknown)).toEqual({ ...idle, cursor: unknown.cursor });
  });

  it('a nudge is shown until an answer starts, and not while one is spoken', () => {
    const nudge = event({ __typename: 'TypingNudge' as const, text: 'Go on.' });
    expect(reduce(idle, nudge).nudge).toBe('Go on.');
    expect(play([nudge, started('t1')]).nudge).toBeNull();
    expect(play([started('t1'), nudge]).nudge).toBeNull();
  });

  it('a reset of the feed makes the state stale', () => {
    expect(reduce(idle, event({ __typename: 'FeedReset' as const })).stale).toBe(true);
  });
});

describe('typing', () => {
  const typing = (now: boolean) => event({ __typename: 'TypingChanged' as const, typing: now });

  it('of another tab is shown, of this one not', () => {
    expect(play([typing(true)]).typingElsewhere).toBe(true);
    expect(play([typing(true), typing(false)]).typingElsewhere).toBe(false);
    expect(reduce(idle, typing(true), true).typingElsewhere).toBe(false);
  });

  it('is over when the message comes', () => {
    expect(play([typing(true), asked('u1')]).typingElsewhere).toBe(false);
  });
});
