import type { Conversation, Message, PrismaClient } from '../../generated/prisma/client.ts';
import type { Database } from '../db/database.ts';
import type { Statements } from '../db/statements.ts';
import { NotFoundError } from '../domain/errors.ts';
import { firstIdOf } from '../domain/ids.ts';
import type { Owner } from '../domain/owner.ts';
import type { MessageRole, MessageStatus } from '../domain/vocabulary.ts';
import type { TurnJob } from '../queue/jobs.ts';
import { titleFrom } from '../text/title.ts';
import { conversationRow, messageRow, type RawRow } from './pg-rows.ts';

/** A message as it goes into a model's prompt. */
export interface Said {
  id: string;
  role: MessageRole;
  content: string;
  status: MessageStatus;
}

/** The id of the model requested for the pending turn: the conversation's, unless this turn names another. */
export function modelAskedFor({
  pendingTurnModel,
  model,
}: Pick<Conversation, 'pendingTurnModel' | 'model'>): string {
  return pendingTurnModel ?? model;
}

/**
 * The engine's reads of conversations and messages. Each method is one query. Those that take an owner read for a caller: see
 * `readAs`.
 */
export class ConversationReads {
  readonly #prisma: PrismaClient;
  readonly #readAs: Database['readAs'];
  /** For the queries that every turn runs. */
  readonly #sql: Statements;

  constructor({ writers, readAs, statements }: Pick<Database, 'writers' | 'readAs' | 'statements'>) {
    this.#prisma = writers;
    this.#readAs = readAs;
    this.#sql = statements;
  }

  /** The conversation that an owner created with this `clientConversationId`; null: none. */
  createdBy(clientConversationId: string, by: Owner): Promise<Conversation | null> {
    const { owner, tenant } = by;
    return this.#readAs(by, (prisma) =>
      prisma.conversation.findFirst({ where: { tenant, owner, clientConversationId } }),
    );
  }

  /** @throws {NotFoundError} */
  async get(conversationId: string, by: Owner): Promise<Conversation> {
    const { owner, tenant } = by;
    const conversation = await this.#readAs(by, (prisma) =>
      prisma.conversation.findFirst({ where: { id: conversationId, owner, tenant } }),
    );
    if (!conversation) throw new NotFoundError();
    return conversation;
  }

  async find(conversationId: string): Promise<Conversation | null> {
    const [found] = await this.#sql
      .rows<RawRow>`SELECT * FROM conversations WHERE id = ${conversationId}::uuid`;
    return found ? conversationRow(found) : null;
  }

  /** The message that was sent with this `clientMessageId`. */
  async messageBy(conversationId: string, clientMessageId: string, by: Owner): Promise<Message | null> {
    const [found] = await this.#sql.as(by).rows<RawRow>`
      SELECT * FROM messages
      WHERE conversation_id = ${conversationId}::uuid AND client_message_id = ${clientMessageId}::uuid`;
    return found ? messageRow(found) : null;
  }

  /** Whether a turn belongs to another conversation of the owner. */
  async isTurnElsewhere(turnId: string, conversationId: string, by: Owner): Promise<boolean> {
    const [found] = await this.#sql.as(by).rows<{ is_elsewhere: boolean }>`
      SELECT EXISTS (SELECT FROM messages WHERE id = ${turnId}::uuid AND conversation_id <> ${conversationId}::uuid)
        OR EXISTS (SELECT FROM conversations WHERE pending_turn_id = ${turnId}::uuid AND id <> ${conversationId}::uuid)
        AS is_elsewhere`;
    return found?.is_elsewhere ?? false;
  }

  /** The title made from a conversation's first user message; null before there is one. */
  async firstTitle(conversationId: string, by: Owner): Promise<string | null> {
    const first = await this.#readAs(by, (prisma) =>
      prisma.message.findFirst({
        where: { conversationId, role: 'USER', acknowledgedTurnId: null, hiddenSince: null },
        orderBy: { id: 'asc' },
        select: { content: true },
      }),
    );
    return first && titleFrom(first.content);
  }

  /**
   * Messages of the visible branch before a turn, oldest first, in one query: the newest `limit` messages of users and assistants, and the newest
   * system messages, however old they are. The conversation's instructions are the first, as a system message without an id of its own.
   */
  async history(conversationId: string, beforeTurn: string, limit: number): Promise<Said[]> {
    return this.#sql.rows<Said>`
      SELECT * FROM (
        (SELECT id, role, content, status FROM messages
          WHERE conversation_id = ${conversationId}::uuid AND id < ${beforeTurn}::uuid AND role <> 'SYSTEM'
            AND hidden_since IS NULL
          ORDER BY id DESC LIMIT ${limit}::int)
        UNION ALL
        (SELECT id, role, content, status FROM messages
          WHERE conversation_id = ${conversationId}::uuid AND id < ${beforeTurn}::uuid AND role = 'SYSTEM'
            AND hidden_since IS NULL
          ORDER BY id DESC LIMIT ${SYSTEM_MESSAGES}::int)
        UNION ALL
        (SELECT ${NO_MESSAGE}::uuid, 'SYSTEM', instructions, 'COMPLETED' FROM conversations
          WHERE id = ${conversationId}::uuid AND instructions IS NOT NULL)
      ) AS said ORDER BY id`;
  }

  /**
   * Turns that have been pending since before `before` (Unix milliseconds by the database's clock), oldest first, in
   * pages: `after` is the last turn of the page before.
   */
  async overdue(before: number, after: string | null, limit: number): Promise<TurnJob[]> {
    const conversations = await this.#prisma.conversation.findMany({
      where: { pendingTurnId: { not: null, lt: firstIdOf(before), ...(after ? { gt: after } : {}) } },
      orderBy: { pendingTurnId: 'asc' },
      take: limit,
      select: { id: true, pendingTurnId: true, owner: true, tenant: true },
    });
    return conversations.map(({ id, pendingTurnId, owner, tenant }) => ({
      conversationId: id,
      turnId: pendingTurnId as string,
      owner,
      tenant,
    }));
  }
}

/** Stands before every message. */
const NO_MESSAGE = '00000000-0000-0000-0000-000000000000';
/** Maximum number of system messages in a prompt. */
const SYSTEM_MESSAGES = 100;
