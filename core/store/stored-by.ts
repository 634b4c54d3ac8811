import type { Conversation } from '../../generated/prisma/client.ts';

type Filter = { AND?: { id: { lte?: string; notIn?: string[] } }[] };

/**
 * A filter for the messages of a conversation that were stored when its row was read. Excludes the messages of turns that
 * were pending then, or cut off and not stored yet, and all with a newer id.
 */
export function storedBy({
  lastTurnId,
  pendingTurnId,
  outbox,
}: Pick<Conversation, 'lastTurnId' | 'pendingTurnId' | 'outbox'>): Filter {
  if (lastTurnId === null) return {};
  const unstored = outbox.flatMap((entry) =>
    entry.type === 'TurnEnded' && entry.ending === null ? [entry.id] : [],
  );
  const pending = pendingTurnId === null ? [] : [pendingTurnId];
  return { AND: [{ id: { lte: lastTurnId, notIn: [...pending, ...unstored] } }] };
}
