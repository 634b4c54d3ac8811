import type { Conversation, Message, PrismaClient } from '../../generated/prisma/client.ts';
import { firstIdOf } from '../conversation/ids.ts';
import type { MessageRole, MessageStatus, TurnCause } from '../conversation/vocabulary.ts';
import { NotFoundError } from '../errors.ts';

/** A message as a model is told of it. */
export interface Said {
  id: string;
  role: MessageRole;
  content: string;
  status: MessageStatus;
}

export interface PendingTurn {
  conversation: Conversation;
  turnId: string;
  cause: TurnCause;
}

/** The id of the model that the pending turn was asked of: the conversation's, unless another was named for this turn. */
export function modelAskedFor({
  pendingTurnModel,
  model,
}: Pick<Conversation, 'pendingTurnModel' | 'model'>): string {
  return pendingTurnModel ?? model;
}

/** What the engine reads of conversations and messages. Each method is one query. */
export class ConversationReads {
  readonly #prisma: PrismaClient;

  constructor(prisma: PrismaClient) {
    this.#prisma = prisma;
  }

  /** @throws {NotFoundError} */
  async get(conversationId: string, owner: string): Promise<Conversation> {
    const conversation = await this.#prisma.conversation.findFirst({ where: { id: conversationId, owner } });
    if (!conversation) throw new NotFoundError();
    return conversation;
  }

  async find(conversationId: string): Promise<Conversation | null> {
    return this.#prisma.conversation.findUnique({ where: { id: conversationId } });
  }

  /** A turn's answer, if it is stored. */
  async answer(turnId: string): Promise<Message | null> {
    return this.#prisma.message.findUnique({ where: { id: turnId } });
  }

  /** The user's message that a turn answers; null when it answers none. */
  async messageOf(conversationId: string, turnId: string): Promise<Message | null> {
    return this.#prisma.message.findFirst({
      where: { conversationId, turnId, id: { lt: turnId } },
      orderBy: { id: 'desc' },
    });
  }

  /**
   * What was said before a turn, oldest first, in one query: the newest `limit` messages of users and assistants, and
   * the newest system messages, however far back they are.
   */
  async history(conversationId: string, beforeTurn: string, limit: number): Promise<Said[]> {
    return this.#prisma.$queryRaw<Said[]>`
      SELECT * FROM (
        (SELECT id, role, content, status FROM messages
          WHERE conversation_id = ${conversationId}::uuid AND id < ${beforeTurn}::uuid AND role <> 'SYSTEM'
          ORDER BY id DESC LIMIT ${limit}::int)
        UNION ALL
        (SELECT id, role, content, status FROM messages
          WHERE conversation_id = ${conversationId}::uuid AND id < ${beforeTurn}::uuid AND role = 'SYSTEM'
          ORDER BY id DESC LIMIT ${SYSTEM_MESSAGES}::int)
      ) AS said ORDER BY id`;
  }

  /**
   * Conversations that have owed an answer since before `before` (Unix milliseconds), oldest debt first, in pages:
   * `after` is the last turn of the page before.
   */
  async overdue(before: number, after: string | null, limit: number): Promise<PendingTurn[]> {
    const conversations = await this.#prisma.conversation.findMany({
      where: { pendingTurnId: { not: null, lt: firstIdOf(before), ...(after ? { gt: after } : {}) } },
      orderBy: { pendingTurnId: 'asc' },
      take: limit,
    });
    return conversations.flatMap((conversation) =>
      conversation.pendingTurnId && conversation.pendingTurnCause
        ? [
            {
              conversation,
              turnId: conversation.pendingTurnId,
              cause: conversation.pendingTurnCause as TurnCause,
            },
          ]
        : [],
    );
  }
}

/** How many system messages a conversation's models are given at most. */
const SYSTEM_MESSAGES = 100;
