import type { ConversationEvent, LiveTurn } from './live-state.ts';

type AiError = Extract<ConversationEvent, { __typename: 'AiError' }>;
type AiInterrupted = Extract<ConversationEvent, { __typename: 'AiInterrupted' }>;

/**
 * A failed answer as one that was cut off, which is how what was heard of it is stored: AiError itself does not carry
 * it. `turn`: as it ended; null when nothing was heard, and so nothing stored.
 */
export function heardOfFailed(event: AiError, turn: LiveTurn | null): AiInterrupted | null {
  if (turn?.id !== event.turnId) return null;
  const { id, text, startedAt, modelId, modelName } = turn;
  const model =
    modelId !== null && modelName !== null
      ? { __typename: 'Model' as const, id: modelId, name: modelName }
      : null;
  return {
    __typename: 'AiInterrupted',
    cursor: event.cursor,
    at: event.at,
    turnId: id,
    reason: 'CANCELLED',
    message: {
      __typename: 'Message',
      id,
      role: 'ASSISTANT',
      content: text,
      status: 'INTERRUPTED',
      createdAt: startedAt,
      model,
    },
  };
}
