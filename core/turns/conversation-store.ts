import type { Conversation, Message, PrismaClient } from '../../generated/prisma/client.ts';
import { idAfter, timeOfId } from '../conversation/ids.ts';
import { previewOf } from '../conversation/preview.ts';
import { titleFrom } from '../conversation/title.ts';
import type { ConversationStatus, Pacing, TurnCause } from '../conversation/vocabulary.ts';
import { UnavailableError } from '../errors.ts';
import type { Answer } from './answer.ts';
import { ConversationReads, type PendingTurn } from './conversation-reads.ts';
import {
  failureOf,
  firstTitle,
  insertAnswer,
  type LockedRow,
  lock,
  NOT_PENDING,
  otherText,
  storeFailure,
  TRANSACTION,
  type Transaction,
} from './conversation-row.ts';
import type { PointOfNoReturn } from './deadline.ts';
import { NO_FAILURE, type Regenerated, type RegenerateRequest, regenerate } from './regenerate.ts';

export interface NewConversation {
  id: string;
  owner: string;
  model: string;
  provider: string;
  pacing: Pacing;
  greet: boolean;
  /** Identifies it to its creator, so that a repeated call creates no second one. */
  clientConversationId?: string | undefined;
}

export interface CreatedConversation {
  conversation: Conversation;
  /** The greeting that is pending; null where there is none, or the conversation was created before. */
  turnId: string | null;
  /** Whether it was created before with the same `clientConversationId`: nothing was stored now. */
  repeated: boolean;
}

/** Settings to change; what is undefined stays. A null `title` is given by the first message again. */
export interface ConversationChanges {
  title?: string | null | undefined;
  model?: string | undefined;
  pacing?: Pacing | undefined;
}

export interface NewMessage {
  conversationId: string;
  owner: string;
  text: string;
  clientMessageId?: string | undefined;
}

export interface AcceptedMessage {
  conversation: Conversation;
  message: Message;
  turnId: string;
  /** True when the same `clientMessageId` was accepted before: nothing was stored now. */
  repeated: boolean;
  /** Whether this message gave the conversation its title. */
  titled: boolean;
}

/**
 * The writes of the engine to conversations and messages, beside its reads. Each is one transaction that keeps the
 * counters, the preview and the debt (`pending_turn_id`) in step with the messages.
 */
