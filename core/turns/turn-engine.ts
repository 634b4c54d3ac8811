import { randomBytes } from 'node:crypto';
import type { Conversation } from '../../generated/prisma/client.ts';
import { KeyedQueue } from '../async/keyed-queue.ts';
import { within } from '../async/within.ts';
import { NotFoundError, StoreUnavailableError, UnavailableError } from '../domain/errors.ts';
import { isSameOwner, type Owner } from '../domain/owner.ts';
import type { ChangeKind, ConversationChanges } from '../live/changes/conversation-changes.ts';
import type { Feed, HeldTurn } from '../live/feed/feed.ts';
import type { ModelHealth } from '../live/model-health/model-health.ts';
import type { Models } from '../llm/registry/models.ts';
import type { JobProducer } from '../queue/job-producer.ts';
import type { TurnJob } from '../queue/jobs.ts';
import type { ConversationStore } from '../store/conversation-store.ts';
import type { ConversationRow, Snapshot } from '../store/draft.ts';
import { type Log, type LogFields, withLogFields } from '../telemetry/log.ts';
import type { Timers } from '../timers/timers.ts';
import { commit, type Decide, type Decided } from './commit.ts';
import { COMMIT_WITHIN_MS, EFFECTS_WITHIN_MS } from './deadline.ts';
import type { DriveFrom, Driven } from './drive.ts';
import { Drives } from './drives.ts';
import { OutboxCleaner } from './outbox-cleaner.ts';
import { PendingTurns } from './pending-turns.ts';
import { RecentRows } from './recent-rows.ts';
import { type ReconcileOutcome, Reconciler, type Waiting } from './reconciler.ts';

export interface TurnEngineOptions {
  store: ConversationStore;
  feed: Feed;
  jobs: Pick<JobProducer<TurnJob>, 'add'>;
  changes: ConversationChanges;
  timers: Timers;
  models: Models;
  modelHealth: Pick<ModelHealth, 'allowRequest'>;
  /** How long a commit may take before it is refused, in milliseconds; {@link COMMIT_WITHIN_MS} unless given. */
  answerWithinMs?: number | undefined;
  log: Log;
  /** Called after each reconciliation of a feed with its row. */
  onReconciled?: (outcome: ReconcileOutcome) => void;
}

/** The result of an operation. */
export interface Done<T> {
  decided: Decided<T>;
  /** The row after the operation, and after its drive if that ended in time. */
  row: Conversation;
  /** Null: there was nothing to drive, or the drive did not end in time. */
  driven: Driven | null;
}

/**
 * Runs operations on conversations: each is one commit, decided by a pure function of `life.ts`, then a drive. After the
 * commit its effects always follow, carried out by this process or another. A call waits only {@link EFFECTS_WITHIN_MS} for them.
 */
export class TurnEngine {
  readonly #options: TurnEngineOptions;
  /** Calls to one conversation wait here, so that they do not each hold a connection of the pool. */
  readonly #queue = new KeyedQueue();
  /** Per conversation, the number of the last outbox entry that is known to be published. */
  readonly #published = new Map<string, number>();
  /** Per conversation, how often a call was refused because the database was unavailable. */
  readonly #refusals = new Map<string, number>();
  readonly #recent = new RecentRows();
  readonly #drives: Drives;
  readonly #reconciler: Reconciler;
  readonly #cleaner: OutboxCleaner;

