import type { Message } from '../../generated/prisma/client.ts';
import { BusyError, InvalidInputError } from '../domain/errors.ts';
import { INPUT_TEXTS, PROBLEM_TEXTS } from '../domain/texts.ts';
import type { AnswerFacts, Fork } from '../store/branch-reads.ts';
import { Draft, type MessageChange, NO_FAILURE, type Snapshot } from '../store/draft.ts';
import type { Hidden, Seen } from '../store/outbox.ts';
import { previewOf } from '../text/preview.ts';
import { addQuestion } from './add-message.ts';
import { publishBranch } from './publish-branch.ts';

/*
 * A conversation is a tree of messages with one visible branch. These operations show another branch: like those of life.ts,
 * each is a pure function from what is stored to the change to store. They expect that every turn before the pending one is
 * stored, so that its answer has its place in the tree.
 */

/** What the turn that is cut off follows; null: nothing, or no turn is pending. */
interface Cutting {
  follows: string | null;
  /** What the caller had on the screen of it. */
  seen?: Seen | null;
}

/** A user's message in other words. */
export interface EditFacts extends Cutting {
  text: string;
  clientMessageId?: string | undefined;
  /** The stored message with the same `clientMessageId`. */
  before: Message | null;
  /** The branch up to the message before the one that is edited. */
  fork: Fork;
}

/** Adds an alternative of a user's message, and makes a turn pending that answers it. @throws {InvalidInputError} */
export function edit(snapshot: Snapshot, facts: EditFacts): { message: Message; draft: Draft | null } {
  const { text, clientMessageId = null, before, fork } = facts;
  if (before && before.content !== text)
    throw new InvalidInputError([{ path: 'clientMessageId', message: INPUT_TEXTS.otherText }]);
  if (before) return { message: before, draft: null };
  const draft = new Draft(snapshot);
  draft.cut('USER_MESSAGE', facts.seen, placeOf(draft, facts));
  show(draft, fork);
  return { message: addQuestion(draft, { text, clientMessageId }, { selectsBranch: true }), draft };
}

/** The facts that {@link regenerate} decides on. */
export interface RegenerateFacts extends AnswerFacts, Cutting {
  /** Whether the caller names a message; without one, the newest. */
  isNamed: boolean;
  model?: string | undefined;
  clientRequestId?: string | undefined;
}

export type Regenerating = { turnId: string; draft: Draft | null };

/**
 * Makes a turn pending that answers a user's message again, or greets again when there is none. The answer before stays, as an
 * alternative. A pending turn that answers the same message is returned instead, unless the caller has `seen` some of it or
 * names another model. A conversation that had ended becomes ACTIVE.
 * @throws {InvalidInputError} when there is nothing to answer
 */
export function regenerate(snapshot: Snapshot, facts: RegenerateFacts): Regenerating {
  const { begun, question, fork, model, clientRequestId, isNamed } = facts;
  if (begun) return { turnId: begun, draft: null };
  const draft = new Draft(snapshot);
  const { pendingTurnId, lastTurnId } = draft.row;
  const remember = (turnId: string): Regenerating => {
    if (clientRequestId) draft.regeneration = { clientRequestId, turnId };
    return { turnId, draft };
  };
  if (pendingTurnId !== null && isSame(draft, facts))
    return clientRequestId ? remember(pendingTurnId) : { turnId: pendingTurnId, draft: null };
  if (lastTurnId === null)
    throw new InvalidInputError([
      { path: isNamed ? 'messageId' : 'conversationId', message: INPUT_TEXTS.nothingToAnswer },
    ]);
  draft.cut('CANCELLED', facts.seen, placeOf(draft, facts));
  const isOther = pendingTurnId !== null || changes(fork);
  show(draft, fork);
  const turnId = draft.nextId();
  if (question) change(draft, { id: question.id, turnId, failure: null });
  if (isOther) publishBranch(draft, question?.id ?? fork.stays ?? turnId);
  draft.await(turnId, question ? 'REGENERATION' : 'GREETING', model ?? null);
  draft.set({ status: 'ACTIVE', updatedAt: new Date(draft.now), ...NO_FAILURE });
  return remember(turnId);
}

/** Whether the pending turn is what is asked for: it answers the same message, with the same model, and is not to be cut off. */
function isSame({ row }: Draft, { follows, question, model, seen }: RegenerateFacts): boolean {
  const { pendingTurnId, pendingTurnModel } = row;
  const isCut = seen?.turnId === pendingTurnId;
  const isOfQuestion = question === null ? row.pendingTurnCause === 'GREETING' : follows === question.id;
  return !isCut && isOfQuestion && (model === undefined || model === (pendingTurnModel ?? row.model));
}

/**
 * Shows another branch. Null: it is the visible one.
 * @throws {BusyError} while a turn is pending
 */
export function select({ row, now }: Snapshot, fork: Fork): Draft | null {
  const busyTurnId = row.pendingTurnId ?? (row.queued.length > 0 ? row.lastTurnId : null);
  if (busyTurnId !== null) throw new BusyError(PROBLEM_TEXTS.branchWhileSpeaking, busyTurnId);
  if (fork.shows.length === 0 || !fork.leaf) return null;
  const draft = new Draft({ row, now });
  show(draft, fork);
  draft.set({ updatedAt: new Date(now) });
  publishBranch(draft, fork.leaf.id);
  return draft;
}

function changes({ hides, shows }: Fork): boolean {
  return hides > 0 || shows.length > 0;
}

/** The place in the tree of the turn that is cut off: in the branch that is hidden. */
function placeOf(draft: Draft, { follows }: Cutting): Hidden {
  return { parentId: follows ?? draft.row.id, since: draft.version };
}

function show(draft: Draft, fork: Fork): void {
  if (!changes(fork)) return;
  const { stays, hides, shows, leaf } = fork;
  if (hides > 0) draft.hide = { after: stays };
  for (const id of shows) draft.update.push({ id, isShown: true });
  draft.set({
    messageCount: draft.row.messageCount - hides + shows.length,
    lastMessagePreview: leaf?.said == null ? null : previewOf(leaf.said),
  });
}

/** Adds to what is changed of a message: a commit changes each one once. */
function change(draft: Draft, { id, ...columns }: Extract<MessageChange, { id: string }>): void {
  const at = draft.update.findIndex((known) => 'id' in known && known.id === id);
  const known = draft.update[at];
  if (known) draft.update[at] = { ...known, ...columns };
  else draft.update.push({ id, ...columns });
}
