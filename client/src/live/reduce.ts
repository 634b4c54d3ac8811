import type { MessageStatus } from '../gql/graphql.ts';
import {
  type ConversationEvent,
  ENDED_KEPT,
  type LiveState,
  type LiveTurn,
  substitutionOf,
} from './live-state.ts';

/**
 * The live state after one event. Pure, and idempotent: events that are heard twice, or that tell what the loaded
 * conversation already told, change nothing but the cursor. A gap in a turn's text makes the state stale.
 * `typesHere`: word of typing is of this very tab.
 */
export function reduce(state: LiveState, event: ConversationEvent, typesHere = false): LiveState {
  const next = { ...state, cursor: event.cursor };
  if ('turnId' in event && state.endedTurns.includes(event.turnId)) return next;

  switch (event.__typename) {
    case 'MessageAdded':
      return event.message.role === 'USER'
        ? { ...next, failure: null, nudge: null, typingElsewhere: false }
        : next;
    case 'AiStarted':
      if (state.turn?.id === event.turnId) return next;
      return {
        ...next,
        turn: newTurn(event.turnId, event.at, event.model),
        // Asking whether the user is still there does not answer what they said.
        failure: event.cause === 'IDLE_NUDGE' ? state.failure : null,
        // Nor is a model asked for it.
        substitution: event.cause === 'IDLE_NUDGE' ? state.substitution : substitutionOf(event),
        nudge: null,
      };
    case 'AiToken':
      return hear(next, event);
    case 'AiDone':
      return {
        ...end(next, event.turnId, event.message.content, 'COMPLETED'),
        lastAnswer: { id: event.message.id, text: event.message.content },
      };
    case 'AiInterrupted':
      return end(next, event.turnId, event.message.content, 'INTERRUPTED');
    case 'AiError':
      return {
        ...end(next, event.turnId, null, 'INTERRUPTED'),
        failure: {
          turnId: event.turnId,
          code: event.code,
          text: event.errorText,
          retryable: event.retryable,
        },
      };
    case 'TypingNudge':
      return isOpen(state.turn) ? next : { ...next, nudge: event.nudgeText };
    case 'TypingChanged':
      return { ...next, typingElsewhere: event.typing && !typesHere };
    case 'ModelSelected':
      // Whatever one model failed at, another one can try.
      return {
        ...next,
        failure: state.failure && { ...state.failure, retryable: true },
        substitution: null,
      };
    case 'FeedReset':
      return { ...next, stale: true };
    case 'ConversationEnded':
      return { ...next, nudge: null, typingElsewhere: false };
    case 'TitleUpdated':
      return next;
    default:
      return next;
  }
}

/** The live state once the server has said how turn `turnId` ended (the answer to a cancel): the feed's own word may come later. */
export function endTurn(state: LiveState, turnId: string, content: string): LiveState {
  return state.turn?.id === turnId ? end(state, turnId, content, 'INTERRUPTED') : state;
}

function hear(state: LiveState, event: Extract<ConversationEvent, { __typename: 'AiToken' }>): LiveState {
  const turn =
    state.turn?.id === event.turnId
      ? state.turn
      : event.offset === 0
        ? newTurn(event.turnId, event.at, null)
        : null;
  if (!turn || event.offset > turn.text.length) return { ...state, stale: true };
  const unheard = event.text.slice(turn.text.length - event.offset);
  if (unheard === '') return state;
  return { ...state, turn: { ...turn, phase: 'speaking', text: turn.text + unheard } };
}

/** `content` is the whole text as stored; null: as heard. A turn of another id is over too: turns never overlap. */
function end(state: LiveState, turnId: string, content: string | null, status: MessageStatus): LiveState {
  const turn = state.turn?.id === turnId ? state.turn : null;
  const text = content ?? turn?.text ?? '';
  return {
    ...state,
    turn: turn && text !== '' ? { ...turn, phase: 'ended', text, status } : null,
    endedTurns: [...state.endedTurns, turnId].slice(-ENDED_KEPT),
  };
}

function isOpen(turn: LiveTurn | null): boolean {
  return turn !== null && turn.phase !== 'ended';
}

function newTurn(id: string, startedAt: string, model: { id: string; name: string } | null): LiveTurn {
  const [modelId, modelName] = [model?.id ?? null, model?.name ?? null];
  return { id, phase: 'thinking', text: '', startedAt, modelId, modelName, status: 'COMPLETED' };
}
