import { idAfter, timeOfId } from '../domain/ids.ts';
import type { Owner } from '../domain/owner.ts';
import type { Pacing } from '../domain/vocabulary.ts';
import { type ConversationRow, Draft, NO_FAILURE, NOT_PENDING } from '../store/draft.ts';

/** The owner and the settings of a conversation. Unset: `readingWpm` the installation's, `idleTimeout` true, no instructions. */
export interface NewConversation extends Owner {
  provider: string;
  model: string;
  pacing: Pacing;
  readingWpm?: number | null | undefined;
  idleTimeout?: boolean | undefined;
  instructions?: string | null | undefined;
}

/** The draft of a new, empty conversation. `now`: Unix milliseconds. */
export function newConversation(
  { readingWpm = null, idleTimeout = true, instructions = null, ...input }: NewConversation,
  now: number,
): Draft {
  const id = idAfter(null, now);
  const at = new Date(timeOfId(id));
  const row: ConversationRow = {
    ...{ id, ...input, readingWpm, idleTimeout, instructions, clientConversationId: null, title: null },
    status: 'ACTIVE',
    ...{ messageCount: 0, lastMessagePreview: null, lastActivityAt: at, createdAt: at, updatedAt: at },
    ...{ lastTurnId: null, ...NOT_PENDING, ...NO_FAILURE },
    ...{ version: 0, outbox: [], outboxCount: 0, outboxSince: null, recentCommits: [], recentlySeen: [] },
    ...{ queued: [], lastAcknowledgementId: null },
  };
  return new Draft({ row, now });
}
