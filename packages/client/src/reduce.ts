import type { MessagePartsFragment } from './gql/graphql.ts';
import {
  type ConversationEvent,
  ENDED_KEPT,
  failureOf,
  isOpen,
  type LiveState,
  type LiveTurn,
  substitutionOf,
} from './live-state.ts';
import { answersUser } from './turn-cause.ts';

type EventOf<Type extends ConversationEvent['__typename']> = Extract<ConversationEvent, { __typename: Type }>;

/**
 * The live state after one event. Pure, and idempotent: a feed that is replayed from any point ends in the same state. A
 * gap in a turn's text makes the state stale; events of unknown kinds change nothing but the cursor.
 * `typesHere`: an event about typing is about this tab.
 */
export function reduce(state: LiveState, event: ConversationEvent, typesHere = false): LiveState {
  const next = { ...state, cursor: event.cursor };
  if ('turnId' in event && state.endedTurns.includes(event.turnId)) return next;

  switch (event.__typename) {
    case 'MessageAdded':
      return event.message.role === 'USER' && !event.message.acknowledges ? ask(next, event.message) : next;
    case 'TurnStarted':
      return begin(next, event);
    case 'TurnTextAdded':
      return hear(next, event);
    case 'TurnThinking':
      return think(next, event);
    case 'TurnCompleted': {
      const { id, content: text, isTruncated } = event.message;
      return { ...end(next, event.turnId, event.message), lastAnswer: { id, text, isTruncated } };
    }
    case 'TurnInterrupted': {
      const ended = end(next, event.turnId, event.partial);
      // The message that cut it off is stored; the events of the message and its turn follow.
      return event.interruptionReason === 'USER_MESSAGE'
        ? { ...ended, pending: ended.pending ?? { turnId: null, messageId: null } }
        : ended;
    }
    case 'TurnFailed':
      return fail(next, event);
    case 'TypingNudge':
      return isOpen(state.turn) ? next : { ...next, nudge: event.text };
    case 'TypingChanged':
      return { ...next, typingElsewhere: event.typing && !typesHere };
    case 'ConversationUpdated':
      return chooseModel(next, event.model.id);
    case 'FeedReset':
    case 'BranchSelected':
      return { ...next, stale: true };
    case 'ConversationEnded':
      return { ...next, pending: null, nudge: null, typingElsewhere: false };
    default:
      return next;
  }
}

/** The live state after a cancel returned what is stored of turn `partial.id`; its TurnInterrupted may come later. */
export function endTurn(state: LiveState, partial: MessagePartsFragment): LiveState {
  return state.turn?.id === partial.id ? end(state, partial.id, partial) : state;
}

/** The live state after the server has accepted a turn that answers `messageId` again (null: that greets again). */
export function awaitTurn(state: LiveState, turnId: string, messageId: string | null): LiveState {
  if (state.turn?.id === turnId || state.endedTurns.includes(turnId)) return state;
  return { ...state, pending: { turnId, messageId } };
}

/** A message that was received before, or that is older than the newest one, begins no turn. */
function ask(state: LiveState, { id, createdAt }: MessagePartsFragment): LiveState {
  const next = { ...state, nudge: null, typingElsewhere: false };
  const { question, pending } = state;
  if (question?.id === id) {
    return pending?.turnId === null ? { ...next, pending: { turnId: null, messageId: id } } : next;
  }
  if (question && Date.parse(createdAt) < Date.parse(question.createdAt)) return next;
  return {
    ...next,
    pending: { turnId: null, messageId: id },
    question: { id, createdAt, isAnswered: false },
    failure: null,
  };
}

function begin(state: LiveState, event: EventOf<'TurnStarted'>): LiveState {
  const next = { ...state, pending: null };
  if (state.turn?.id === event.turnId) return next;
  const turn = { ...newTurn(event.turnId, event.at), cause: event.cause, modelName: event.model.name };
  // A nudge does not answer what the user said, and no model is called for it.
  if (event.cause === 'IDLE_NUDGE') return { ...next, turn, nudge: null };
  const substitution = substitutionOf(event.fallback, event.model);
  return { ...next, turn, failure: null, substitution, nudge: null };
}

function hear(state: LiveState, { turnId, at, offset, text }: EventOf<'TurnTextAdded'>): LiveState {
  const turn = state.turn?.id === turnId ? state.turn : newTurn(turnId, at);
  if (offset > turn.text.length) return { ...state, stale: true };
  const heard = turn.text.slice(0, offset) + text;
  return { ...state, turn: { ...turn, phase: 'speaking', text: heard, thinkingSeconds: null } };
}

function think(state: LiveState, { turnId, at, seconds }: EventOf<'TurnThinking'>): LiveState {
  const turn = state.turn?.id === turnId ? state.turn : newTurn(turnId, at);
  return { ...state, turn: { ...turn, thinkingSeconds: seconds } };
}

function fail(state: LiveState, { turnId, failure, partial }: EventOf<'TurnFailed'>): LiveState {
  const { turn, question } = state;
  const cause = turn?.id === turnId ? turn.cause : null;
  const messageId = answersUser(cause) ? (question?.id ?? null) : null;
  return { ...end(state, turnId, partial), failure: failureOf(failure, messageId) };
}

/** Another model can be tried, whatever the failure was. */
function chooseModel(state: LiveState, modelId: string): LiveState {
  if (modelId === state.modelId) return state;
  const failure = state.failure && { ...state.failure, retryable: true };
  return { ...state, modelId, failure, substitution: null };
}

/** `message`: what is stored of the turn; null when nothing had been spoken. Turns never overlap, so any other turn has ended, too. */
function end(state: LiveState, turnId: string, message: MessagePartsFragment | null): LiveState {
  const turn = state.turn?.id === turnId ? state.turn : null;
  return {
    ...state,
    turn: turn && message ? ended(turn, message) : null,
    pending: state.pending?.turnId === turnId ? null : state.pending,
    question: state.question && message ? { ...state.question, isAnswered: true } : state.question,
    endedTurns: [...state.endedTurns, turnId].slice(-ENDED_KEPT),
  };
}

function ended(turn: LiveTurn, { content, status, isTruncated }: MessagePartsFragment): LiveTurn {
  return { ...turn, phase: 'ended', text: content, thinkingSeconds: null, status, isTruncated };
}

function newTurn(id: string, startedAt: string): LiveTurn {
  return {
    id,
    startedAt,
    phase: 'thinking',
    text: '',
    cause: null,
    modelName: null,
    thinkingSeconds: null,
    status: 'COMPLETED',
    isTruncated: false,
  };
}
