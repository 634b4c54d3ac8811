import type { Message } from '../../generated/prisma/client.ts';
import { timeOfId } from '../domain/ids.ts';
import type { InterruptionReason, TurnCause } from '../domain/vocabulary.ts';
import type { HeldTurn } from '../live/feed/feed.ts';
import { Draft, NOT_PENDING, type Snapshot } from '../store/draft.ts';
import type { Ending, Hidden, TurnPlace } from '../store/outbox.ts';
import { graphemesBefore } from '../text/graphemes.ts';
import { previewOf } from '../text/preview.ts';
import { type Answer, answerRow } from './answer.ts';
import { promote } from './queue.ts';

/** A turn as its speaker knows it: what the feed has confirmed. The feed may have lost some of it since. */
export type OwnTurn = Pick<HeldTurn, 'id' | 'text' | 'model' | 'tokens' | 'cause'>;

/** What the feed and a speaker know besides the row. */
export interface Heard {
  /** The turn that the feed holds after it has ended what the row has cut off. */
  held: HeldTurn | null;
  own: OwnTurn | null;
}

/**
 * The change to store after the feed has ended what the row has cut off: the turn that has ended, the placeholders of turns
 * that were cut off, and text that was heard but that the feed has lost. If no turn is pending then, the first waiting message
 * becomes the next one. Null: nothing to store.
 */
export function settle(snapshot: Snapshot, heard: Heard): Draft | null {
  const draft = new Draft(snapshot);
  const { held } = heard;
  if (held?.ending) settleHeld(draft, snapshot, held, heard.own);
  for (const place of unfilled(snapshot))
    if (place.id !== held?.id) settleLost(draft, snapshot, place, heard);
  if (heard.own) keepLonger(draft, snapshot, heard.own, held);
  promote(draft);
  return draft.row === snapshot.row && draft.update.length === 0 ? null : draft;
}

/** The placeholders of turns that were cut off and whose ending is not stored yet. */
export function unfilled({ row }: Pick<Snapshot, 'row'>): TurnPlace[] {
  return row.outbox.filter(
    (entry): entry is TurnPlace => entry.type === 'TurnEnded' && entry.ending === null,
  );
}

function settleHeld(draft: Draft, snapshot: Snapshot, held: HeldTurn, own: OwnTurn | null): void {
  const place = unfilled(snapshot).find(({ id }) => id === held.id);
  // It is stored already, and only its terminal event is unpublished.
  if (!place && snapshot.row.pendingTurnId !== held.id) return;
  const text = own?.id === held.id && own.text.startsWith(held.text) ? own.text : held.text;
  store(draft, snapshot, { ...held, text }, endingOf(held, place), place);
}

function endingOf({ ending, model, tokens }: HeldTurn, place: TurnPlace | undefined): Ending {
  if (ending?.type === 'TurnCompleted') {
    const { usage, isTruncated } = ending;
    return { how: 'completed', model, usage, isTruncated };
  }
  if (ending?.type === 'TurnFailed') {
    const { code, retryable } = ending;
    return { how: 'failed', model, code, retryable };
  }
  const reason = ending?.type === 'TurnInterrupted' ? ending.reason : (place?.reason ?? 'CANCELLED');
  return { how: 'interrupted', model, reason, tokens };
}

/** Settles a turn that was cut off and that the feed does not hold: its speaker knows it, or it is stored, or it never began. */
function settleLost(draft: Draft, snapshot: Snapshot, place: TurnPlace, { own }: Heard): void {
  const { id, reason } = place;
  const stored = snapshot.messages.get(id);
  const { model } = draft.row;
  if (own?.id === id)
    store(draft, snapshot, own, { how: 'interrupted', model: own.model, reason, tokens: own.tokens }, place);
  else if (stored)
    draft.fill({ ...place, ending: { how: 'interrupted', model: stored.model ?? model, reason, tokens: 0 } });
  else draft.fill({ ...place, ending: { how: 'never-began', model, reason, cause: 'USER_MESSAGE' } });
}

