import type {
  AiErrorCode,
  ConversationEventsSubscription,
  LoadThreadQuery,
  MessageStatus,
  ModelFallbackReason,
} from '../gql/graphql.ts';

/** An event of a conversation's feed, as the client selects it. */
export type ConversationEvent = ConversationEventsSubscription['conversationEvents'];

/**
 * An answer being spoken, or just ended and not yet seen among the stored messages. Its id is the id of its message.
 * `thinking`: begun, no word yet. `speaking`: has text and goes on. `ended`: nothing more will come.
 */
export interface LiveTurn {
  id: string;
  phase: 'thinking' | 'speaking' | 'ended';
  text: string;
  /** RFC 3339. */
  startedAt: string;
  modelId: string | null;
  modelName: string | null;
  /** Meaningful once ended. */
  status: MessageStatus;
}

/** An answer that failed, in words for people. */
export interface Failure {
  /** The turn that failed; of a message that was left without an answer, that message. */
  turnId: string;
  /** Null: nobody said why. */
  code: AiErrorCode | null;
  text: string;
  retryable: boolean;
}

/** That another model answers than the one that was asked for; both by their names. */
export interface Substitution {
  requested: string;
  answering: string;
  reason: ModelFallbackReason;
}

/** What is live in one conversation: all that the feed has told and the cache does not hold. Immutable. */
export interface LiveState {
  /** The cursor of the last event handled: where to resume. */
  cursor: string;
  turn: LiveTurn | null;
  failure: Failure | null;
  /** Of the newest answer. */
  substitution: Substitution | null;
  /** Whether the user types in another tab or on another device. */
  typingElsewhere: boolean;
  /** Encouragement while the user types; gone with the next message or turn. */
  nudge: string | null;
  /** The last answer that was completed while listening, for screen readers. */
  lastAnswer: { id: string; text: string } | null;
  /** Something was missed that events cannot mend: load the conversation again. */
  stale: boolean;
  /** The last turns that ended: what still arrives of them is an echo. Newest last, at most {@link ENDED_KEPT}. */
  endedTurns: readonly string[];
}

/** Who stands in for whom in a turn; null where the model speaks that was asked for. */
export function substitutionOf({
  fallback,
  model,
}: Pick<Extract<ConversationEvent, { __typename: 'AiStarted' }>, 'fallback' | 'model'>): Substitution | null {
  return (
    fallback && { requested: fallback.requestedModel.name, answering: model.name, reason: fallback.reason }
  );
}

/** Bounds {@link LiveState.endedTurns}; turns never overlap, so even one would do for an orderly feed. */
export const ENDED_KEPT = 8;

/** The live state that a freshly loaded conversation begins with: `activeTurn` as spoken so far, to go on after `latestCursor`. */
export function liveStateOf(
  loaded: Pick<NonNullable<LoadThreadQuery['conversation']>, 'latestCursor' | 'activeTurn' | 'lastFailure'>,
): LiveState {
  const { activeTurn, lastFailure } = loaded;
  return {
    cursor: loaded.latestCursor,
    turn: activeTurn && {
      id: activeTurn.id,
      phase: activeTurn.text ? 'speaking' : 'thinking',
      text: activeTurn.text,
      startedAt: activeTurn.startedAt,
      modelId: activeTurn.model.id,
      modelName: activeTurn.model.name,
      status: 'COMPLETED',
    },
    failure: lastFailure && {
      turnId: lastFailure.turnId,
      code: lastFailure.code,
      text: lastFailure.errorText,
      retryable: lastFailure.retryable,
    },
    substitution: activeTurn && substitutionOf(activeTurn),
    typingElsewhere: false,
    nudge: null,
    lastAnswer: null,
    stale: false,
    endedTurns: [],
  };
}
