import type { Message } from '../../generated/prisma/client.ts';
import type { Database } from '../db/database.ts';
import type { Statements } from '../db/statements.ts';
import type { Owner } from '../domain/owner.ts';
import { messageRow, type RawRow } from './pg-rows.ts';

/** How a branch becomes the visible one. */
export interface Fork {
  /** The newest visible message that stays; null: none does. */
  stays: string | null;
  /** How many visible messages after it are hidden. */
  hides: number;
  /** The hidden messages that are shown after it, oldest first. */
  shows: readonly string[];
  /** The last message of the branch; null: it has none. `said`: the newest of its texts that is no acknowledgement. */
  leaf: { id: string; said: string | null } | null;
}

/** Where a request to regenerate an answer begins. */
export interface AnswerFacts {
  /** The turn that an earlier request with the same `clientRequestId` began. */
  begun: string | null;
  /** The message that is answered; null: none, and the greeting is given again. */
  question: Pick<Message, 'id'> | null;
  /** The branch up to that message. */
  fork: Fork;
}

/** The place of a message in the tree. */
interface Node {
  message: Message;
  /** The message that it follows; the conversation's id if it is a first one. */
  parentId: string;
}

/**
 * The engine's reads of the tree of messages, for an owner. In the visible branch each message follows the one with the next
 * smaller id; a hidden message names the one that it follows.
 */
export class BranchReads {
  readonly #sql: Statements;

  constructor({ statements }: Pick<Database, 'statements'>) {
    this.#sql = statements;
  }

