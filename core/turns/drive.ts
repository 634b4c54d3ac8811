import type { Advanced, AdvanceTarget, Feed, HeldTurn, NewTurn } from '../live/feed/feed.ts';
import type { TurnJob } from '../queue/jobs.ts';
import type { ConversationStore } from '../store/conversation-store.ts';
import { applied, type Change, type ConversationRow, type Draft, type Snapshot } from '../store/draft.ts';
import { published as entriesOf, publishedUpTo } from '../store/outbox.ts';
import { waitsForSentence } from './queue.ts';
import { type OwnTurn, settle, unfilled } from './settle.ts';

export interface DriveOptions {
  store: Pick<ConversationStore, 'read' | 'removeDeletion'>;
  feed: Pick<Feed, 'advance' | 'remove'>;
  /** Commits a change that was decided on `snapshot`. Null: another commit came first. */
  commit: (snapshot: Snapshot, change: Change) => Promise<ConversationRow | null>;
  /** The pending turn to open, with the model that answers it. */
  newTurn: (row: ConversationRow) => Promise<NewTurn | null>;
  /** Queues the job that speaks an open turn. Idempotent. */
  addJob: (turn: TurnJob) => Promise<void>;
  /** Has an open turn cut off at the end of its sentence. Idempotent. */
  endAtSentence: (turn: TurnJob) => Promise<void>;
}

export interface DriveFrom {
  /** The row that a commit has just returned. Saves a read. */
  from?: Snapshot | null;
  /** The turn as its speaker knows it. */
  own?: OwnTurn | null;
  /** False: only reconciles the feed with the row, if needed, and does not open the pending turn. */
  opens?: boolean;
}

type Step = Required<Pick<AdvanceTarget, 'opens' | 'reconciles'>>;

export interface Driven {
  /** What is stored at the end. Null: there is no such conversation, or its feed was already reconciled. */
  snapshot: Snapshot | null;
  /** Number of the last outbox entry that is published. */
  published: number;
  /** Whether this drive published anything. */
  hasPublished: boolean;
  /** The turns that this drive stored. */
  stored: readonly HeldTurn[];
}

/** Each round does one more step. Only a concurrent drive can cause more rounds than this, and it does the rest. */
const ROUNDS = 8;
/** Begins a feed; has no effect on one that has begun. */
const EMPTY_TARGET: AdvanceTarget = { pending: null, last: null, over: [], entries: [] };

/**
 * Carries out the effects of a conversation's commits, made by any process: ends in the feed what the row has cut off, stores
 * what was heard of it, publishes the outbox, opens the pending turn and queues its job. Idempotent: any number of drives may
 * run concurrently in any process, and each does what the others have left.
 */
