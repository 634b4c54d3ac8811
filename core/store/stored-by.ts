import type { Conversation } from '../../generated/prisma/client.ts';

/** Which messages of a conversation were stored when its row was read. */
export interface Stored {
  /** None is newer than this one; null: there is no bound. */
  newest: string | null;
  /** Messages of turns that were pending then, or cut off and not stored yet. */
  except: string[];
}

/** The messages that were stored when this row was read. */
export function storedBy({
  lastTurnId,
  pendingTurnId,
  outbox,
}: Pick<Conversation, 'lastTurnId' | 'pendingTurnId' | 'outbox'>): Stored {
  if (lastTurnId === null) return { newest: null, except: [] };
  const unstored = outbox.flatMap((entry) =>
    entry.type === 'TurnEnded' && entry.ending === null ? [entry.id] : [],
  );
  return { newest: lastTurnId, except: pendingTurnId === null ? unstored : [pendingTurnId, ...unstored] };
}