  /** Null: the conversation has no such message. */
  async node(conversationId: string, messageId: string, by: Owner): Promise<Node | null> {
    const [found] = await this.#sql.as(by).rows<RawRow>`
      SELECT m.*, CASE WHEN hidden_since IS NOT NULL THEN parent_id ELSE coalesce((
        SELECT before.id FROM messages before
        WHERE before.conversation_id = m.conversation_id AND before.hidden_since IS NULL AND before.id < m.id
        ORDER BY before.id DESC LIMIT 1), conversation_id) END AS follows
      FROM messages m WHERE m.id = ${messageId}::uuid AND m.conversation_id = ${conversationId}::uuid`;
    if (!found) return null;
    const { follows, ...row } = found;
    return { message: messageRow(row), parentId: follows as string };
  }

  /**
   * The branch up to a message; null, or the conversation's id: an empty one. `onward`: and on, from each message to the one that was visible last of
   * those that follow it.
   */
  async fork(
    conversationId: string,
    messageId: string | null,
    by: Owner,
    { onward = false }: { onward?: boolean } = {},
  ): Promise<Fork> {
    const [found] = await this.#sql.as(by).rows<RawRow>`
      WITH RECURSIVE up AS (
        SELECT id, parent_id, hidden_since FROM messages
        WHERE id = ${messageId}::uuid AND conversation_id = ${conversationId}::uuid
        UNION ALL
        SELECT m.id, m.parent_id, m.hidden_since FROM up JOIN messages m ON m.id = up.parent_id
        WHERE up.hidden_since IS NOT NULL
      ), down AS (
        SELECT id FROM up WHERE ${onward}::boolean AND id = ${messageId}::uuid AND hidden_since IS NOT NULL
        UNION ALL
        SELECT next.id FROM down, LATERAL (
          SELECT id FROM messages
          WHERE conversation_id = ${conversationId}::uuid AND parent_id = down.id AND hidden_since IS NOT NULL
          ORDER BY hidden_since DESC, id DESC LIMIT 1) AS next
      ), stays AS (SELECT id FROM up WHERE hidden_since IS NULL),
      shows AS (SELECT id FROM up WHERE hidden_since IS NOT NULL UNION SELECT id FROM down)
      SELECT (SELECT id FROM stays) AS stays,
        (SELECT count(*)::int FROM messages WHERE conversation_id = ${conversationId}::uuid AND hidden_since IS NULL
          AND id > coalesce((SELECT id FROM stays), '00000000-0000-0000-0000-000000000000')) AS hides,
        (SELECT coalesce(jsonb_agg(id ORDER BY id), '[]') FROM shows) AS shows,
        (SELECT jsonb_build_object('id', leaf.id, 'said', (
          SELECT content FROM messages
          WHERE conversation_id = ${conversationId}::uuid AND acknowledged_turn_id IS NULL AND id <= leaf.id
            AND (hidden_since IS NULL AND id <= (SELECT id FROM stays) OR id IN (SELECT id FROM shows))
          ORDER BY id DESC LIMIT 1))
        FROM (SELECT coalesce((SELECT id FROM shows ORDER BY id DESC LIMIT 1), (SELECT id FROM stays)) AS id) AS leaf
        WHERE leaf.id IS NOT NULL) AS leaf`;
    return found as unknown as Fork;
  }

  /**
   * The user's message that a message is or answers; null: there is none before it. `messageId` null: the newest of the visible
   * branch.
   */
  async questionOf(conversationId: string, messageId: string | null, by: Owner): Promise<string | null> {
    const [found] = await this.#sql.as(by).rows<{ id: string }>`
      WITH RECURSIVE up AS (
        SELECT id, parent_id, hidden_since, role = 'USER' AND acknowledged_turn_id IS NULL AS is_question FROM messages
        WHERE id = ${messageId}::uuid AND conversation_id = ${conversationId}::uuid
        UNION ALL
        SELECT m.id, m.parent_id, m.hidden_since, m.role = 'USER' AND m.acknowledged_turn_id IS NULL
        FROM up JOIN messages m ON m.id = up.parent_id WHERE up.hidden_since IS NOT NULL AND NOT up.is_question
      )
      SELECT coalesce((SELECT id FROM up WHERE is_question), (
        SELECT id FROM messages
        WHERE conversation_id = ${conversationId}::uuid AND hidden_since IS NULL AND role = 'USER'
          AND acknowledged_turn_id IS NULL
          AND (${messageId}::uuid IS NULL OR id < (SELECT id FROM up WHERE hidden_since IS NULL))
        ORDER BY id DESC LIMIT 1)) AS id`;
    return found?.id ?? null;
  }

  /** The visible message before the first answer; null: there is none. Where a new greeting begins. */
  async beforeGreeting(conversationId: string, by: Owner): Promise<string | null> {
    const [found] = await this.#sql.as(by).rows<{ id: string }>`
      SELECT id FROM messages WHERE conversation_id = ${conversationId}::uuid AND hidden_since IS NULL AND id < coalesce((
          SELECT id FROM messages WHERE conversation_id = ${conversationId}::uuid AND hidden_since IS NULL
            AND role = 'ASSISTANT' ORDER BY id LIMIT 1), 'ffffffff-ffff-ffff-ffff-ffffffffffff')
      ORDER BY id DESC LIMIT 1`;
    return found?.id ?? null;
  }

  /** The newest visible message before a turn: what its answer follows. Null: there is none. */
  async before(conversationId: string, turnId: string, by: Owner): Promise<string | null> {
    const [found] = await this.#sql.as(by).rows<{ id: string }>`
      SELECT id FROM messages
      WHERE conversation_id = ${conversationId}::uuid AND hidden_since IS NULL AND id < ${turnId}::uuid
      ORDER BY id DESC LIMIT 1`;
    return found?.id ?? null;
  }

  /** The turn that a request to regenerate an answer began; null: there was no such request. */
  async regeneration(conversationId: string, clientRequestId: string, by: Owner): Promise<string | null> {
    const [found] = await this.#sql.as(by).rows<{ turn_id: string }>`
      SELECT turn_id FROM regenerations
      WHERE conversation_id = ${conversationId}::uuid AND client_request_id = ${clientRequestId}::uuid`;
    return found?.turn_id ?? null;
  }
}
