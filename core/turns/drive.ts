import type { Message } from '../../generated/prisma/client.ts';
import type { InterruptionReason } from '../conversation/vocabulary.ts';
import type { Advanced, AdvanceTarget, Feed, HeldTurn, NewTurn } from '../feed/feed.ts';
import type { TurnJob } from '../queue/jobs.ts';
import type { Conversations, Failure } from './conversations.ts';
import { applied, type Change, type ConversationRow, type Draft, type Snapshot } from './draft.ts';
import { type Ending, published as entryOf, publishedUpTo, terminalEvent } from './outbox.ts';
import { type OwnTurn, settle, unfilled } from './settle.ts';

export interface DriveOptions {
  conversations: Pick<Conversations, 'read' | 'failureOf' | 'forgetDeleted'>;
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
  /** False: what is pending is left to whoever opens it and has it spoken. */
  opens?: boolean;
}

type Step = Required<Pick<AdvanceTarget, 'opens' | 'reconciles'>>;

export interface Driven {
  /** What is stored at the end; null: there is no such conversation. */
  snapshot: Snapshot | null;
  /** Up to which place of the outbox everything is published, and whether that was done now. */
  published: number;
  hasPublished: boolean;
  /** The turns that were stored now. */
  stored: readonly HeldTurn[];
}

/** Each round makes another step of what is left; more than this has another driver in its way, which does the rest. */
const ROUNDS = 8;

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
  const { conversations, feed, commit, addJob } = options;
  const look = () => conversations.read(conversationId, own ? [own.id] : []);
  const stored: HeldTurn[] = [];
  let snapshot = from && !own ? from : await look();
  let first: number | null = null;
  let reconciles: string | null = null;
  for (let round = 0; ; round++) {
    if (!snapshot) {
      await feed.remove(conversationId);
      await conversations.forgetDeleted(conversationId);
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
      if (opens && turn && !turn.ending && turn.id === snapshot.row.pendingTurnId)
        await addJob({ conversationId, turnId: turn.id, owner: snapshot.row.owner });
      const isReplayed = turn?.ending
        ? await replay(options, snapshot, turn, { ...advanced, opens, reconciles })
        : false;
      const done = { snapshot, published: advanced.published, stored };
      return { ...done, hasPublished: isReplayed || advanced.published > first };
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
  { own, opens, reconciles }: { own: OwnTurn | null } & Step,
): Promise<Advanced> {
  const { row, messages } = snapshot;
  const pending = row.pendingTurnId === null ? null : await options.newTurn(row);
  const isOwn = pending !== null && own?.id === pending.id && own.text !== '';
  return options.feed.advance(row.id, {
    pending: pending && isOwn ? { ...pending, spoken: { text: own.text, tokens: own.tokens } } : pending,
    last: row.lastTurnId,
    ...{ opens, reconciles },
    published: publishedUpTo(row),
    over: unfilled(snapshot).map(({ id }) => id),
    entries: row.outbox.map((entry) => entryOf(entry, messages)),
  });
}

/**
 * A turn that the feed holds, and that the row has ended and published: the feed has fallen back to a moment before that. Its
 * terminal event is published as it is stored.
 */
async function replay(
  options: DriveOptions,
  { row }: Snapshot,
  turn: HeldTurn,
  { published, opens, reconciles }: { published: number } & Step,
): Promise<boolean> {
  const again = await options.conversations.read(row.id, [turn.id]);
  if (!again || isUnpublished(again.row, turn.id, published)) return false;
  const message = again.messages.get(turn.id);
  const failure = await options.conversations.failureOf(row.id, turn.id);
  const events = [terminalEvent(turn.id, storedEnding(turn, message, failure), message?.content ?? '')];
  const pending = again.row.pendingTurnId === null ? null : await options.newTurn(again.row);
  await options.feed.advance(row.id, {
    pending,
    last: again.row.lastTurnId,
    ...{ opens, reconciles },
    published: publishedUpTo(again.row),
    over: unfilled(again).map(({ id }) => id),
    entries: again.row.outbox.map((entry) => entryOf(entry, again.messages)),
    replay: { turnId: turn.id, events },
  });
  if (opens && pending)
    await options.addJob({ conversationId: row.id, turnId: pending.id, owner: row.owner });
  return true;
}

/** How a turn ended, by what is stored of it. */
function storedEnding(
  { tokens, ...turn }: HeldTurn,
  message: Message | undefined,
  failure: Failure | null,
): Exclude<Ending, { how: 'never-began' }> {
  const model = message?.model ?? turn.model;
  if (failure) return { how: 'failed', model, code: failure.code, retryable: failure.retryable };
  if (message?.status === 'COMPLETED')
    return { how: 'completed', model, usage: null, isTruncated: message.isTruncated };
  const reason = (message?.interruptionReason ?? 'CANCELLED') as InterruptionReason;
  return { how: 'interrupted', model, reason, tokens };
}
