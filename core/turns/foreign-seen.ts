import { InvalidInputError } from '../domain/errors.ts';
import type { Owner } from '../domain/owner.ts';
import { INPUT_TEXTS } from '../domain/texts.ts';
import type { ConversationReads } from '../store/conversation-reads.ts';
import type { Snapshot } from '../store/draft.ts';
import type { Seen } from '../store/outbox.ts';

/**
 * Refuses what was seen of a turn of another conversation. A turn that is unknown may have ended without a word.
 * @throws {InvalidInputError}
 */
export async function refuseForeign(
  reads: Pick<ConversationReads, 'isTurnElsewhere'>,
  { row }: Snapshot,
  seen: Seen | null,
  owner: Owner,
): Promise<void> {
  if (seen === null || seen.turnId === row.pendingTurnId) return;
  if (await reads.isTurnElsewhere(seen.turnId, row.id, owner))
    throw new InvalidInputError([{ path: 'seen.turnId', message: INPUT_TEXTS.otherTurn }]);
}
