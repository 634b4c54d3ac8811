import type { Conversation } from '../../generated/prisma/client.ts';

/** The newest id of a turn or message of a conversation: the next one must be greater. Null: it has none. */
export function newestIdOf({
  lastTurnId,
  lastAcknowledgementId,
}: Pick<Conversation, 'lastTurnId' | 'lastAcknowledgementId'>): string | null {
  if (lastTurnId === null || lastAcknowledgementId === null) return lastTurnId ?? lastAcknowledgementId;
  return lastTurnId > lastAcknowledgementId ? lastTurnId : lastAcknowledgementId;
}
