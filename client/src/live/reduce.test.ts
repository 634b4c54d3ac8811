import { describe, expect, it } from 'vitest';
import type { ConversationEvent, LiveState } from './live-state.ts';
import { liveStateOf } from './live-state.ts';
import { endTurn, reduce } from './reduce.ts';

const AT = '2026-01-01T00:00:00Z';
const MODEL = { __typename: 'Model' as const, id: 'm', name: 'M' };
let cursor = 0;

const event = <T extends object>(it: T) => ({ cursor: `c${++cursor}`, at: AT, ...it });
const started = (turnId: string) =>
  event({
    __typename: 'AiStarted' as const,
    turnId,
    cause: 'USER_MESSAGE' as const,
    model: MODEL,
    fallback: null,
  });
const token = (turnId: string, text: string, offset: number) =>
  event({ __typename: 'AiToken' as const, turnId, text, offset });
const message = (id: string, content: string, role: 'USER' | 'ASSISTANT' = 'ASSISTANT') => ({
  __typename: 'Message' as const,
  id,
  role,
  content,
  status: 'COMPLETED' as const,
  createdAt: AT,
  model: null,
});
const done = (turnId: string, content: string) =>
  event({ __typename: 'AiDone' as const, turnId, message: message(turnId, content) });
const interrupted = (turnId: string, content: string) =>
  event({
    __typename: 'AiInterrupted' as const,
    turnId,
    reason: 'CANCELLED' as const,
    message: message(turnId, content),
  });
const failed = (turnId: string) =>
  event({
    __typename: 'AiError' as const,
    turnId,
    code: 'TIMEOUT' as const,
    errorText: 'Too slow.',
    retryable: true,
  });

const idle = liveStateOf({ latestCursor: 'c0', activeTurn: null, lastFailure: null });
const play = (events: ConversationEvent[], from: LiveState = idle) =>
  events.reduce((state, it) => reduce(state, it), from);

describe('a turn', () => {
  it('is thinking from its start to its first token, then speaking', () => {
    expect(play([started('t1')]).turn).toMatchObject({ id: 't1', phase: 'thinking', text: '' });
    expect(play([started('t1'), token('t1', 'Hi', 0)]).turn).toMatchObject({ phase: 'speaking', text: 'Hi' });
  });

  it('joins its tokens to its text', () => {
    expect(play([started('t1'), token('t1', 'Hel', 0), token('t1', 'lo', 3)]).turn?.text).toBe('Hello');
  });

  it('goes on from the text that was loaded, ignoring the tokens that it already has', () => {
    const loaded = liveStateOf({
      latestCursor: 'c0',
      activeTurn: {
        __typename: 'Turn',
        id: 't1',
        text: 'Hello',
        startedAt: AT,
        model: MODEL,
        fallback: null,
      },
      lastFailure: null,
    });
    const state = play(
      [started('t1'), token('t1', 'Hel', 0), token('t1', 'lo', 3), token('t1', '!', 5)],
      loaded,
    );
    expect(state.turn).toMatchObject({ text: 'Hello!', phase: 'speaking' });
    expect(state.stale).toBe(false);
  });

  it('takes only the unheard part of a run of tokens', () => {
    expect(play([started('t1'), token('t1', 'Hel', 0), token('t1', 'Hello', 0)]).turn?.text).toBe('Hello');
  });

  it('counts offsets in UTF-16 code units', () => {
    expect(play([started('t1'), token('t1', '😀', 0), token('t1', '!', 2)]).turn?.text).toBe('😀!');
  });

  it('with a gap in its text makes the state stale', () => {
    expect(play([started('t1'), token('t1', 'lo', 3)]).stale).toBe(true);
  });

  it('that was never heard to start begins with a token at 0, and is a gap otherwise', () => {
    expect(play([token('t1', 'Hi', 0)]).turn?.text).toBe('Hi');
    expect(play([token('t1', 'Hi', 7)]).stale).toBe(true);
  });

  it('shows its whole stored text once done, until the next one starts', () => {
    const state = play([started('t1'), token('t1', 'He', 0), done('t1', 'Hello')]);
    expect(state.turn).toMatchObject({ phase: 'ended', text: 'Hello', status: 'COMPLETED' });
    expect(state.lastAnswer).toEqual({ id: 't1', text: 'Hello' });
    expect(reduce(state, started('t2')).turn).toMatchObject({ id: 't2', phase: 'thinking' });
  });

  it('that was cut off before its first word leaves nothing', () => {
    expect(play([started('t1'), interrupted('t1', '')]).turn).toBeNull();
  });

  it('that was cut off keeps what was heard', () => {
    const state = play([started('t1'), token('t1', 'Hel', 0), interrupted('t1', 'Hel')]);
    expect(state.turn).toMatchObject({ phase: 'ended', text: 'Hel', status: 'INTERRUPTED' });
  });

  it('that has ended is not begun again by an echo', () => {
    const ended = play([started('t1'), token('t1', 'Hi', 0), done('t1', 'Hi')]);
    const echoed = play([started('t1'), token('t1', 'Hi', 0), failed('t1')], ended);
    expect({ ...echoed, cursor: '' }).toEqual({ ...ended, cursor: '' });
  });

  it('is ended by the answer to a cancel, and the feed telling so again changes nothing', () => {
    const speaking = play([started('t1'), token('t1', 'Hello', 0)]);
    const cut = endTurn(speaking, 't1', 'Hello');
    expect(cut.turn).toMatchObject({ phase: 'ended', status: 'INTERRUPTED' });
    expect(reduce(cut, interrupted('t1', 'Hello')).turn).toBe(cut.turn);
    expect(endTurn(speaking, 'other', 'x')).toBe(speaking);
  });
});

