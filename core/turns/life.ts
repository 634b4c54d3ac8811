import type { Message } from '../../generated/prisma/client.ts';
import { InvalidInputError, NotFoundError } from '../domain/errors.ts';
import { idAfter, timeOfId } from '../domain/ids.ts';
import { INPUT_TEXTS, PROBLEM_TEXTS } from '../domain/texts.ts';
import type { Pacing, TurnCause } from '../domain/vocabulary.ts';
import type { AnswerFacts } from '../store/conversation-reads.ts';
import { Draft, NO_FAILURE, type Snapshot } from '../store/draft.ts';
import { previewOf } from '../text/preview.ts';
import { titleFrom } from '../text/title.ts';
import { PLAIN_MESSAGE } from './answer.ts';

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

/** A message to send. `before`: the stored message with the same `clientMessageId`. */
export interface SendFacts {
  text: string;
  clientMessageId?: string | undefined;
  before: Message | null;
}

/** Stores a user's message: cuts off the pending turn, and makes one pending that answers it. @throws {InvalidInputError} */
export function send(snapshot: Snapshot, { text, clientMessageId, before }: SendFacts): Draft | null {
  if (before && before.content !== text)
    throw new InvalidInputError([{ path: 'clientMessageId', message: INPUT_TEXTS.otherText }]);
  if (before) return null;
  const draft = new Draft(snapshot);
  draft.cut('USER_MESSAGE');
  const { row, now } = draft;
  const id = idAfter(row.lastTurnId, now);
  const turnId = idAfter(id, now);
  const at = new Date(timeOfId(id));
  draft.insert.push({
    ...PLAIN_MESSAGE,
    ...{ id, conversationId: row.id, clientMessageId: clientMessageId ?? null, turnId },
    ...{ role: 'USER', content: text, status: 'COMPLETED', model: null, createdAt: at },
  });
  draft.await(turnId, 'USER_MESSAGE');
  draft.set({
    status: 'ACTIVE',
    title: row.title ?? titleFrom(text),
    messageCount: row.messageCount + 1,
    lastMessagePreview: previewOf(text),
    lastActivityAt: at,
    updatedAt: at,
    ...NO_FAILURE,
  });
  draft.publish({ type: 'MessageAdded', id });
  if (row.title === null) publishSettings(draft);
  return draft;
}

/** Cuts off the pending turn; with `only`, only if it is that one. */
export function cancel(snapshot: Snapshot, only: string | undefined): Draft | null {
  const { pendingTurnId } = snapshot.row;
  if (pendingTurnId === null || (only !== undefined && only !== pendingTurnId)) return null;
  const draft = new Draft(snapshot);
  draft.cut('CANCELLED');
  return draft;
}

/** Ends the conversation and cuts off the pending turn. */
export function end(snapshot: Snapshot): Draft | null {
  if (snapshot.row.status !== 'ACTIVE') return null;
  const draft = new Draft(snapshot);
  draft.cut('CONVERSATION_ENDED');
  draft.set({ status: 'CANCELLED', updatedAt: new Date(draft.now) });
  draft.publish({ type: 'ConversationEnded', reason: 'ENDED_BY_USER' });
  return draft;
}

/** Completes a conversation that has been silent since the turn `after`. */
export function complete(snapshot: Snapshot, after: string): Draft | null {
  if (!isQuietSince(snapshot, after)) return null;
  const draft = new Draft(snapshot);
  draft.set({ status: 'COMPLETED', updatedAt: new Date(draft.now) });
  draft.publish({ type: 'ConversationEnded', reason: 'IDLE_TIMEOUT' });
  return draft;
}

/** Makes an unprompted turn pending, such as a nudge, if the conversation has been silent since the turn `after`. */
export function volunteer(snapshot: Snapshot, cause: TurnCause, after: string): Draft | null {
  if (!isQuietSince(snapshot, after)) return null;
  const draft = new Draft(snapshot);
  draft.await(idAfter(after, draft.now), cause);
  return draft;
}

function isQuietSince({ row }: Snapshot, after: string): boolean {
  return row.status === 'ACTIVE' && row.lastTurnId === after && row.pendingTurnId === null;
}

/** Settings to change. Undefined: unchanged. */
export interface Settings {
  title?: string | null | undefined;
  model?: string | undefined;
  pacing?: Pacing | undefined;
}

export function update(snapshot: Snapshot, { title, model, pacing }: Settings): Draft {
  const draft = new Draft(snapshot);
  draft.set({
    ...(title !== undefined && { title }),
    ...(model !== undefined && { model }),
    ...(pacing !== undefined && { pacing }),
    updatedAt: new Date(draft.now),
  });
  publishSettings(draft);
  return draft;
}

function publishSettings(draft: Draft): void {
  const { title, model, pacing } = draft.row;
  draft.publish({ type: 'ConversationUpdated', title, model, pacing });
}

/** The facts that {@link regenerate} decides on. */
export interface RegenerateFacts extends AnswerFacts {
  model?: string | undefined;
  clientRequestId?: string | undefined;
}

export type Regenerating = { turnId: string; draft: Draft | null };

/**
 * Makes a turn pending that answers the newest user message again, or greets again when there is no user message.
 * If a turn is already pending, returns that one. A conversation that had ended becomes ACTIVE.
 * @throws {NotFoundError} when the conversation has no message with that id
 * @throws {InvalidInputError} when there is nothing to answer, or it has a whole answer
 */
export function regenerate(snapshot: Snapshot, facts: RegenerateFacts): Regenerating {
  const { begun, isNamed, named, question, isAnswered, model, clientRequestId } = facts;
  if (begun) return { turnId: begun, draft: null };
  if (isNamed && !named) throw new NotFoundError(PROBLEM_TEXTS.noMessage);
  const draft = new Draft(snapshot);
  const { row } = draft;
  const remember = (turnId: string): Regenerating => {
    if (clientRequestId) draft.regeneration = { clientRequestId, turnId };
    return { turnId, draft };
  };
  if (row.pendingTurnId)
    return clientRequestId ? remember(row.pendingTurnId) : { turnId: row.pendingTurnId, draft: null };
  if (named && question && !isOfQuestion(named, question)) throw invalid('messageId', INPUT_TEXTS.notNewest);
  if (!row.lastTurnId || isAnswered)
    throw invalid(isNamed ? 'messageId' : 'conversationId', INPUT_TEXTS.nothingToAnswer);

  const turnId = idAfter(row.lastTurnId, draft.now);
  if (question) draft.update.push({ id: question.id, turnId, failure: null });
  draft.await(turnId, question ? 'REGENERATION' : 'GREETING', model ?? null);
  draft.set({ status: 'ACTIVE', updatedAt: new Date(draft.now), ...NO_FAILURE });
  return remember(turnId);
}

/** Whether it is that user message, or an assistant message after it. */
function isOfQuestion(message: Message, question: Message): boolean {
  return message.id === question.id || (message.role === 'ASSISTANT' && message.id > question.id);
}

function invalid(path: string, message: string): InvalidInputError {
  return new InvalidInputError([{ path, message }]);
}