export class ConversationStore extends ConversationReads {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    super(prisma);
    this.#prisma = prisma;
  }

  /**
   * Creates a conversation, whose `id` is made now; with `greet` a greeting is pending. One that the owner created
   * before with the same `clientConversationId` is returned as it is. `point` is passed last before the commit.
   */
  async create(input: NewConversation, point: PointOfNoReturn): Promise<CreatedConversation> {
    const { greet, clientConversationId, ...columns } = input;
    const { id, owner } = columns;
    const turnId = greet ? idAfter(id) : null;
    const now = new Date(timeOfId(id));
    return this.#prisma.$transaction(async (tx) => {
      const [created] = await tx.conversation.createManyAndReturn({
        data: [
          {
            ...columns,
            clientConversationId: clientConversationId ?? null,
            status: 'ACTIVE',
            lastActivityAt: now,
            createdAt: now,
            updatedAt: now,
            ...(turnId ? { lastTurnId: turnId, pendingTurnId: turnId, pendingTurnCause: 'GREETING' } : {}),
          },
        ],
        skipDuplicates: true,
      });
      point.pass();
      if (created) return { conversation: created, turnId, repeated: false };
      const existing = await tx.conversation.findFirst({
        where: { owner, clientConversationId: clientConversationId ?? null },
      });
      // Deleted in this very moment: nothing was stored, and the call may be repeated.
      if (!existing) throw new UnavailableError();
      return { conversation: existing, turnId: null, repeated: true };
    }, TRANSACTION);
  }

  /**
   * Accepts a user's message, and the debt of an answer to it. Ids are made under the lock on the conversation, so
   * their order is the order of commits. `interrupt` is called under that lock too, so that a repeated message
   * interrupts nothing; what it answers is stored before the message. `point` is passed last before the commit.
   * @throws {NotFoundError} when the owner has no such conversation
   * @throws {InvalidInputError} when the same `clientMessageId` was accepted with another text
   */
  async accept(
    input: NewMessage,
    interrupt: () => Promise<Answer | null>,
    point: PointOfNoReturn,
  ): Promise<AcceptedMessage> {
    return this.#prisma.$transaction(async (tx) => {
      const { conversationId, text, clientMessageId } = input;
      const locked = await lock(tx, conversationId, input.owner);
      if (clientMessageId) {
        const before = await tx.message.findUnique({
          where: { conversationId_clientMessageId: { conversationId, clientMessageId } },
        });
        if (before && before.content !== text) throw otherText();
        if (before) return this.#repeat(tx, before);
      }
      const interrupted = await interrupt();
      const stored = interrupted ? await insertAnswer(tx, conversationId, interrupted) : 0;

      const id = idAfter(locked.last_turn_id);
      const turnId = idAfter(id);
      const now = new Date(timeOfId(id));
      const message = await tx.message.create({
        data: {
          id,
          conversationId,
          clientMessageId: clientMessageId ?? null,
          turnId,
          role: 'USER',
          content: text,
          status: 'COMPLETED',
          createdAt: now,
        },
      });
      const titled = locked.title === null;
      const conversation = await tx.conversation.update({
        where: { id: conversationId },
        data: {
          status: 'ACTIVE',
          ...(titled ? { title: titleFrom(text) } : {}),
          messageCount: { increment: 1 + stored },
          lastMessagePreview: previewOf(text),
          lastActivityAt: now,
          updatedAt: now,
          lastTurnId: turnId,
          pendingTurnId: turnId,
          pendingTurnCause: 'USER_MESSAGE' satisfies TurnCause,
          pendingTurnModel: null,
          ...NO_FAILURE,
        },
      });
      point.pass();
      return { conversation, message, turnId, repeated: false, titled };
    }, TRANSACTION);
  }

  /**
   * Hands out the id of a turn that nobody asked for. Null when the conversation is gone, is no longer ACTIVE, has had
   * another turn since `after`, or owes an answer: that debt must not be forgotten for this one.
   */
  async promise(conversationId: string, cause: TurnCause, after: string): Promise<PendingTurn | null> {
    return this.#prisma.$transaction(async (tx) => {
      const [locked] = await tx.$queryRaw<LockedRow[]>`
        SELECT id, title, status, last_turn_id, pending_turn_id FROM conversations
        WHERE id = ${conversationId}::uuid FOR NO KEY UPDATE`;
      if (locked?.status !== 'ACTIVE' || locked.last_turn_id !== after || locked.pending_turn_id) return null;
      const turnId = idAfter(locked.last_turn_id);
      const conversation = await tx.conversation.update({
        where: { id: conversationId },
        data: { lastTurnId: turnId, pendingTurnId: turnId, pendingTurnCause: cause, pendingTurnModel: null },
      });
      return { conversation, turnId, cause };
    }, TRANSACTION);
  }

  /**
   * Makes the answer pending again that failed, was cut off or is missing: see {@link regenerate}. `point` is passed
   * last before the commit. @throws {NotFoundError} when the owner has no such conversation
   */
  async regenerate(
    conversationId: string,
    owner: string,
    request: RegenerateRequest,
    point: PointOfNoReturn,
  ): Promise<Regenerated> {
    return this.#prisma.$transaction(async (tx) => {
      await lock(tx, conversationId, owner);
      const regenerated = await regenerate(tx, conversationId, request);
      point.pass();
      return regenerated;
    }, TRANSACTION);
  }

  /**
   * Stores an answer and settles its debt, once: repeating it changes nothing. An answer of which nothing was heard
   * leaves no message. Null when the conversation is gone.
   */
  async settle(conversationId: string, answer: Answer): Promise<Conversation | null> {
    return this.#prisma.$transaction(async (tx) => {
      const [locked] = await tx.$queryRaw<LockedRow[]>`
        SELECT id, title, status, last_turn_id, pending_turn_id FROM conversations
        WHERE id = ${conversationId}::uuid FOR NO KEY UPDATE`;
      if (!locked) return null;
      const stored = await insertAnswer(tx, conversationId, answer);
      const isPending = locked.pending_turn_id === answer.turnId;
      const isOfMessage = await storeFailure(tx, conversationId, answer);
      const now = new Date();
      return tx.conversation.update({
        where: { id: conversationId },
        data: {
          ...(stored ? { messageCount: { increment: stored }, updatedAt: now } : {}),
          ...(stored && locked.last_turn_id === answer.turnId
            ? { lastMessagePreview: previewOf(answer.text), lastActivityAt: now }
            : {}),
          ...(isPending ? { ...NOT_PENDING, ...(isOfMessage ? {} : failureOf(answer)) } : {}),
        },
      });
    }, TRANSACTION);
  }

  /** Gives up the debt of a turn of which nothing will be stored. */
  async forgive(conversationId: string, turnId: string): Promise<void> {
    await this.#prisma.conversation.updateMany({
      where: { id: conversationId, pendingTurnId: turnId },
      data: NOT_PENDING,
    });
  }

  /** The turn that answers a message turned out to be another one. */
  async redirect(messageId: string, turnId: string): Promise<void> {
    await this.#prisma.message.updateMany({ where: { id: messageId }, data: { turnId } });
  }

  /**
   * Ends a conversation and its debt. `interrupt` is called under the lock, before the commit, with whether the
   * conversation had been ACTIVE. @throws {NotFoundError}
   */
  async end(
    conversationId: string,
    owner: string,
    status: Exclude<ConversationStatus, 'ACTIVE'>,
    interrupt: (ending: boolean) => Promise<Answer | null>,
  ): Promise<{ conversation: Conversation; ended: boolean }> {
    return this.#prisma.$transaction(async (tx) => {
      const locked = await lock(tx, conversationId, owner);
      const ended = locked.status === 'ACTIVE';
      const interrupted = await interrupt(ended);
      const stored = interrupted ? await insertAnswer(tx, conversationId, interrupted) : 0;
      const conversation = await tx.conversation.update({
        where: { id: conversationId },
        data: {
          ...(ended ? { status, updatedAt: new Date() } : {}),
          messageCount: { increment: stored },
          ...(interrupted && stored ? { lastMessagePreview: previewOf(interrupted.text) } : {}),
          ...NOT_PENDING,
        },
      });
      return { conversation, ended };
    }, TRANSACTION);
  }

  /**
   * Ends an ACTIVE conversation as COMPLETED. Null when it is not, owes an answer, or has had another turn since `after`. `announce` is
   * called under the lock, before the commit: where either fails, both are done again.
   */
  async complete(
    conversationId: string,
    after: string,
    announce: () => Promise<void>,
  ): Promise<Conversation | null> {
    return this.#prisma.$transaction(async (tx) => {
      const [conversation] = await tx.conversation.updateManyAndReturn({
        where: { id: conversationId, status: 'ACTIVE', lastTurnId: after, pendingTurnId: null },
        data: { status: 'COMPLETED', updatedAt: new Date() },
      });
      if (conversation) await announce();
      return conversation ?? null;
    }, TRANSACTION);
  }

  /**
   * Changes what is given, and leaves the rest. A null `title` becomes the one that the first message gives. `point`
   * is passed last before the commit. @throws {NotFoundError}
   */
  async update(
    conversationId: string,
    owner: string,
    { title, model, pacing }: ConversationChanges,
    point: PointOfNoReturn,
  ): Promise<Conversation> {
    return this.#prisma.$transaction(async (tx) => {
      await lock(tx, conversationId, owner);
      const named = title === undefined ? {} : { title: title ?? (await firstTitle(tx, conversationId)) };
      const conversation = await tx.conversation.update({
        where: { id: conversationId },
        data: { ...named, ...(model && { model }), ...(pacing && { pacing }), updatedAt: new Date() },
      });
      point.pass();
      return conversation;
    }, TRANSACTION);
  }

  /**
   * Deletes a conversation with its messages. What was measured of its inferences stays, without any of its words.
   * @throws {NotFoundError}
   */
  async delete(conversationId: string, owner: string): Promise<void> {
    await this.#prisma.$transaction(async (tx) => {
      await lock(tx, conversationId, owner);
      await tx.inferenceLog.updateMany({
        where: { conversationId },
        data: {
          conversationId: null,
          messageId: null,
          inputPreview: null,
          outputPreview: null,
          errorMessage: null,
        },
      });
      await tx.conversation.delete({ where: { id: conversationId } });
    }, TRANSACTION);
  }

  async #repeat(tx: Transaction, message: Message): Promise<AcceptedMessage> {
    const conversation = await tx.conversation.findUniqueOrThrow({ where: { id: message.conversationId } });
    return { conversation, message, turnId: message.turnId ?? message.id, repeated: true, titled: false };
  }
}
