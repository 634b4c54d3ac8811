import { randomBytes } from 'node:crypto';
import type { Conversation } from '../../generated/prisma/client.ts';
import { KeyedQueue } from '../async/keyed-queue.ts';
import { within } from '../async/within.ts';
import { NotFoundError, StoreUnavailableError, UnavailableError } from '../domain/errors.ts';
import type { ChangeKind, ConversationChanges } from '../live/changes/conversation-changes.ts';
import type { Feed, HeldTurn } from '../live/feed/feed.ts';
import type { ModelHealth } from '../live/model-health/model-health.ts';
import type { Models } from '../llm/registry/models.ts';
import type { JobProducer } from '../queue/job-producer.ts';
import type { TurnJob } from '../queue/jobs.ts';
import { type Log, type LogFields, withLogFields } from '../telemetry/log.ts';
import type { Timers } from '../timers/timers.ts';
import { commit, type Decide, type Decided } from './commit.ts';
import type { ConversationStore } from './conversation-store.ts';
import { COMMIT_WITHIN_MS, EFFECTS_WITHIN_MS } from './deadline.ts';
import type { ConversationRow, Snapshot } from './draft.ts';
import type { DriveFrom, Driven } from './drive.ts';
import { Drives } from './drives.ts';
import { OutboxCleaner } from './outbox-cleaner.ts';
import { PendingTurns } from './pending-turns.ts';
import { RecentRows } from './recent.ts';
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
  /** Called for each feed that was reconciled with its row, or could not be. */
  onReconciled?: (outcome: ReconcileOutcome) => void;
}

/** What an operation came to: what was decided, the row as it is now, and the drive, where there was one that ended in time. */
export interface Done<T> {
  decided: Decided<T>;
  row: Conversation;
  driven: Driven | null;
}

/**
 * Runs operations on conversations, whatever they are: each is one commit, decided by a pure function of `life.ts`, then a drive.
 * What has been committed stands, and its effects follow, by this process or another. A call waits for them, and not for long.
 */
