import type { Conversation, Message } from '../../generated/prisma/client.ts';
import type { Owner } from '../domain/owner.ts';
import type { QueuedMessage } from '../domain/queued-message.ts';
import type { TurnCause, WhileSpeaking } from '../domain/vocabulary.ts';
import { isAcknowledgement } from '../floor/acknowledgement.ts';
import type { Feed } from '../live/feed/feed.ts';
import type { ConversationReads } from '../store/conversation-reads.ts';
import type { Snapshot } from '../store/draft.ts';
import type { Seen } from '../store/outbox.ts';
import type { Timers } from '../timers/timers.ts';
import { answerWithin } from './deadline.ts';
import { refuseForeign } from './foreign-seen.ts';
import * as life from './life.ts';
import * as queue from './queue.ts';
import type { OwnTurn } from './settle.ts';
import { briefly, type TurnEngine } from './turn-engine.ts';
import { place } from './while-speaking.ts';

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
  /** What the sender had on the screen of the turn that the message cuts off; of a turn that is over it has no effect. */
  seen?: Seen | null;
  /** Called before a new message is accepted; if it rejects, so does the call, and nothing is stored. */
  admit?: (() => Promise<void>) | undefined;
}

/** What became of a sent message: one of `message` and `queued` is set. */
export interface Sent {
  conversation: Conversation;
  message: Message | null;
  queued: QueuedMessage | null;
  /** The turn that answers it; null while it waits, and of an acknowledgement. */
  turnId: string | null;
}

/** Which turn to cut off. */
export interface CancelRequest {
  /** Only this one. */
  turnId?: string | undefined;
  /** As of {@link NewMessage}. */
  seen?: Seen | null;
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
  async send(message: NewMessage): Promise<{ conversation: Conversation; message: Message; turnId: string }> {
    const sent = await this.sendWhileSpeaking(message, 'INTERRUPT');
    if (!sent.message || sent.turnId === null) throw new Error('a message that interrupts was not stored');
    return { conversation: sent.conversation, message: sent.message, turnId: sent.turnId };
  }

  /** Stores the message, or lets it wait: see {@link place}. @throws {BusyError} */
  sendWhileSpeaking(
    { conversationId, owner, text, clientMessageId, seen = null, admit }: NewMessage,
    whileSpeaking: WhileSpeaking,
  ): Promise<Sent> {
    const { engine, reads } = this.#options;
    return engine.guarded({ conversationId }, async () => {
      const isAcknowledging = whileSpeaking === 'AUTO' && isAcknowledgement(text);
      const acknowledges = isAcknowledging ? { heard: await this.#heard(conversationId) } : null;
      const { decided, row } = await engine.run(conversationId, owner, async (snapshot) => {
        const before = clientMessageId ? await reads.messageBy(conversationId, clientMessageId, owner) : null;
        if (!before) await refuseForeign(reads, snapshot, seen, owner);
        const facts = { text, clientMessageId, whileSpeaking, seen, before, acknowledges };
        const { draft, ...result } = place(snapshot, facts);
        if (draft && result.message?.acknowledgedTurnId == null) await admit?.();
        return { change: draft, result };
      });
      const { message, queued } = decided.result;
      if (decided.change) await briefly(this.#stopTyping(conversationId));
      const isAnswered = message !== null && message.acknowledgedTurnId === null;
      const turnId = isAnswered ? (message.turnId ?? message.id) : null;
      return { conversation: row, message, queued, turnId };
    });
  }

  /** What has been spoken of the turn that is held; null when there is none, or it cannot be read at once. */
  async #heard(conversationId: string): Promise<Seen | null> {
    const state = await briefly(this.#options.feed.state(conversationId));
    return state?.turn ? { turnId: state.turn.id, offset: state.turn.text.length } : null;
  }

  /** Sends a waiting message now: it cuts off the pending turn. @throws {NotFoundError} when it does not wait */
  sendQueuedNow(
    conversationId: string,
    owner: Owner,
    { queuedMessageId, seen = null }: { queuedMessageId: string; seen?: Seen | null },
  ): Promise<{ conversation: Conversation; message: Message; turnId: string }> {
    const { engine, reads } = this.#options;
    return engine.guarded({ conversationId }, async () => {
      const { decided, row } = await engine.run(conversationId, owner, async (snapshot) => {
        await refuseForeign(reads, snapshot, seen, owner);
        const change = queue.sendNow(snapshot, queuedMessageId, seen);
        return { change, result: change.insert[0] as Message };
      });
      const message = decided.result;
      return { conversation: row, message, turnId: message.turnId ?? message.id };
    });
  }

  /** Takes a waiting message back. @throws {NotFoundError} when it does not wait */
  withdrawQueued(
    conversationId: string,
    owner: Owner,
    queuedMessageId: string,
  ): Promise<{ conversation: Conversation; queued: QueuedMessage }> {
    const { engine } = this.#options;
    return engine.guarded({ conversationId }, async () => {
      const { decided, row } = await engine.run(conversationId, owner, async (snapshot) => {
        const { draft, queued } = queue.withdraw(snapshot, queuedMessageId);
        return { change: draft, result: queued };
      });
      return { conversation: row, queued: decided.result };
    });
  }

  /** Cuts off a turn for the messages that wait for the end of its sentence. Returns whether any did. */
  async endSentence(conversationId: string, turnId: string): Promise<boolean> {
    const { decided } = await this.#options.engine.run(conversationId, null, async (snapshot) => ({
      change: queue.endSentence(snapshot, turnId),
      result: null,
    }));
    return decided.change !== null;
  }

  /**
   * Cuts off the pending turn, spoken or not; with `turnId`, only if it is that one. `interrupted` is what was heard of it,
   * or seen; null when that is nothing, or when it is not stored yet.
   */
  cancel(
    conversationId: string,
    owner: Owner,
    { turnId: only, seen = null }: CancelRequest = {},
  ): Promise<{ conversation: Conversation; interrupted: Message | null }> {
    const { engine, reads } = this.#options;
    return engine.guarded({ conversationId }, async () => {
      const { decided, row, driven } = await engine.run(conversationId, owner, async (snapshot) => {
        await refuseForeign(reads, snapshot, seen, owner);
        return { change: life.cancel(snapshot, only, seen), result: snapshot.row.pendingTurnId };
      });
      const turnId = decided.change && decided.result;
      const interrupted = (turnId && driven?.snapshot?.messages.get(turnId)) || null;
      return { conversation: row, interrupted };
    });
  }

  /**
   * Has the rest of a turn that is being spoken spoken at once, and what still comes as it comes. Idempotent; no effect on a
   * turn that is not open in this conversation, or on null.
   */
  fastForward(
    conversationId: string,
    owner: Owner,
    turnId: string | null,
  ): Promise<{ conversation: Conversation }> {
    const { engine, reads, feed } = this.#options;
    return engine.guarded({ conversationId }, async () => {
      const conversation = await reads.get(conversationId, owner);
      if (turnId !== null)
        await answerWithin(engine.commitWithinMs, feed.fastForward(conversationId, turnId));
      return { conversation };
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
