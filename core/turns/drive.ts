import type { TurnCause } from '../domain/vocabulary.ts';
import type { Advanced, AdvanceTarget, Feed, HeldTurn, NewTurn } from '../live/feed/feed.ts';
import type { TurnJob } from '../queue/jobs.ts';
import type { ConversationStore } from './conversation-store.ts';
import { applied, type Change, type ConversationRow, type Draft, type Snapshot } from './draft.ts';
import { published as entryOf, publishedUpTo } from './outbox.ts';
import { type OwnTurn, settle, unfilled } from './settle.ts';

export interface DriveOptions {
  store: Pick<ConversationStore, 'read' | 'removeDeletion'>;
  feed: Pick<Feed, 'advance' | 'remove'>;
  /** Commits what follows from a row, as it is now; null where another commit came first. */
  commit: (snapshot: Snapshot, change: Change) => Promise<ConversationRow | null>;
  /** The pending turn as it is opened: which model answers. */
  newTurn: (row: ConversationRow) => Promise<NewTurn | null>;
  /** Has a turn that is open spoken; repeating it does nothing. */
  addJob: (turn: TurnJob) => Promise<void>;
}

export interface DriveFrom {
  /** The row as a commit has just returned it, which saves a look. */
  from?: Snapshot | null;
  /** The turn as its speaker knows it. */
  own?: OwnTurn | null;
  /** False: only reconciles the feed with the row, if needed, and does not open the pending turn. */
  opens?: boolean;
}

type Step = Required<Pick<AdvanceTarget, 'opens' | 'reconciles'>>;

export interface Driven {
  /** What is stored at the end; null: there is no such conversation, or its feed was found reconciled. */
  snapshot: Snapshot | null;
  /** Up to which place of the outbox everything is published, and whether that was done now. */
  published: number;
  hasPublished: boolean;
  /** The turns that were stored now. */
  stored: readonly HeldTurn[];
}

/** Each round makes another step of what is left; more than this has another driver in its way, which does the rest. */
const ROUNDS = 8;
/** What begins a feed, and leaves one that has begun as it is. */
const NOTHING: AdvanceTarget = { pending: null, last: null, over: [], entries: [] };

/**
 * Does what follows from a commit, whoever made it: ends in the feed what the row has cut off, stores what was heard of it,
 * publishes the outbox, opens the pending turn and queues its job. Idempotent: any number of these may run at once, anywhere, and
 * each does what the others have left.
 */
export async function drive(
  options: DriveOptions,
  conversationId: string,
  { from = null, own = null, opens = true }: DriveFrom = {},
): Promise<Driven> {
  const { store, feed, commit } = options;
  const look = () => store.read(conversationId, own ? [own.id] : []);
  const stored: HeldTurn[] = [];
  let first: number | null = null;
  let reconciles: string | null = null;
  if (!opens) {
    // First the feed begins, then the row is looked at, once.
    const begun = await feed.advance(conversationId, NOTHING);
    reconciles = begun.gone ? null : begun.unreconciled;
    if (!begun.gone && reconciles === null)
      return { snapshot: null, published: 0, hasPublished: false, stored };
  }
  let snapshot = from && !own ? from : await look();
  for (let round = 0; ; round++) {
    if (!snapshot) {
      await feed.remove(conversationId);
      // A reader writes nothing to the database: the sweep does it.
      if (opens) await store.removeDeletion(conversationId);
      return { snapshot, published: 0, hasPublished: false, stored };
    }
    const advanced = await advance(options, snapshot, { own, opens, reconciles });
    if (advanced.gone) return { snapshot, published: 0, hasPublished: false, stored };
    first ??= advanced.before;
    if (advanced.unreconciled !== null && advanced.unreconciled !== reconciles && round < ROUNDS) {
      // The row that was read before the feed began may be older than what was published of it.
      reconciles = advanced.unreconciled;
      snapshot = await look();
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
    snapshot = row ? applied(snapshot, change, row) : await look();
  }
}

/** Whether the end of a turn is still to be stored, or to be published from the outbox. */
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
    entries: row.outbox.map((entry) => entryOf(entry, messages)),
    ...(drops !== undefined && { drops }),
  });
}

/** As far as the feed needs it of a turn that is not opened now. */
function unopened({ pendingTurnId: id, pendingTurnCause, model }: ConversationRow): NewTurn | null {
  return id === null ? null : { id, cause: pendingTurnCause as TurnCause, model };
}

/**
 * Has the feed let go of a turn that it holds and that the row has ended and published: the feed has fallen back to a moment
 * before that. Answers whether it did.
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

/** Has the pending turn spoken, where it is open. */
async function addJobOf(
  { addJob }: DriveOptions,
  { id: conversationId, owner, pendingTurnId }: ConversationRow,
  turn: HeldTurn | null,
): Promise<void> {
  if (turn && !turn.ending && turn.id === pendingTurnId)
    await addJob({ conversationId, turnId: turn.id, owner });
}
