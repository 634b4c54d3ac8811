import { BusyError, NotFoundError } from '../domain/errors.ts';
import { idAfter } from '../domain/ids.ts';
import type { QueuedMessage } from '../domain/queued-message.ts';
import { PROBLEM_TEXTS } from '../domain/texts.ts';
import { Draft, type Snapshot } from '../store/draft.ts';
import type { Seen } from '../store/outbox.ts';
import { addQuestion, addUnanswered, type WrittenMessage } from './add-message.ts';

/*
 * The messages that wait for the answer before them to end. They are part of the conversation's row, so that they change in the
 * commits that change the turn: whatever ends an answer makes the first of them a message in the same commit.
 */

/** The most messages that wait in one conversation. */
export const MAX_QUEUED = 20;
/** The most characters that they have together, in UTF-16 code units: every commit carries them. */
const MAX_QUEUED_UNITS = 64_000;

/**
 * Lets a message wait. `afterSentenceOf`: only until that turn has ended its sentence, before those that wait for its end.
 * @throws {BusyError} when no more can wait
 */
export function enqueue(
  draft: Draft,
  { text, clientMessageId }: WrittenMessage,
  afterSentenceOf: string | null,
): QueuedMessage {
  const { row, now } = draft;
  const units = row.queued.reduce((sum, waiting) => sum + waiting.text.length, text.length);
  if (row.queued.length >= MAX_QUEUED || units > MAX_QUEUED_UNITS)
    throw new BusyError(PROBLEM_TEXTS.queueFull, row.pendingTurnId ?? row.lastTurnId ?? row.id);
  const newest = row.queued.reduce<string | null>(
    (id, one) => (id === null || one.id > id ? one.id : id),
    null,
  );
  const id = idAfter(newest, now);
  const queued: QueuedMessage = { id, text, clientMessageId, createdAt: now };
  const isSooner = (one: QueuedMessage) => one.afterSentenceOf === afterSentenceOf;
  const sooner = afterSentenceOf === null ? row.queued : row.queued.filter(isSooner);
  const later = afterSentenceOf === null ? [] : row.queued.filter((one) => !isSooner(one));
  change(draft, [...sooner, { ...queued, ...(afterSentenceOf !== null && { afterSentenceOf }) }, ...later]);
  return queued;
}

/** Takes a waiting message back. @throws {NotFoundError} when it does not wait */
export function withdraw(snapshot: Snapshot, id: string): { draft: Draft; queued: QueuedMessage } {
  const draft = new Draft(snapshot);
  return { draft, queued: take(draft, id) };
}

/** Cuts off the pending turn, to what the caller had `seen` of it, for a waiting message. @throws {NotFoundError} when it does not wait */
export function sendNow(snapshot: Snapshot, id: string, seen: Seen | null): Draft {
  const draft = new Draft(snapshot);
  draft.cut('USER_MESSAGE', seen);
  addQuestion(draft, take(draft, id));
  return draft;
}

/** Cuts off a turn that has ended its sentence, or has not in time, for the messages that wait for that. Null: none do. */
export function endSentence(snapshot: Snapshot, turnId: string): Draft | null {
  if (snapshot.row.pendingTurnId !== turnId || !waitsForSentence(snapshot.row, turnId)) return null;
  const draft = new Draft(snapshot);
  draft.cut('USER_MESSAGE');
  promote(draft);
  return draft;
}

/** Whether a message waits only for the end of the sentence that this turn is speaking. */
export function waitsForSentence({ queued }: Pick<Snapshot['row'], 'queued'>, turnId: string): boolean {
  return queued.some(({ afterSentenceOf }) => afterSentenceOf === turnId);
}

/**
 * Makes the first waiting message the next one, if no turn is pending; with it those that wait for the same sentence, and only
 * the last of them is answered, as if they had been sent one after another.
 */
export function promote(draft: Draft): void {
  const { pendingTurnId, queued } = draft.row;
  const [first, ...others] = queued;
  if (pendingTurnId !== null || !first) return;
  const isTogether = (one: QueuedMessage) =>
    first.afterSentenceOf !== undefined && one.afterSentenceOf === first.afterSentenceOf;
  change(
    draft,
    others.filter((one) => !isTogether(one)),
  );
  for (const message of [first, ...others.filter(isTogether)]) {
    draft.cut('USER_MESSAGE');
    addQuestion(draft, message);
  }
}

/** Makes all waiting messages messages that nothing will answer. */
export function release(draft: Draft): void {
  const { queued } = draft.row;
  if (queued.length === 0) return;
  change(draft, []);
  for (const message of queued) addUnanswered(draft, message);
}

function take(draft: Draft, id: string): QueuedMessage {
  const { queued } = draft.row;
  const found = queued.find((one) => one.id === id);
  if (!found) throw new NotFoundError(PROBLEM_TEXTS.noQueuedMessage);
  change(
    draft,
    queued.filter((one) => one !== found),
  );
  return found;
}

function change(draft: Draft, queued: readonly QueuedMessage[]): void {
  draft.set({ queued, updatedAt: new Date(draft.now) });
  draft.publish({ type: 'QueueChanged' });
}