describe('a whole feed', () => {
  it('heard twice gives what it gives heard once', () => {
    const events = [
      started('t1'),
      token('t1', 'One ', 0),
      token('t1', 'two', 4),
      done('t1', 'One two'),
      started('t2'),
      token('t2', 'Th', 0),
    ];
    expect(play([...events, ...events])).toEqual(play(events));
  });

  it('replayed from any point gives the same text', () => {
    const events = [started('t1'), ...[...'abcdef'].map((it, at) => token('t1', it, at))];
    for (let from = 0; from < events.length; from += 1) {
      expect(play([...events, ...events.slice(from)]).turn?.text).toBe('abcdef');
    }
  });
});

describe('around a turn', () => {
  it('the cursor is that of the last event, whatever it was', () => {
    for (const it of [
      event({ __typename: 'TypingChanged' as const, typing: true }),
      event({ __typename: 'TitleUpdated' as const, title: 'T' }),
      started('t1'),
    ]) {
      expect(reduce(idle, it).cursor).toBe(it.cursor);
    }
  });

  it('a failure is told with what was heard, until the user says something or an answer starts', () => {
    const state = play([started('t1'), token('t1', 'Hel', 0), failed('t1')]);
    expect(state.failure).toMatchObject({ text: 'Too slow.', retryable: true });
    expect(state.turn?.text).toBe('Hel');
    expect(reduce(state, started('t2')).failure).toBeNull();
    const said = event({ __typename: 'MessageAdded' as const, message: message('u', 'x', 'USER') });
    expect(reduce(state, said).failure).toBeNull();
  });

  it('a nudge is shown until an answer starts, and not while one is spoken', () => {
    const nudge = event({ __typename: 'TypingNudge' as const, nudgeText: 'Go on.' });
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

  it('of another tab is told, of this one not', () => {
    expect(play([typing(true)]).typingElsewhere).toBe(true);
    expect(play([typing(true), typing(false)]).typingElsewhere).toBe(false);
    expect(reduce(idle, typing(true), true).typingElsewhere).toBe(false);
  });

  it('is over when the message comes', () => {
    const said = event({ __typename: 'MessageAdded' as const, message: message('m', 'Hi', 'USER') });
    expect(play([typing(true), said]).typingElsewhere).toBe(false);
  });
});

describe('a conversation that is loaded', () => {
  it('tells what failed, and who stands in for whom, before anything is heard', () => {
    const requestedModel = { __typename: 'Model' as const, id: 'a/one', name: 'One' };
    const loaded = liveStateOf({
      latestCursor: 'c0',
      activeTurn: {
        ...{ __typename: 'Turn', id: 't2', text: 'He', startedAt: AT, model: MODEL },
        fallback: { __typename: 'ModelFallback', reason: 'RETIRED', requestedModel },
      },
      lastFailure: {
        ...{ __typename: 'TurnFailure', turnId: 't1', code: 'TIMEOUT', errorText: 'Too slow.' },
        retryable: true,
      },
    });
    expect(loaded.substitution).toEqual({ requested: 'One', answering: MODEL.name, reason: 'RETIRED' });
    expect(loaded.failure).toEqual({ turnId: 't1', code: 'TIMEOUT', text: 'Too slow.', retryable: true });
  });
});

describe('a failed answer', () => {
  it('is still failed when the AI asks whether the user is there', () => {
    const nudge = { ...started('t2'), cause: 'IDLE_NUDGE' as const };
    expect(play([started('t1'), failed('t1'), nudge]).failure).toMatchObject({ turnId: 't1' });
    expect(play([started('t1'), failed('t1'), started('t2')]).failure).toBeNull();
  });

  it('can be tried again with another model, whatever failed', () => {
    const refused = { ...failed('t1'), retryable: false };
    expect(play([started('t1'), refused]).failure?.retryable).toBe(false);
    const selected = event({ __typename: 'ModelSelected' as const, model: MODEL });
    expect(play([started('t1'), refused, selected]).failure?.retryable).toBe(true);
    expect(play([selected]).failure).toBeNull();
  });

  it('that another model answers is told with the answer, until the next one begins or a model is chosen', () => {
    const fallback = {
      __typename: 'ModelFallback' as const,
      reason: 'UNAVAILABLE' as const,
      requestedModel: { __typename: 'Model' as const, id: 'a/one', name: 'One' },
    };
    const instead = reduce(idle, { ...started('t1'), fallback });
    expect(instead.substitution).toEqual({ requested: 'One', answering: MODEL.name, reason: 'UNAVAILABLE' });
    expect(reduce(instead, started('t2')).substitution).toBeNull();
    const nudge = { ...started('t2'), cause: 'IDLE_NUDGE' as const };
    expect(reduce(instead, nudge).substitution).toEqual(instead.substitution);
    const chosen = reduce(instead, event({ __typename: 'ModelSelected' as const, model: MODEL }));
    expect(chosen.substitution).toBeNull();
  });
});
