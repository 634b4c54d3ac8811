import { randomBytes } from 'node:crypto';
import type { Conversation, Message } from '../../generated/prisma/client.ts';
import { KeyedQueue } from '../async/keyed-queue.ts';
import { within } from '../async/within.ts';
import {
  NotFoundError,
  OutcomeUnknownError,
  StoreUnavailableError,
  UnavailableError,
} from '../domain/errors.ts';
import type { Pacing, TurnCause } from '../domain/vocabulary.ts';
import type { ChangeKind, ConversationChanges } from '../live/changes/conversation-changes.ts';
import type { Feed, HeldTurn } from '../live/feed/feed.ts';
import type { ModelHealth } from '../live/model-health/model-health.ts';
import type { Models } from '../llm/registry/models.ts';
import type { JobProducer } from '../queue/job-producer.ts';
import type { TurnJob } from '../queue/jobs.ts';
import { type Log, type LogFields, withLogFields } from '../telemetry/log.ts';
import type { Timers } from '../timers/timers.ts';
import { commit, type Decide, type Decided } from './commit.ts';
import type { ConversationReads } from './conversation-reads.ts';
import type { ConversationStore } from './conversations.ts';
import { createConversation, deleteConversation } from './create-delete.ts';
import { answerWithin, COMMIT_WITHIN_MS, EFFECTS_WITHIN_MS } from './deadline.ts';
import type { ConversationRow, Snapshot } from './draft.ts';
import type { DriveFrom, Driven } from './drive.ts';
import { Drives } from './drives.ts';
import * as life from './life.ts';
import { newConversation } from './new-conversation.ts';
import { OutboxCleaner } from './outbox-cleaner.ts';
import { PendingTurns } from './pending-turns.ts';
import { RecentRows } from './recent.ts';
import { type ReconcileOutcome, Reconciler, type Waiting } from './reconciler.ts';
import type { OwnTurn } from './settle.ts';

export interface TurnsOptions {
  conversations: ConversationStore;
  reads: ConversationReads;
  feed: Feed;
  jobs: Pick<JobProducer<TurnJob>, 'add'>;
  changes: ConversationChanges;
  timers: Timers;
  models: Models;
  modelHealth: Pick<ModelHealth, 'mayAsk'>;
  provider: string;
  /** How long a commit may take before it is refused, in milliseconds; {@link COMMIT_WITHIN_MS} unless given. */
  answerWithinMs?: number | undefined;
  log: Log;
  /** Called for each feed that was reconciled with its row, or could not be. */
  onReconciled?: (outcome: ReconcileOutcome) => void;
}

export interface CreateInput {
  owner: string;
  model: string;
  pacing: Pacing;
  greet: boolean;
  clientConversationId?: string | undefined;
}

export interface NewMessage {
  conversationId: string;
  owner: string;
  text: string;
  clientMessageId?: string | undefined;
}

/** Which answer to give again. */
export interface RegenerateRequest {
  /** The newest user message or an answer to it; undefined: the newest. */
  messageId?: string | undefined;
  /** The model to ask this once; undefined: the conversation's. */
  model?: string | undefined;
  /** Identifies the request, so that a repeated one begins no second turn. */
  clientRequestId?: string | undefined;
}

/**
 * What can be done to a conversation. Each is one commit, decided by a pure function of `life.ts`, then a drive: what has been
 * committed stands, and its effects follow, whoever brings them about. A call waits for them, and not for long.
 *
 * Every method throws {@link NotFoundError} when the owner has no such conversation, {@link UnavailableError} when nothing
 * was committed nor will be, and {@link OutcomeUnknownError} when that could not be learnt.
 */
export class Turns {
  readonly #options: TurnsOptions;
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