  constructor(options: TurnEngineOptions) {
    const { store, feed, jobs, log } = options;
    this.#options = options;
    const pending = new PendingTurns(options);
    this.#cleaner = new OutboxCleaner(store, (err) => log.debug({ err }, 'outboxes were not cleared'));
    this.#reconciler = new Reconciler((id) => this.drive(id, { opens: false }), options.onReconciled);
    this.#drives = new Drives({
      store,
      feed,
      commit: async ({ row, now }, change) => {
        const done = await store.commit(row, change, commitId(), now + SETTLE_WITHIN_MS);
        return done.outcome === 'committed' ? done.row : null;
      },
      newTurn: (row) => pending.choose(row),
      addJob: (turn) => jobs.add(turn),
      endAtSentence: async ({ conversationId, turnId }) => {
        await options.timers.endSentenceInTime(conversationId, turnId);
        await feed.notifySpeaker(conversationId, turnId);
      },
    });
  }

  /** How long a commit may take before it is refused, in milliseconds. */
  get commitWithinMs(): number {
    return this.#options.answerWithinMs ?? COMMIT_WITHIN_MS;
  }

  /** One commit, then its effects. `owner`: who must own the conversation; null: anybody. @throws {NotFoundError} */
  async run<T>(conversationId: string, owner: Owner | null, decide: Decide<T>): Promise<Done<T>> {
    const { store } = this.#options;
    const decided = await this.inOrder(conversationId, () => {
      const options = {
        ...{ store, owner },
        withinMs: this.commitWithinMs,
        recent: this.#recentRow(conversationId),
      };
      return commit(options, conversationId, async (snapshot) => {
        if (owner !== null && !isSameOwner(snapshot.row, owner)) throw new NotFoundError();
        const unpublished = this.#withoutPublished(snapshot);
        if (owner !== null && unpublished.row.outbox.length >= MAX_UNPUBLISHED)
          throw new UnavailableError({
            cause: new Error('too many events of the conversation are unpublished'),
          });
        return decide(unpublished);
      });
    });
    const ahead = decided.snapshot.now - performance.now();
    const driven = decided.change ? await this.effects(conversationId, decided.snapshot) : null;
    const left = driven?.snapshot ?? decided.snapshot;
    if (decided.change) this.#recent.keep(left, ahead);
    return { decided, driven, row: left.row };
  }

  /**
   * Runs `act` after the earlier calls to the same conversation. When one of them is refused because the database is
   * unavailable, all calls that wait behind it are refused too, so that their timeouts do not add up.
   */
  async inOrder<T>(conversationId: string, act: () => Promise<T>): Promise<T> {
    const refusals = this.#refusals.get(conversationId) ?? 0;
    return this.#queue.run(conversationId, async () => {
      if ((this.#refusals.get(conversationId) ?? 0) !== refusals)
        throw new UnavailableError({
          cause: new Error('the call before it to the conversation was refused'),
        });
      try {
        return await act();
      } catch (error) {
        if (error instanceof UnavailableError) this.#noteRefusal(conversationId);
        throw error;
      }
    });
  }

  #noteRefusal(conversationId: string): void {
    if (this.#refusals.size >= MAX_REMEMBERED) this.#refusals.clear();
    this.#refusals.set(conversationId, (this.#refusals.get(conversationId) ?? 0) + 1);
  }

  /** Drives the effects of a commit. Null: they failed, and the sweep retries them, or did not end in time. Never rejects. */
  async effects(conversationId: string, from: Snapshot | null = null): Promise<Driven | null> {
    const driven = this.drive(conversationId, { from }).catch((err) => {
      this.#options.log.warn({ err, conversationId }, 'effects of a commit failed, the sweep retries them');
      return null;
    });
    return briefly(driven);
  }

  /** Carries out the effects that a conversation still lacks. Rejects when it could not. */
  async drive(conversationId: string, known: DriveFrom): Promise<Driven> {
    const driven = await this.#drives.run(conversationId, known);
    const { snapshot, published, hasPublished, stored } = driven;
    if (!snapshot) return driven;
    const { row } = snapshot;
    if (row.outbox.some(({ n }) => n <= published)) this.#notePublished(conversationId, published);
    if (hasPublished || stored.length > 0) await this.announce(row, conversationId, 'UPDATED');
    if (stored.length > 0) this.#recent.take(conversationId);
    for (const turn of stored) await this.#startClock(row, turn);
    return driven;
  }

  /** The cached row. Null also when it has something to publish, because that needs a read of the messages. */
  #recentRow(conversationId: string): Snapshot | null {
    const recent = this.#recent.take(conversationId);
    return recent && this.#withoutPublished(recent).row.outbox.length === 0 ? recent : null;
  }

  #notePublished(conversationId: string, published: number): void {
    if (this.#published.size >= MAX_REMEMBERED) this.#published.clear();
    this.#published.set(conversationId, Math.max(published, this.#published.get(conversationId) ?? 0));
    this.#cleaner.add(conversationId, published);
  }

  /** Lets the next commit remove published entries, so that the outbox stays small however fast a conversation is. */
  #withoutPublished(snapshot: Snapshot): Snapshot {
    const published = this.#published.get(snapshot.row.id) ?? 0;
    const outbox = snapshot.row.outbox.filter(({ n }) => n > published);
    return { ...snapshot, row: { ...snapshot.row, outbox } };
  }

  /** Starts the timers of silence after the conversation's last turn. */
  async #startClock({ id, lastTurnId, status, idleTimeout }: ConversationRow, turn: HeldTurn): Promise<void> {
    if (lastTurnId !== turn.id || status !== 'ACTIVE' || !idleTimeout) return;
    await this.#options.timers.activity(id, { turnId: turn.id, nudged: turn.cause === 'IDLE_NUDGE' });
  }

  /** Publishes a change to the owner's list. Clients read the list from the database, so a failure here loses nothing. */
  async announce(owner: Owner, conversationId: string, kind: ChangeKind): Promise<void> {
    try {
      await this.#options.changes.publish(owner, { kind, conversationId });
    } catch (error) {
      this.#options.log.warn(
        { err: error, conversationId },
        'change of a conversation was not published to the list',
      );
    }
  }

  /** Rejects with {@link UnavailableError} when a store is unavailable before the commit. */
  guarded<T>(about: LogFields, act: () => Promise<T>): Promise<T> {
    return withLogFields(about, async () => {
      try {
        return await act();
      } catch (error) {
        if (error instanceof UnavailableError || !(error instanceof StoreUnavailableError)) throw error;
        throw new UnavailableError({ cause: error });
      }
    });
  }

  /**
   * Applies the row to a feed that begins or that the store has set back. Does not open a pending turn: its speaker has the
   * text that listeners received, and without a speaker the sweep opens it.
   */
  reconcile(conversationId: string, waiting: Waiting): Promise<void> {
    return this.#reconciler.run(conversationId, waiting);
  }

  /** Clears the outboxes that are left. */
  stop(): Promise<void> {
    return this.#cleaner.stop();
  }
}

/** The result of an effect, or null if it fails or takes longer than {@link EFFECTS_WITHIN_MS}. Does not stop the effect. */
export async function briefly<T>(effect: Promise<T>): Promise<T | null> {
  return within(EFFECTS_WITHIN_MS, effect).catch(() => null);
}

/** Calls to a conversation with this many unpublished entries are refused: the feed has long been unavailable. */
const MAX_UNPUBLISHED = 400;
/** Maximum number of conversations with an entry in one of the maps. An entry that was dropped costs little. */
const MAX_REMEMBERED = 10_000;
/** How long a commit of a drive may take by the database's clock, in milliseconds. It is retried. */
const SETTLE_WITHIN_MS = 5_000;

function commitId(): string {
  return randomBytes(6).toString('base64url');
}