export class TurnEngine {
  readonly #options: TurnEngineOptions;
  /** So that calls to one conversation wait here, and not with a connection of the pool each. */
  readonly #queue = new KeyedQueue();
  /** Up to which place of its outbox each conversation is known to be published. */
  readonly #published = new Map<string, number>();
  /** How often the database did not answer for a conversation. */
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
    });
  }

  /** How long a commit may take before it is refused, in milliseconds. */
  get commitWithinMs(): number {
    return this.#options.answerWithinMs ?? COMMIT_WITHIN_MS;
  }

  /** One commit, then its effects. `owner`: whose it must be; null: anybody's. @throws {NotFoundError} */
  async run<T>(conversationId: string, owner: string | null, decide: Decide<T>): Promise<Done<T>> {
    const { store } = this.#options;
    const decided = await this.inOrder(conversationId, () => {
      const options = {
        store,
        withinMs: this.commitWithinMs,
        recent: this.#recentRow(conversationId),
      };
      return commit(options, conversationId, async (snapshot) => {
        if (owner !== null && snapshot.row.owner !== owner) throw new NotFoundError();
        const unpublished = this.#withoutPublished(snapshot);
        if (owner !== null && unpublished.row.outbox.length >= MOST_UNPUBLISHED) throw new UnavailableError();
        return decide(unpublished);
      });
    });
    const ahead = decided.snapshot.now - performance.now();
    const driven = decided.change ? await this.effects(conversationId, decided.snapshot) : null;
    const left = driven?.snapshot ?? decided.snapshot;
    if (decided.change) this.#recent.keep(left, ahead);
    return { decided, driven, row: asRow(left.row) };
  }

  /**
   * Does it when what came before it to the same conversation is done. When one of those is refused because the database does
   * not answer, so is all that waits behind it: nobody waits longer than for one.
   */
  async inOrder<T>(conversationId: string, act: () => Promise<T>): Promise<T> {
    const refusals = this.#refusals.get(conversationId) ?? 0;
    return this.#queue.run(conversationId, async () => {
      if ((this.#refusals.get(conversationId) ?? 0) !== refusals) throw new UnavailableError();
      try {
        return await act();
      } catch (error) {
        if (error instanceof UnavailableError) this.#noteRefusal(conversationId);
        throw error;
      }
    });
  }

  #noteRefusal(conversationId: string): void {
    if (this.#refusals.size >= MOST_REMEMBERED) this.#refusals.clear();
    this.#refusals.set(conversationId, (this.#refusals.get(conversationId) ?? 0) + 1);
  }

  /** The effects of a commit, as far as they come in time; what does not is left to the sweep. Never rejects. */
  async effects(conversationId: string, from: Snapshot | null = null): Promise<Driven | null> {
    const driven = this.drive(conversationId, { from }).catch((err) => {
      this.#options.log.warn({ err, conversationId }, 'the effects of a commit are left to the sweep');
      return null;
    });
    return briefly(driven);
  }

  /** Does what is left to do for a conversation. Rejects when it could not. */
  async drive(conversationId: string, known: DriveFrom): Promise<Driven> {
    const driven = await this.#drives.run(conversationId, known);
    const { snapshot, published, hasPublished, stored } = driven;
    if (!snapshot) return driven;
    const { row } = snapshot;
    if (row.outbox.some(({ n }) => n <= published)) this.#notePublished(conversationId, published);
    if (hasPublished || stored.length > 0) await this.announce(row.owner, conversationId, 'UPDATED');
    if (stored.length > 0) this.#recent.take(conversationId);
    for (const turn of stored) await this.#startClock(row, turn);
    return driven;
  }

  /** Null also where it has something to publish: that needs a look at the messages. */
  #recentRow(conversationId: string): Snapshot | null {
    const recent = this.#recent.take(conversationId);
    return recent && this.#withoutPublished(recent).row.outbox.length === 0 ? recent : null;
  }

  #notePublished(conversationId: string, published: number): void {
    if (this.#published.size >= MOST_REMEMBERED) this.#published.clear();
    this.#published.set(conversationId, Math.max(published, this.#published.get(conversationId) ?? 0));
    this.#cleaner.add(conversationId, published);
  }

  /** The next commit lets go of what is published, so that the outbox stays small however much is said at once. */
  #withoutPublished(snapshot: Snapshot): Snapshot {
    const published = this.#published.get(snapshot.row.id) ?? 0;
    const outbox = snapshot.row.outbox.filter(({ n }) => n > published);
    return { ...snapshot, row: { ...snapshot.row, outbox } };
  }

  /** After what was said last the silence begins. */
  async #startClock({ id, lastTurnId, status }: ConversationRow, turn: HeldTurn): Promise<void> {
    if (lastTurnId !== turn.id || status !== 'ACTIVE') return;
    await this.#options.timers.activity(id, { turnId: turn.id, nudged: turn.cause === 'IDLE_NUDGE' });
  }

  /** Publishes a change of the owner's list. That is read from the database, so a failure here loses nothing. */
  async announce(owner: string, conversationId: string, kind: ChangeKind): Promise<void> {
    try {
      await this.#options.changes.publish(owner, { kind, conversationId });
    } catch (error) {
      this.#options.log.warn({ err: error, conversationId }, 'the list was not told of a change');
    }
  }

  /** Rejects with {@link UnavailableError} where a store is unavailable before anything was committed. */
  guarded<T>(about: LogFields, act: () => Promise<T>): Promise<T> {
    return withLogFields(about, async () => {
      try {
        return await act();
      } catch (error) {
        if (error instanceof UnavailableError || !(error instanceof StoreUnavailableError)) throw error;
        this.#options.log.warn({ err: error }, 'unavailable');
        throw new UnavailableError({ cause: error });
      }
    });
  }

  /**
   * Applies the row to a feed that begins or that the store has set back. Does not open a pending turn: its speaker has the text
   * that listeners got, and without a speaker the sweep opens it.
   */
  reconcile(conversationId: string, waiting: Waiting): Promise<void> {
    return this.#reconciler.run(conversationId, waiting);
  }

  /** Lets go of what it holds. */
  stop(): Promise<void> {
    return this.#cleaner.stop();
  }
}

/** What it comes to, if it comes soon. It goes on all the same. */
export async function briefly<T>(effect: Promise<T>): Promise<T | null> {
  return within(EFFECTS_WITHIN_MS, effect).catch(() => null);
}

/** A conversation of which so much waits to be published takes no more: the feed has been away for long. */
const MOST_UNPUBLISHED = 400;
/** Conversations of which something is remembered; forgetting it costs little. */
const MOST_REMEMBERED = 10_000;
/** How long the storing of what has ended may take by the database's clock, in milliseconds. It is tried again. */
const SETTLE_WITHIN_MS = 5_000;

function commitId(): string {
  return randomBytes(6).toString('base64url');
}

export function asRow(row: ConversationRow): Conversation {
  return row as unknown as Conversation;
}
