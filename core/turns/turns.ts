import type { Conversation, Message } from '../../generated/prisma/client.ts';
import type { Owner } from '../domain/owner.ts';
import type { TurnCause } from '../domain/vocabulary.ts';
import type { Feed } from '../live/feed/feed.ts';
import type { ConversationReads } from '../store/conversation-reads.ts';
import type { Snapshot } from '../store/draft.ts';
import type { Timers } from '../timers/timers.ts';
import * as life from './life.ts';
import type { OwnTurn } from './settle.ts';
import { briefly, type TurnEngine } from './turn-engine.ts';

export interface TurnsOptions {
  engine: TurnEngine;
  reads: ConversationReads;
  feed: Feed;
  timers: Timers;
}

export interface NewMessage {
  conversationId: string;
  owner: Owner;
  text: string;
  clientMessageId?: string | undefined;
  /** Called before a new message is accepted; if it rejects, so does the call, and nothing is stored. */
  admit?: (() => Promise<void>) | undefined;
}

/** Which answer to regenerate. */
export interface RegenerateRequest {
  /** The newest user message or an answer to it; undefined: the newest. */
  messageId?: string | undefined;
  /** The model for this answer only; undefined: the conversation's. */
  model?: string | undefined;
  /** Identifies the request, so that a repeated one begins no second turn. */
  clientRequestId?: string | undefined;
  /** As of {@link NewMessage}. */
  admit?: (() => Promise<void>) | undefined;
}

/**
 * The operations on the turns of a conversation.
 *
 * A method that takes an owner throws {@link NotFoundError} when the owner has no such conversation, {@link UnavailableError}
 * when nothing was committed and nothing will be, and {@link OutcomeUnknownError} when that could not be found out.
 */
export class Turns {
  readonly #options: TurnsOptions;

  constructor(options: TurnsOptions) {
    this.#options = options;
  }

  /** Stores the message, cuts off the pending turn, and makes a turn pending that answers the message. */
  send({
    conversationId,
    owner,
    text,
    clientMessageId,
    admit,
  }: NewMessage): Promise<{ conversation: Conversation; message: Message; turnId: string }> {
    const { engine, reads } = this.#options;
    return engine.guarded({ conversationId }, async () => {
      const { decided, row } = await engine.run(conversationId, owner, async (snapshot) => {
        const before = clientMessageId ? await reads.messageBy(conversationId, clientMessageId, owner) : null;
        const change = life.send(snapshot, { text, clientMessageId, before });
        if (change) await admit?.();
        return { change, result: change ? (change.insert[0] as Message) : (before as Message) };
      });
      const message = decided.result;
      if (decided.change) await briefly(this.#stopTyping(conversationId));
      return { conversation: row, message, turnId: message.turnId ?? message.id };
    });
  }

  /** Answers again, as a turn of its own, what has a failed, cut-off or missing answer. See {@link life.regenerate}. */
  regenerate(
    conversationId: string,
    owner: Owner,
    request: RegenerateRequest = {},
  ): Promise<{ conversation: Conversation; turnId: string }> {
    const { engine, reads } = this.#options;
    return engine.guarded({ conversationId }, async () => {
      const { pendingTurnId } = await reads.get(conversationId, owner);
      // The pending turn may have ended without being stored yet.
      if (pendingTurnId) await engine.effects(conversationId);
      const { decided, row } = await engine.run(conversationId, owner, async (snapshot) => {
        const facts = await reads.regenerateFacts(conversationId, request, owner);
        const { turnId, draft } = life.regenerate(snapshot, { ...request, ...facts });
        if (draft) await request.admit?.();
        return { change: draft, result: turnId };
      });
      return { conversation: row, turnId: decided.result };
    });
  }

  /**
   * Cuts off the pending turn, spoken or not; with `only`, only if it is that one. `interrupted` is what was heard of it;
   * null when nothing was heard, or when it is not stored yet.
   */
  cancel(
    conversationId: string,
    owner: Owner,
    only?: string,
  ): Promise<{ conversation: Conversation; interrupted: Message | null }> {
    const { engine } = this.#options;
    return engine.guarded({ conversationId }, async () => {
      const { decided, row, driven } = await engine.run(conversationId, owner, async (snapshot) => ({
        change: life.cancel(snapshot, only),
        result: snapshot.row.pendingTurnId,
      }));
      const turnId = decided.change && decided.result;
      const interrupted = (turnId && driven?.snapshot?.messages.get(turnId)) || null;
      return { conversation: row, interrupted };
    });
  }

  /** Makes an unprompted turn pending if the conversation has been silent since the turn `after`. Returns whether it did. */
  async volunteer(conversationId: string, cause: TurnCause, after: string): Promise<boolean> {
    const { decided } = await this.#options.engine.run(conversationId, null, async (snapshot) => ({
      change: life.volunteer(snapshot, cause, after),
      result: null,
    }));
    return decided.change !== null;
  }

  /** Carries out the effects that a conversation still lacks, with what a turn's speaker knows. Rejects when it could not. */
  async drive(conversationId: string, own: OwnTurn | null = null): Promise<Snapshot | null> {
    return (await this.#options.engine.drive(conversationId, { own })).snapshot;
  }

  /** Ends the typing indicator of who sent the message. If the event is lost, the indicator expires. */
  async #stopTyping(conversationId: string): Promise<void> {
    const { timers, feed } = this.#options;
    if (!(await timers.typingStopped(conversationId))) return;
    await feed.append(conversationId, [{ type: 'TypingChanged', typing: false }]).catch(() => {});
  }
}
