import type {
  ConversationEventsSubscription,
  FailurePartsFragment,
  FallbackPartsFragment,
  LoadConversationQuery,
  MessagePartsFragment,
  MessageStatus,
  ModelUnavailability,
  TurnCause,
} from './gql/graphql.ts';
import { answersUser } from './turn-cause.ts';

/** An event of a conversation's feed, as the client selects it. */
export type ConversationEvent = ConversationEventsSubscription['conversationEvents'];

/** What a live state begins with. */
export type LoadedState = Pick<
  NonNullable<LoadConversationQuery['conversation']>,
  'latestEventCursor' | 'activeTurn' | 'failure' | 'lastActivityAt'
> & { model: { id: string }; messages: { nodes: MessagePartsFragment[] } };

/**
 * An answer that is being spoken, or has just ended and is not among the stored messages yet. Its id is the id of its
 * message. `thinking`: begun, without text. `speaking`: has text and is not complete. `ended`: nothing more will come.
 */
export interface LiveTurn {
  id: string;
  phase: 'thinking' | 'speaking' | 'ended';
  text: string;
  /** RFC 3339; null when it is not known. */
  startedAt: string | null;
  /** Null when its TurnStarted was not received. */
  cause: TurnCause | null;
  modelName: string | null;
  /** How many seconds the model had been thinking at the last TurnThinking; null while it speaks, and without a TurnThinking. */
  thinkingSeconds: number | null;
  /** Meaningful once ended. */
  status: MessageStatus;
  /** Whether the model stopped at its limit of tokens. Meaningful once ended. */
  isTruncated: boolean;
}

/** An answer that was accepted and has not begun. */
export interface PendingTurn {
  /** Null while only its message is known. */
  turnId: string | null;
  /** The user's message that it answers; null for a greeting, and while that message is still to come. */
  messageId: string | null;
}

/** The user's newest message that does not only acknowledge an answer. */
interface Question {
  id: string;
  /** RFC 3339. */
  createdAt: string;
  /** Whether the AI has said anything since, even if it was cut off. */
  isAnswered: boolean;
}

/** An answer that failed, in words for people. */
export interface Failure extends Omit<FailurePartsFragment, '__typename'> {
  /** The user's message that it should have answered; null for a greeting or a nudge. */
  messageId: string | null;
}

/** Another model answers instead of the requested one; both by their names. */
export interface Substitution {
  requested: string;
  answering: string;
  reason: ModelUnavailability;
}

/** The live state of one conversation: the relevant part of what the feed has published since it was loaded. Immutable. */
export interface LiveState {
  /** The cursor of the last event handled, after which to resume. */
  cursor: string;
  turn: LiveTurn | null;
  /** While an older turn is spoken, a newer one can be pending. */
  pending: PendingTurn | null;
  /** Null before the user has said anything. */
  question: Question | null;
  /** Of the newest answer, until a newer one is on its way. */
  failure: Failure | null;
  /** Of the newest answer. */
  substitution: Substitution | null;
  /** The id of the model that answers from the next turn on. */
  modelId: string;
  /** Whether the user types in another tab or on another device. */
  typingElsewhere: boolean;
  /** Encouragement while the user types; null again with the next message or turn. */
  nudge: string | null;
  /** The last answer that was completed while listening, for screen readers. */
  lastAnswer: { id: string; text: string; isTruncated: boolean } | null;
  /** True when events were missed: load the conversation again. */
  stale: boolean;
  /** The last turns that ended: further events of them are duplicates. Newest last, at most {@link ENDED_KEPT}. */
  endedTurns: readonly string[];
}

/** Bounds {@link LiveState.endedTurns}; turns never overlap, so one would be enough for a feed in order. */
export const ENDED_KEPT = 8;

/** The requested model of a turn and the one that answers instead; null when the requested one answers. */
export function substitutionOf(
  fallback: FallbackPartsFragment | null,
  model: { name: string },
): Substitution | null {
  return (
    fallback && {
      requested: fallback.requestedModel.name,
      answering: model.name,
      reason: fallback.unavailability,
    }
  );
}

/** The initial live state of a loaded conversation: `activeTurn` as spoken so far, to continue after `latestEventCursor`. */
export function liveStateOf(loaded: LoadedState): LiveState {
  const { activeTurn } = loaded;
  const at = loaded.messages.nodes.findLastIndex((it) => it.role === 'USER' && !it.acknowledges);
  const message = loaded.messages.nodes[at] ?? null;
  const isAnswered = loaded.messages.nodes.slice(at + 1).some((it) => it.role === 'ASSISTANT');
  const question = message && { id: message.id, createdAt: message.createdAt, isAnswered };
  return {
    cursor: loaded.latestEventCursor,
    turn: activeTurn && activeTurn.state !== 'PENDING' ? begunTurn(activeTurn) : null,
    pending: pendingTurn(loaded, message),
    question,
    failure: failureIn(loaded, message),
    substitution: activeTurn && substitutionOf(activeTurn.fallback, activeTurn.model),
    modelId: loaded.model.id,
    typingElsewhere: false,
    nudge: null,
    lastAnswer: null,
    stale: false,
    endedTurns: [],
  };
}

/** Whether an answer has begun and has not ended. */
export function isOpen(turn: LiveTurn | null): turn is LiveTurn {
  return turn !== null && turn.phase !== 'ended';
}

/**
 * The id of the user's newest message if it has no answer, none is on its way and none has failed: the answer was stopped
 * before its first word. Null otherwise.
 */
export function unansweredIn(state: LiveState): string | null {
  if (isOpen(state.turn) || state.pending || state.failure) return null;
  return state.question && !state.question.isAnswered ? state.question.id : null;
}

/** The failure as it is kept in the live state. `messageId`: see {@link Failure.messageId}. */
export function failureOf(
  { turnId, code, text, retryable }: FailurePartsFragment,
  messageId: string | null,
): Failure {
  return { turnId, code, text, retryable, messageId };
}

function begunTurn(turn: NonNullable<LoadedState['activeTurn']>): LiveTurn {
  return {
    id: turn.turnId,
    phase: turn.text ? 'speaking' : 'thinking',
    text: turn.text,
    startedAt: turn.startedAt,
    cause: turn.cause,
    modelName: turn.model.name,
    thinkingSeconds: null,
    status: 'COMPLETED',
    isTruncated: false,
  };
}

function pendingTurn(
  { activeTurn, lastActivityAt, messages }: LoadedState,
  question: MessagePartsFragment | null,
): PendingTurn | null {
  if (activeTurn?.state === 'PENDING') {
    const messageId = answersUser(activeTurn.cause) ? (question?.id ?? null) : null;
    return { turnId: activeTurn.turnId, messageId };
  }
  // A message can be stored after the conversation was read and before its messages are read: its turn follows.
  const isNewer = question !== null && Date.parse(question.createdAt) > Date.parse(lastActivityAt);
  return isNewer && question === messages.nodes.at(-1) ? { turnId: null, messageId: question.id } : null;
}

function failureIn({ failure }: LoadedState, question: MessagePartsFragment | null): Failure | null {
  if (question?.failure) return failureOf(question.failure, question.id);
  return failure && failureOf(failure, null);
}
