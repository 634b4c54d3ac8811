import type { Message } from '../../generated/prisma/client.ts';
import { BusyError, InvalidInputError } from '../domain/errors.ts';
import type { QueuedMessage } from '../domain/queued-message.ts';
import { INPUT_TEXTS, PROBLEM_TEXTS } from '../domain/texts.ts';
import type { WhileSpeaking } from '../domain/vocabulary.ts';
import { Draft, type Snapshot } from '../store/draft.ts';
import type { Seen } from '../store/outbox.ts';
import { addAcknowledgement, addQuestion } from './add-message.ts';
import type { SendFacts } from './life.ts';
import { enqueue, promote } from './queue.ts';

/** A message, and what it does to the answer being spoken. */
export interface PlaceFacts extends SendFacts {
  whileSpeaking: WhileSpeaking;
  /** Null: the text is a wish to speak. Else it only acknowledges an answer; `heard`: how much of it has been spoken, as far as known. */
  acknowledges: { heard: Seen | null } | null;
}

/** Where a message is after all: in the conversation, or among those that wait. `draft`: null if it has been there before. */
export type Placed = { draft: Draft | null } & (
  | { message: Message; queued: null }
  | { message: null; queued: QueuedMessage }
);

/**
 * Stores a user's message, or lets it wait. Where no turn is pending, each way does the same.
 * @throws {InvalidInputError} when the same `clientMessageId` was used for another text
 * @throws {BusyError} when a turn is pending and the message must not meet one, or when no more messages can wait
 */
export function place(snapshot: Snapshot, facts: PlaceFacts): Placed {
  const { text, clientMessageId = null, whileSpeaking, seen = null } = facts;
  const known = placedBefore(snapshot, facts);
  if (known) return known;
  const draft = new Draft(snapshot);
  const written = { text, clientMessageId };
  const { pendingTurnId, lastTurnId, queued } = draft.row;
  // What waits while no turn is pending becomes a message in the next moment.
  const busyTurnId = pendingTurnId ?? (queued.length > 0 ? lastTurnId : null);
  if (busyTurnId !== null && whileSpeaking === 'REJECT')
    throw new BusyError(PROBLEM_TEXTS.speaking, busyTurnId);
  if (busyTurnId !== null && (whileSpeaking === 'QUEUE' || whileSpeaking === 'AFTER_SENTENCE')) {
    const waits = enqueue(draft, written, whileSpeaking === 'QUEUE' ? null : pendingTurnId);
    promote(draft);
    return { draft, message: null, queued: waits };
  }
  if (pendingTurnId !== null && whileSpeaking === 'AUTO' && facts.acknowledges) {
    const to = positionIn(pendingTurnId, facts.acknowledges.heard, seen);
    return { draft, message: addAcknowledgement(draft, written, to), queued: null };
  }
  draft.cut('USER_MESSAGE', seen);
  return { draft, message: addQuestion(draft, written), queued: null };
}

function placedBefore({ row }: Snapshot, { text, clientMessageId, before }: SendFacts): Placed | null {
  const queued = clientMessageId
    ? row.queued.find((one) => one.clientMessageId === clientMessageId)
    : undefined;
  const known = before?.content ?? queued?.text;
  if (known === undefined) return null;
  if (known !== text)
    throw new InvalidInputError([{ path: 'clientMessageId', message: INPUT_TEXTS.otherText }]);
  if (before) return { draft: null, message: before, queued: null };
  return queued ? { draft: null, message: null, queued } : null;
}

/** How much of the pending turn the sender acknowledges: what they had seen of it, at most what was spoken. */
function positionIn(turnId: string, heard: Seen | null, seen: Seen | null): Seen {
  const spoken = heard?.turnId === turnId ? heard.offset : 0;
  return { turnId, offset: seen?.turnId === turnId ? Math.min(seen.offset, spoken) : spoken };
}