function store(
  draft: Draft,
  { messages }: Snapshot,
  turn: OwnTurn,
  how: Ending,
  place: TurnPlace | undefined,
): void {
  const { id, cause } = turn;
  const ending = { ...how, durationMs: Math.max(0, draft.now - timeOfId(id)) };
  const wasPending = draft.row.pendingTurnId === id;
  const text = ending.how === 'interrupted' ? seenOf(turn.text, place?.seen ?? null) : turn.text;
  if (text !== '' && !messages.has(id)) insertAnswer(draft, answerOf(id, text, ending), place?.hidden);
  if (ending.how === 'failed') noteFailure(draft, id, ending, cause, wasPending);
  if (place) draft.fill({ ...place, ending: inProportion(ending, text.length / turn.text.length) });
  else draft.publish({ type: 'TurnEnded', id, reason: reasonOf(ending), seen: null, ending });
  if (wasPending) draft.set(NOT_PENDING);
}

/** What a caller had on the screen of a text. `seen`: its length in UTF-16 code units; null: all of it. */
function seenOf(text: string, seen: number | null): string {
  return seen === null ? text : graphemesBefore(text, seen);
}

/** The ending of a turn whose text is kept in part: a `share` between 0 and 1. The tokens of that part are an estimate. */
function inProportion(ending: Ending, share: number): Ending {
  if (ending.how !== 'interrupted' || !(share < 1)) return ending;
  return { ...ending, tokens: Math.ceil(ending.tokens * share) };
}

/** `hidden`: where it is if it is not on the visible branch; then it counts and shows nowhere. */
function insertAnswer(draft: Draft, answer: Answer, hidden: Hidden | undefined): void {
  const { row, now } = draft;
  const at = new Date(now);
  const message = answerRow(row.id, answer);
  if (hidden) {
    draft.insert.push({ ...message, parentId: hidden.parentId, hiddenSince: hidden.since });
    return;
  }
  draft.insert.push(message);
  draft.set({
    messageCount: row.messageCount + 1,
    updatedAt: at,
    ...(row.lastTurnId === answer.turnId
      ? { lastMessagePreview: previewOf(answer.text), lastActivityAt: at }
      : {}),
  });
}

function answerOf(turnId: string, text: string, ending: Ending): Answer {
  const isCompleted = ending.how === 'completed';
  return {
    turnId,
    text,
    model: ending.model,
    interruptionReason: isCompleted ? null : reasonOf(ending),
    isTruncated: isCompleted && ending.isTruncated,
    usage: isCompleted ? ending.usage : null,
    durationMs: ending.how === 'never-began' ? null : (ending.durationMs ?? null),
  };
}

function reasonOf(ending: Ending): InterruptionReason {
  if (ending.how === 'failed') return 'MODEL_FAILED';
  return ending.how === 'completed' ? 'CANCELLED' : ending.reason;
}

/** Stores a failure in the message that the turn answers, or in the conversation if it answers none, as a greeting. */
function noteFailure(
  draft: Draft,
  turnId: string,
  { code, retryable }: Extract<Ending, { how: 'failed' }>,
  cause: TurnCause,
  wasPending: boolean,
): void {
  if (cause === 'USER_MESSAGE' || cause === 'REGENERATION')
    draft.update.push({ answeredBy: turnId, failure: { turnId, code, retryable } });
  else if (wasPending) draft.set({ failedTurnId: turnId, failureCode: code, failureRetryable: retryable });
}

/**
 * Keeps text that the feed confirmed to the speaker of a turn that is over, and that a feed which was set back has lost. If
 * the stored message is shorter, stores the longer text and publishes a reset, so that clients load the conversation again.
 * Never more than was seen of a turn that was cut to that.
 */
function keepLonger(draft: Draft, { row, messages }: Snapshot, own: OwnTurn, held: HeldTurn | null): void {
  const { id } = own;
  const cut = row.recentlySeen.find(({ turnId }) => turnId === id);
  const text = seenOf(own.text, cut?.offset ?? null);
  if (text === '' || row.pendingTurnId === id || held?.id === id) return;
  if (unfilled({ row }).some((place) => place.id === id) || id > (row.lastTurnId ?? '')) return;
  const stored = messages.get(id);
  if (stored && !isLonger(text, stored)) return;
  if (stored) draft.update.push({ id, content: text });
  else
    insertAnswer(
      draft,
      answerOf(id, text, { how: 'interrupted', model: own.model, reason: 'CANCELLED', tokens: 0 }),
      cut?.hidden,
    );
  draft.publish({ type: 'FeedReset' });
}

function isLonger(text: string, { content, status }: Message): boolean {
  return status === 'INTERRUPTED' && text.length > content.length && text.startsWith(content);
}
