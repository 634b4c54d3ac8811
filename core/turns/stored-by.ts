import type { Conversation } from '../../generated/prisma/client.ts';
import type { OutboxEntry } from './outbox.ts';

type Filter = { AND?: { id: { lte?: string; notIn?: string[] } }[] };

/**
 * Which messages of a conversation were stored when its row was read: not those of turns that were pending then, or that were
 * cut off and not stored yet, and none with a newer id. As a filter for messages.
 */
export function storedBy({
  lastTurnId,
  pendingTurnId,
  outbox,
}: Pick<Conversation, 'lastTurnId' | 'pendingTurnId' | 'outbox'>): Filter {
  if (lastTurnId === null) return {};
  const entries = outbox as unknown as OutboxEntry[];
  const unstored = entries.flatMap((entry) =>
    entry.type === 'TurnEnded' && entry.ending === null ? [entry.id] : [],
  );
  const pending = pendingTurnId === null ? [] : [pendingTurnId];
  return { AND: [{ id: { lte: lastTurnId, notIn: [...pending, ...unstored] } }] };
}