  constructor(options: TurnsOptions) {
    const { conversations, feed, jobs, log } = options;
    this.#options = options;
    const pending = new PendingTurns(options);
    this.#cleaner = new OutboxCleaner(conversations, (err) =>
      log.debug({ err }, 'outboxes were not cleared'),
    );
    this.#reconciler = new Reconciler((id) => this.#drive(id, { opens: false }), options.onReconciled);
    this.#drives = new Drives({
      conversations,
      feed,
      commit: async ({ row, now }, change) => {
        const done = await conversations.commit(row, change, commitId(), now + SETTLE_WITHIN_MS);
        return done.outcome === 'committed' ? done.row : null;
      },
      newTurn: (row) => pending.choose(row),
      addJob: (turn) => jobs.add(turn),
    });
  }

  /** Creates a conversation, or returns the one that was created with the same `clientConversationId`. */
  create({ greet, clientConversationId = undefined, ...input }: CreateInput): Promise<Conversation> {
    return this.#guarded({}, async () => {
      const { conversations, feed, provider } = this.#options;
      const withinMs = this.#commitWithinMs;
      const now = await answerWithin(withinMs, conversations.now());
      const draft = newConversation({ provider, ...input }, now);
      const { id } = draft.row;
      // Asked before anything is stored: who then asks for the cursor must not be told that it was in vain.
      await answerWithin(withinMs, feed.begin(id));
      const options = { greet, clientConversationId: clientConversationId ?? null, withinMs };
      const created = await createConversation(conversations, draft, options);
      if (created.outcome === 'existed') return asRow(created.row);
      if (greet) await this.#effects(id, { row: created.row, messages: new Map(), now });
      await briefly(this.#tell(input.owner, id, 'CREATED'));
      return asRow(created.row);
    });
  }

  /** Stores the message, cutting off whatever turn is pending, and has it answered. */
  send({
    conversationId,
    owner,
    text,
    clientMessageId,
  }: NewMessage): Promise<{ conversation: Conversation; message: Message; turnId: string }> {
    const { reads } = this.#options;
    return this.#guarded({ conversationId }, async () => {
      const { decided, row } = await this.#do(conversationId, owner, async (snapshot) => {
        const before = clientMessageId ? await reads.messageBy(conversationId, clientMessageId) : null;
        const change = life.send(snapshot, { text, clientMessageId, before });
        return { change, result: change ? (change.insert[0] as Message) : (before as Message) };
      });
      const message = decided.result;
      if (decided.change) await briefly(this.#typesNoMore(conversationId));
      return { conversation: row, message, turnId: message.turnId ?? message.id };
    });
  }

  /** Has the answer that failed, was cut off or is missing given again, as a turn of its own. See {@link life.regenerate}. */
  regenerate(
    conversationId: string,
    owner: string,
    request: RegenerateRequest = {},
  ): Promise<{ conversation: Conversation; turnId: string }> {
    const { reads } = this.#options;
    return this.#guarded({ conversationId }, async () => {
      const { pendingTurnId } = await reads.get(conversationId, owner);
      // It may have ended, and not be stored yet.
      if (pendingTurnId) await this.#effects(conversationId);
      const { decided, row } = await this.#do(conversationId, owner, async (snapshot) => {
        const facts = await reads.regenerateFacts(conversationId, request);
        const { turnId, draft } = life.regenerate(snapshot, { ...request, ...facts });
        return { change: draft, result: turnId };
      });
      return { conversation: row, turnId: decided.result };
    });
  }

  /**
   * Stops the answer being spoken, or the one that is pending; with `turnId` only if it is that one. `interrupted` is
   * what was heard of it, null when nothing was, or when it is not stored yet.
   */
  cancel(
    conversationId: string,
    owner: string,
    only?: string,
  ): Promise<{ conversation: Conversation; interrupted: Message | null }> {
    return this.#guarded({ conversationId }, async () => {
      const { decided, row, driven } = await this.#do(conversationId, owner, async (snapshot) => ({
        change: life.cancel(snapshot, only),
        result: snapshot.row.pendingTurnId,
      }));
      const turnId = decided.change && decided.result;
      const interrupted = (turnId && driven?.snapshot?.messages.get(turnId)) || null;
      return { conversation: row, interrupted };
    });
  }

  /** Ends the conversation as CANCELLED. Ending one that has ended changes nothing. */
  end(conversationId: string, owner: string): Promise<Conversation> {
    return this.#guarded({ conversationId }, async () => {
      const { decided, row } = await this.#do(conversationId, owner, async (snapshot) => ({
        change: life.end(snapshot),
        result: null,
      }));
      if (decided.change) await briefly(this.#tell(owner, conversationId, 'ENDED'));
      return row;
    });
  }

  delete(conversationId: string, owner: string): Promise<void> {
    return this.#guarded({ conversationId }, () =>
      this.#inTurn(conversationId, async () => {
        const { conversations } = this.#options;
        await deleteConversation(conversations, conversationId, { owner, withinMs: this.#commitWithinMs });
        await this.#effects(conversationId);
        await briefly(this.#tell(owner, conversationId, 'DELETED'));
      }),
    );
  }

  /** Changes the settings that are given. A model or a pace holds from the next turn. */
  update(conversationId: string, owner: string, settings: life.Settings): Promise<Conversation> {
    const { reads } = this.#options;
    return this.#guarded({ conversationId }, async () => {
      if (Object.values(settings).every((value) => value === undefined))
        return reads.get(conversationId, owner);
      const { row } = await this.#do(conversationId, owner, async (snapshot) => {
        const title = settings.title === null ? await reads.firstTitle(conversationId) : settings.title;
        return { change: life.update(snapshot, { ...settings, title }), result: null };
      });
      return row;
    });
  }

  /** Tells every listener when the user begins or stops to type. */
  reportTyping(conversationId: string, owner: string, typing: boolean): Promise<void> {
    return this.#guarded({ conversationId }, () =>
      answerWithin(this.#commitWithinMs, this.#reportTyping(conversationId, owner, typing)),
    );
  }

  async #reportTyping(conversationId: string, owner: string, typing: boolean): Promise<void> {
    const { reads, feed, timers } = this.#options;
    const conversation = await reads.get(conversationId, owner);
    const changed = await (typing ? timers.typing(conversationId) : timers.typingStopped(conversationId));
    if (changed) await feed.append(conversationId, [{ type: 'TypingChanged', typing }]);
    await timers.activity(conversationId, { turnId: conversation.lastTurnId, nudged: false });
  }

  /** Somebody listens to the conversation from now on: its clock starts anew. */
  async joined(conversation: Pick<Conversation, 'id' | 'lastTurnId' | 'status'>): Promise<void> {
    if (conversation.status !== 'ACTIVE' || !conversation.lastTurnId) return;
    await this.#options.timers.activity(conversation.id, { turnId: conversation.lastTurnId, nudged: false });
  }

  /** Has the AI speak of its own accord, if nothing was said since the turn `after`. Answers whether it will. */
  async volunteer(conversationId: string, cause: TurnCause, after: string): Promise<boolean> {
    const { decided } = await this.#do(conversationId, null, async (snapshot) => ({
      change: life.volunteer(snapshot, cause, after),
      result: null,
    }));
    return decided.change !== null;
  }

  /** Ends the conversation as COMPLETED, if nothing was said since the turn `after`. */
  async complete(conversationId: string, after: string): Promise<void> {
    const { decided, row } = await this.#do(conversationId, null, async (snapshot) => ({
      change: life.complete(snapshot, after),
      result: null,
    }));
    if (decided.change) await this.#tell(row.owner, conversationId, 'ENDED');
  }

  /** Does what is left to do for a conversation, with what a turn's speaker knows of it. Rejects when it could not. */
  async drive(conversationId: string, own: OwnTurn | null = null): Promise<Snapshot | null> {
    return (await this.#drive(conversationId, { own })).snapshot;
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

  get #commitWithinMs(): number {
    return this.#options.answerWithinMs ?? COMMIT_WITHIN_MS;
  }

  /** One commit, then its effects. `owner`: whose it must be; null: anybody's. */
  async #do<T>(
    conversationId: string,
    owner: string | null,
    decide: Decide<T>,
  ): Promise<{ decided: Decided<T>; row: Conversation; driven: Driven | null }> {
    const { conversations } = this.#options;
    const decided = await this.#inTurn(conversationId, () => {
      const options = {
        conversations,
        withinMs: this.#commitWithinMs,
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
    const driven = decided.change ? await this.#effects(conversationId, decided.snapshot) : null;
    const left = driven?.snapshot ?? decided.snapshot;
    if (decided.change) this.#recent.keep(left, ahead);
    return { decided, driven, row: asRow(left.row) };
  }

  /**
   * Does it when what came before it to the same conversation is done. When one of those is refused because the database does
   * not answer, so is all that waits behind it: nobody waits longer than for one.
   */
  async #inTurn<T>(conversationId: string, act: () => Promise<T>): Promise<T> {
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

  /** The effects of a commit, as far as they come in time; what does not is left to the sweep. */
  async #effects(conversationId: string, from: Snapshot | null = null): Promise<Driven | null> {
    const driven = this.#drive(conversationId, { from }).catch((err) => {
      this.#options.log.warn({ err, conversationId }, 'the effects of a commit are left to the sweep');
      return null;
    });
    return briefly(driven);
  }

  async #drive(conversationId: string, known: DriveFrom): Promise<Driven> {
    const driven = await this.#drives.run(conversationId, known);
    const { snapshot, published, hasPublished, stored } = driven;
    if (!snapshot) return driven;
    const { row } = snapshot;
    if (row.outbox.some(({ n }) => n <= published)) this.#notePublished(conversationId, published);
    if (hasPublished || stored.length > 0) await this.#tell(row.owner, conversationId, 'UPDATED');
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

  /** Who has sent what they typed types no more. A listener that misses it is told when it lapses. */
  async #typesNoMore(conversationId: string): Promise<void> {
    const { timers, feed } = this.#options;
    if (!(await timers.typingStopped(conversationId))) return;
    await feed.append(conversationId, [{ type: 'TypingChanged', typing: false }]).catch(() => {});
  }

  /** A nudge: the list is read from the database, so a failure here loses nothing. */
  async #tell(owner: string, conversationId: string, kind: ChangeKind): Promise<void> {
    try {
      await this.#options.changes.publish(owner, { kind, conversationId });
    } catch (error) {
      this.#options.log.warn({ err: error, conversationId }, 'the list was not told of a change');
    }
  }

  #guarded<T>(about: LogFields, act: () => Promise<T>): Promise<T> {
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
}

/** What it comes to, if it comes soon. It goes on all the same. */
async function briefly<T>(effect: Promise<T>): Promise<T | null> {
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

function asRow(row: ConversationRow): Conversation {
  return row as unknown as Conversation;
}
