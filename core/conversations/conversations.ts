import type { Conversation } from '../../generated/prisma/client.ts';
import { type Owner, ownerOf } from '../domain/owner.ts';
import type { Pacing } from '../domain/vocabulary.ts';
import type { Feed } from '../live/feed/feed.ts';
import type { ConversationReads } from '../store/conversation-reads.ts';
import type { ConversationStore } from '../store/conversation-store.ts';
import type { Seen } from '../store/outbox.ts';
import type { Timers } from '../timers/timers.ts';
import { answerWithin } from '../turns/deadline.ts';
import { refuseForeign } from '../turns/foreign-seen.ts';
import * as life from '../turns/life.ts';
import { briefly, type TurnEngine } from '../turns/turn-engine.ts';
import { createConversation, deleteConversation } from './create-delete.ts';
import { newConversation } from './new-conversation.ts';

export interface ConversationsOptions {
  engine: TurnEngine;
  store: ConversationStore;
  reads: ConversationReads;
  feed: Feed;
  timers: Timers;
  /** Who serves the models of new conversations. */
  provider: string;
}

export interface CreateInput {
  owner: Owner;
  model: string;
  pacing: Pacing;
  /** Words a minute at READING pace; null: the installation's. */
  readingWpm?: number | null;
  greet: boolean;
  /** Whether silence is answered with a nudge, then the end. Unset: it is. */
  idleTimeout?: boolean | undefined;
  /** How the model shall answer. */
  instructions?: string | null;
  clientConversationId?: string | undefined;
  /** Called before a conversation with a greeting is created; if it rejects, so does the call, and nothing is stored. */
  admit?: (() => Promise<void>) | undefined;
}

/** The columns that say whether silence is answered. */
type IdleColumns = Pick<Conversation, 'id' | 'status' | 'lastTurnId' | 'idleTimeout'>;

/**
 * What is done to a conversation as a whole.
 *
 * A method that takes an owner throws {@link NotFoundError} when the owner has no such conversation, {@link UnavailableError}
 * when nothing was committed and nothing will be, and {@link OutcomeUnknownError} when that could not be found out.
 */
export class Conversations {
  readonly #options: ConversationsOptions;

  constructor(options: ConversationsOptions) {
    this.#options = options;
  }

  /** Creates a conversation, or returns the one that was created with the same `clientConversationId`. */
  create({
    greet,
    clientConversationId = undefined,
    owner,
    admit,
    ...input
  }: CreateInput): Promise<Conversation> {
    const { engine, store, reads, feed, provider } = this.#options;
    return engine.guarded({}, async () => {
      if (greet && admit) {
        const known = clientConversationId ? await reads.createdBy(clientConversationId, owner) : null;
        if (known) return known;
        await admit();
      }
      const withinMs = engine.commitWithinMs;
      const now = await answerWithin(withinMs, store.now());
      const draft = newConversation({ provider, ...ownerOf(owner), ...input }, now);
      const { id } = draft.row;
      // Before anything is stored, so that an unavailable feed refuses the call instead of failing the cursor field after it.
      await answerWithin(withinMs, feed.begin(id));
      const options = { greet, clientConversationId: clientConversationId ?? null, withinMs };
      const created = await createConversation(store, draft, options);
      if (created.outcome === 'existed') return created.row;
      if (greet) await engine.effects(id, { row: created.row, messages: new Map(), now });
      await briefly(engine.announce(owner, id, 'CREATED'));
      return created.row;
    });
  }

  /**
   * Changes the given settings. A new model, pacing or reading speed, and new instructions, apply from the next turn on; idleTimeout restarts the idle
   * timer.
   */
  update(conversationId: string, owner: Owner, settings: life.Settings): Promise<Conversation> {
    const { engine, reads } = this.#options;
    return engine.guarded({ conversationId }, async () => {
      if (Object.values(settings).every((value) => value === undefined))
        return reads.get(conversationId, owner);
      const { row } = await engine.run(conversationId, owner, async (snapshot) => {
        const title =
          settings.title === null ? await reads.firstTitle(conversationId, owner) : settings.title;
        return { change: life.update(snapshot, { ...settings, title }), result: null };
      });
      if (settings.idleTimeout) await briefly(this.#restartIdle(row));
      return row;
    });
  }

  /** Ends the conversation as CANCELLED. Idempotent. `seen`: what the caller had on the screen of the turn being spoken. */
  end(conversationId: string, owner: Owner, seen: Seen | null = null): Promise<Conversation> {
    const { engine, reads } = this.#options;
    return engine.guarded({ conversationId }, async () => {
      const { decided, row } = await engine.run(conversationId, owner, async (snapshot) => {
        await refuseForeign(reads, snapshot, seen, owner);
        return { change: life.end(snapshot, seen), result: null };
      });
      if (decided.change) await briefly(engine.announce(owner, conversationId, 'ENDED'));
      return row;
    });
  }

  /** Deletes the row with its messages; the drive then ends the feed and its subscriptions. */
  delete(conversationId: string, owner: Owner): Promise<void> {
    const { engine, store } = this.#options;
    return engine.guarded({ conversationId }, () =>
      engine.inOrder(conversationId, async () => {
        await deleteConversation(store, conversationId, { owner, withinMs: engine.commitWithinMs });
        await engine.effects(conversationId);
        await briefly(engine.announce(owner, conversationId, 'DELETED'));
      }),
    );
  }

  /** Publishes that the user has started or stopped typing. */
  reportTyping(conversationId: string, owner: Owner, typing: boolean): Promise<void> {
    const { engine } = this.#options;
    return engine.guarded({ conversationId }, () =>
      answerWithin(engine.commitWithinMs, this.#reportTyping(conversationId, owner, typing)),
    );
  }

  async #reportTyping(conversationId: string, owner: Owner, typing: boolean): Promise<void> {
    const { reads, feed, timers } = this.#options;
    const conversation = await reads.get(conversationId, owner);
    const changed = await (typing ? timers.typing(conversationId) : timers.typingStopped(conversationId));
    if (changed) await feed.append(conversationId, [{ type: 'TypingChanged', typing }]);
    await this.#restartIdle(conversation);
  }

  /** Restarts the idle timer because the user reads. Publishes no event. */
  reportReading(conversationId: string, owner: Owner): Promise<void> {
    const { engine, reads } = this.#options;
    return engine.guarded({ conversationId }, () =>
      answerWithin(
        engine.commitWithinMs,
        reads.get(conversationId, owner).then((conversation) => this.#restartIdle(conversation)),
      ),
    );
  }

  /** Restarts the idle timer because a listener has joined. */
  async joined(conversation: IdleColumns): Promise<void> {
    await this.#restartIdle(conversation);
  }

  /** Has no effect where silence is not answered: in a conversation that has ended, has no turn yet, or is without idleTimeout. */
  async #restartIdle({ id, status, lastTurnId, idleTimeout }: IdleColumns): Promise<void> {
    if (status !== 'ACTIVE' || !lastTurnId || !idleTimeout) return;
    await this.#options.timers.activity(id, { turnId: lastTurnId, nudged: false });
  }

  /** Ends the conversation as COMPLETED if it has been silent since the turn `after`. */
  async complete(conversationId: string, after: string): Promise<void> {
    const { engine } = this.#options;
    const { decided, row } = await engine.run(conversationId, null, async (snapshot) => ({
      change: life.complete(snapshot, after),
      result: null,
    }));
    if (decided.change) await engine.announce(row, conversationId, 'ENDED');
  }
}