export async function drive(
  options: DriveOptions,
  conversationId: string,
  { from = null, own = null, opens: opensAtFirst = true }: DriveFrom = {},
): Promise<Driven> {
  let opens = opensAtFirst;
  const { store, feed, commit } = options;
  const read = () => store.read(conversationId, own ? [own.id] : []);
  const stored: HeldTurn[] = [];
  let first: number | null = null;
  let reconciles: string | null = null;
  if (!opens) {
    // First the feed begins, then the row is read, once.
    const begun = await feed.advance(conversationId, EMPTY_TARGET);
    reconciles = begun.gone ? null : begun.unreconciled;
    if (!begun.gone && reconciles === null)
      return { snapshot: null, published: 0, hasPublished: false, stored };
  }
  let snapshot = from && !own ? from : await read();
  for (let round = 0; ; round++) {
    if (!snapshot) {
      await feed.remove(conversationId);
      // A subscription writes nothing to the database: the sweep removes the record.
      if (opens) await store.removeDeletion(conversationId);
      return { snapshot, published: 0, hasPublished: false, stored };
    }
    const advanced = await advance(options, snapshot, { own, opens, reconciles });
    if (advanced.gone) return { snapshot, published: 0, hasPublished: false, stored };
    first ??= advanced.before;
    if (advanced.unreconciled !== null && advanced.unreconciled !== reconciles && round < ROUNDS) {
      // The row was read before the feed began, so it may be older than what has been published.
      reconciles = advanced.unreconciled;
      snapshot = await read();
      continue;
    }
    const change: Draft | null = settle(snapshot, { held: advanced.turn, own });
    if (!change) {
      const { turn } = advanced;
      if (opens) await addJobOf(options, snapshot.row, turn);
      const isDropped = turn?.ending
        ? await drop(options, conversationId, turn, { ...advanced, opens, reconciles })
        : false;
      const done = { snapshot, published: advanced.published, stored };
      return { ...done, hasPublished: isDropped || advanced.published > first };
    }
    if (round === ROUNDS) return { snapshot, published: first, hasPublished: false, stored };
    const row = await commit(snapshot, change);
    if (row && advanced.turn?.ending) stored.push(advanced.turn);
    // No speaker knows a turn that this drive has made pending.
    if (row?.pendingTurnId && row.pendingTurnId !== snapshot.row.pendingTurnId) opens = true;
    snapshot = row ? applied(snapshot, change, row) : await read();
  }
}

/** Whether the end of a turn has yet to be stored, or published from the outbox. */
function isUnpublished({ pendingTurnId, outbox }: ConversationRow, turnId: string, upTo: number): boolean {
  const isNamed = outbox.some((entry) => entry.type === 'TurnEnded' && entry.id === turnId && entry.n > upTo);
  return pendingTurnId === turnId || isNamed;
}

async function advance(
  options: DriveOptions,
  snapshot: Snapshot,
  { own, opens, reconciles, drops }: { own: OwnTurn | null; drops?: string } & Step,
): Promise<Advanced> {
  const { row, messages } = snapshot;
  const pending = opens && row.pendingTurnId !== null ? await options.newTurn(row) : unopened(row);
  const isOwn = pending !== null && own?.id === pending.id && own.text !== '';
  return options.feed.advance(row.id, {
    pending: pending && isOwn ? { ...pending, spoken: { text: own.text, tokens: own.tokens } } : pending,
    last: row.lastTurnId,
    ...{ opens, reconciles },
    published: publishedUpTo(row),
    over: unfilled(snapshot).map(({ id }) => id),
    entries: entriesOf(row, messages),
    ...(drops !== undefined && { drops }),
  });
}

/** The pending turn when it is not opened now: the feed needs no choice of a model. */
function unopened({ pendingTurnId: id, pendingTurnCause: cause, model }: ConversationRow): NewTurn | null {
  return id === null || cause === null ? null : { id, cause, model };
}

/**
 * Drops from the feed a turn that the row has ended and published: the feed was set back to a state from before that.
 * Returns whether it was dropped.
 */
async function drop(
  options: DriveOptions,
  conversationId: string,
  turn: HeldTurn,
  { published, opens, reconciles }: { published: number } & Step,
): Promise<boolean> {
  const again = await options.store.read(conversationId);
  if (!again || isUnpublished(again.row, turn.id, published)) return false;
  const advanced = await advance(options, again, { own: null, opens, reconciles, drops: turn.id });
  if (opens && !advanced.gone) await addJobOf(options, again.row, advanced.turn);
  return true;
}

/** Queues the job of the pending turn if the feed has it open, and has it cut off at its sentence if a message waits for that. */
async function addJobOf(
  { addJob, endAtSentence }: DriveOptions,
  row: ConversationRow,
  turn: HeldTurn | null,
): Promise<void> {
  if (!turn || turn.ending || turn.id !== row.pendingTurnId) return;
  const { id: conversationId, owner, tenant } = row;
  const job = { conversationId, turnId: turn.id, owner, tenant };
  await addJob(job);
  if (waitsForSentence(row, turn.id)) await endAtSentence(job);
}
