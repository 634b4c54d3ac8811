import type { Message } from '../../generated/prisma/client.ts';
import { InvalidInputError } from '../domain/errors.ts';
import { INPUT_TEXTS } from '../domain/texts.ts';
import type { Pacing, TurnCause } from '../domain/vocabulary.ts';
import { Draft, type Snapshot } from '../store/draft.ts';
import type { Seen } from '../store/outbox.ts';
import { addQuestion } from './add-message.ts';
import { publishSettings } from './publish-settings.ts';
import { release } from './queue.ts';

/*
 * The operations on a conversation, each a pure function from what is stored to the change to store. See drive.ts for the
 * effects.
 *
 *     PENDING ------> SPEAKING ------> ENDED ------> STORED ------> PUBLISHED
 *     pending_turn_id  open in the     takes no      committed,      terminal event is in
 *     in the row       feed            more text     placeholder     the feed's log
 *        |                                           filled
 *        +--> cut off before it began: the placeholder says so
 *
 * A function that returns null has nothing to change.
 */

/** A message to send. */
export interface SendFacts {
  text: string;
  clientMessageId?: string | undefined;
  /** What the sender had on the screen of the turn that the message cuts off. */
  seen?: Seen | null;
  /** The stored message with the same `clientMessageId`. */
  before: Message | null;
}

/** Stores a user's message: cuts off the pending turn, and makes one pending that answers it. @throws {InvalidInputError} */
export function send(
  snapshot: Snapshot,
  { text, clientMessageId = undefined, seen = null, before }: SendFacts,
): Draft | null {
  if (before && before.content !== text)
    throw new InvalidInputError([{ path: 'clientMessageId', message: INPUT_TEXTS.otherText }]);
  if (before) return null;
  const draft = new Draft(snapshot);
  draft.cut('USER_MESSAGE', seen);
  addQuestion(draft, { text, clientMessageId: clientMessageId ?? null });
  return draft;
}

/** Cuts off the pending turn; with `only`, only if it is that one. `seen`: what the caller had on the screen of it. */
export function cancel(snapshot: Snapshot, only: string | undefined, seen: Seen | null = null): Draft | null {
  const { pendingTurnId } = snapshot.row;
  if (pendingTurnId === null || (only !== undefined && only !== pendingTurnId)) return null;
  const draft = new Draft(snapshot);
  draft.cut('CANCELLED', seen);
  return draft;
}

/** Ends the conversation and cuts off the pending turn, to what the caller had `seen` of it. What waits is not answered. */
export function end(snapshot: Snapshot, seen: Seen | null = null): Draft | null {
  if (snapshot.row.status !== 'ACTIVE') return null;
  const draft = new Draft(snapshot);
  draft.cut('CONVERSATION_ENDED', seen);
  release(draft);
  draft.set({ status: 'CANCELLED', updatedAt: new Date(draft.now) });
  draft.publish({ type: 'ConversationEnded', reason: 'ENDED_BY_USER' });
  return draft;
}

/** Completes a conversation that has been silent since the turn `after`. */
export function complete(snapshot: Snapshot, after: string): Draft | null {
  if (!isIdleSince(snapshot, after)) return null;
  const draft = new Draft(snapshot);
  draft.set({ status: 'COMPLETED', updatedAt: new Date(draft.now) });
  draft.publish({ type: 'ConversationEnded', reason: 'IDLE_TIMEOUT' });
  return draft;
}

/** Makes an unprompted turn pending, such as a nudge, if the conversation has been silent since the turn `after`. */
export function volunteer(snapshot: Snapshot, cause: TurnCause, after: string): Draft | null {
  if (!isIdleSince(snapshot, after)) return null;
  const draft = new Draft(snapshot);
  draft.await(draft.nextId(), cause);
  return draft;
}

/** Whether the conversation has been silent since the turn `after`, and its silence is answered at all. */
function isIdleSince({ row }: Snapshot, after: string): boolean {
  const { status, idleTimeout, lastTurnId, pendingTurnId, queued } = row;
  const isSilent = pendingTurnId === null && queued.length === 0;
  return status === 'ACTIVE' && idleTimeout && lastTurnId === after && isSilent;
}

/** Settings to change. Undefined: unchanged. */
export interface Settings {
  title?: string | null | undefined;
  model?: string | undefined;
  pacing?: Pacing | undefined;
  readingWpm?: number | undefined;
  /** Whether silence is answered with a nudge, then the end. */
  idleTimeout?: boolean | undefined;
  /** How the model shall answer; null: nothing is said about it. */
  instructions?: string | null | undefined;
}

export function update(
  snapshot: Snapshot,
  { title, model, pacing, readingWpm, idleTimeout, instructions }: Settings,
): Draft {
  const draft = new Draft(snapshot);
  draft.set({
    ...(title !== undefined && { title }),
    ...(model !== undefined && { model }),
    ...(pacing !== undefined && { pacing }),
    ...(readingWpm !== undefined && { readingWpm }),
    ...(idleTimeout !== undefined && { idleTimeout }),
    ...(instructions !== undefined && { instructions }),
    updatedAt: new Date(draft.now),
  });
  publishSettings(draft);
  return draft;
}
