import type { Conversation } from '../../generated/prisma/client.ts';
import { newestIdOf } from './newest-id.ts';

/** Which messages of a conversation were stored when its row was read. */
export interface Stored {
  /** None is newer than this one; null: there is no bound. */
  newest: string | null;
  /** Messages of turns that were pending then, or cut off and not stored yet. */
  except: string[];
}

/** The columns that say it. */
export type StoredColumns = Pick<
  Conversation,
  'lastTurnId' | 'lastAcknowledgementId' | 'pendingTurnId' | 'outbox'
>;

/** The messages that were stored when this row was read. */
export function storedBy(row: StoredColumns): Stored {
  const { pendingTurnId, outbox } = row;
  const newest = newestIdOf(row);
  if (newest === null) return { newest: null, except: [] };
  const unstored = outbox.flatMap((entry) =>
    entry.type === 'TurnEnded' && entry.ending === null ? [entry.id] : [],
  );
  return { newest, except: pendingTurnId === null ? unstored : [pendingTurnId, ...unstored] };
}
