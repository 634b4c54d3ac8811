import type { Conversation, Message, PrismaClient } from '../../generated/prisma/client.ts';
import type { Database } from '../db/database.ts';
import { Sql } from '../db/sql.ts';
import type { Statements } from '../db/statements.ts';
import { type Owner, ownerOf } from '../domain/owner.ts';
import type { ConversationStatus } from '../domain/vocabulary.ts';
import { branchRow, conversationRow, messageRow, type RawRow } from './pg-rows.ts';
import { type StoredColumns, storedBy } from './stored-by.ts';

/** A part of a list between two keys, which are places in its order. Null: from the beginning, to the end. */
export interface Range<Key> {
  after: Key | null;
  before: Key | null;
  take: number;
  /** Whether to read from the end; then the rows are in reverse order, too. */
  backwards: boolean;
}

/** The place of a message among its alternatives, which follow the same message. `index` from 0. */
export interface MessageBranch {
  index: number;
  count: number;
  previousId: string | null;
  nextId: string | null;
}

/** The key of the conversation list: the newest activity first. */
export interface ActivityKey {
  at: Date;
  id: string;
}

/** Keys before and after every row. */
const NO_ROW = {
  first: '00000000-0000-0000-0000-000000000000',
  last: 'ffffffff-ffff-ffff-ffff-ffffffffffff',
};

const ORDER = { rising: new Sql('ASC'), falling: new Sql('DESC') };

/** Each is a statement of its own: its plan goes through the index of that status, or of all. */
const WITH_ANY_STATUS = new Sql('true');
const WITH_STATUS: Record<ConversationStatus, Sql> = {
  ACTIVE: new Sql("status = 'ACTIVE'"),
  COMPLETED: new Sql("status = 'COMPLETED'"),
  CANCELLED: new Sql("status = 'CANCELLED'"),
};

/**
 * The conversations of one owner, with their messages: what is not theirs does not exist here. Every query that a caller
 * asks for reads by it.
 */
export class OwnRows {
  readonly #database: Pick<Database, 'readAs' | 'readRowsAs'>;
  readonly #owner: Owner;

  constructor(database: Pick<Database, 'readAs' | 'readRowsAs'>, owner: Owner) {
    this.#database = database;
    this.#owner = ownerOf(owner);
  }

  #read<T>(read: (prisma: PrismaClient) => Promise<T>): Promise<T> {
    return this.#database.readAs(this.#owner, read);
  }

  #rows(read: (sql: Statements) => Promise<RawRow[]>): Promise<RawRow[]> {
    return this.#database.readRowsAs(this.#owner, read);
  }

  /** Those of these ids that exist, in no order. */
  async conversations(ids: readonly string[]): Promise<Conversation[]> {
    const { owner, tenant } = this.#owner;
    const rows = await this.#rows(
      (sql) => sql.rows<RawRow>`
        SELECT * FROM conversations WHERE id = ANY(${ids}::uuid[]) AND owner = ${owner} AND tenant = ${tenant}`,
    );
    return rows.map(conversationRow);
  }

  async conversation(id: string): Promise<Conversation | null> {
    return (await this.conversations([id]))[0] ?? null;
  }

  /** One indexed query for any page of the list: both ends are conditions of the index. */
  async list(
    status: ConversationStatus | undefined,
    { after, before, take, backwards }: Range<ActivityKey>,
  ): Promise<Conversation[]> {
    const { owner, tenant } = this.#owner;
    // The order is from the newest to the oldest.
    const below = after ?? { at: 'infinity', id: NO_ROW.last };
    const above = before ?? { at: '-infinity', id: NO_ROW.first };
    const order = backwards ? ORDER.rising : ORDER.falling;
    const rows = await this.#rows(
      (sql) => sql.rows<RawRow>`
        SELECT * FROM conversations
        WHERE owner = ${owner} AND tenant = ${tenant} AND ${status ? WITH_STATUS[status] : WITH_ANY_STATUS}
          AND (last_activity_at, id) < (${below.at}::timestamptz, ${below.id}::uuid)
          AND (last_activity_at, id) > (${above.at}::timestamptz, ${above.id}::uuid)
        ORDER BY last_activity_at ${order}, id ${order} LIMIT ${take}::int`,
    );
    return rows.map(conversationRow);
  }

  /** How many conversations the list has. */
  count(status: ConversationStatus | undefined): Promise<number> {
    return this.#read((prisma) => prisma.conversation.count({ where: this.#listed(status) }));
  }

  #listed(status: ConversationStatus | undefined) {
    return { ...this.#owner, ...(status ? { status } : {}) };
  }

  /** Those of these ids that exist, in no order. */
  messages(ids: readonly string[]): Promise<Message[]> {
    return this.#read((prisma) =>
      prisma.message.findMany({
        where: { id: { in: [...ids] }, conversation: this.#owner },
      }),
    );
  }

  /**
   * The messages of a conversation's visible branch, oldest first, that were stored when its row was read, so that a response is consistent
   * in itself. `row` is one that this returned. Without `content`, that of each message is empty.
   */
  async messagesOf(
    row: StoredColumns & Pick<Conversation, 'id'>,
    { after, before, take, backwards }: Range<string>,
    { content }: { content: boolean } = { content: true },
  ): Promise<Message[]> {
    const { owner, tenant } = this.#owner;
    const { newest, except } = storedBy(row);
    const above = after ?? NO_ROW.first;
    const below = before ?? NO_ROW.last;
    const order = backwards ? ORDER.falling : ORDER.rising;
    const rows = await this.#rows(
      (sql) => sql.rows<RawRow>`
        SELECT id, conversation_id, client_message_id, turn_id, role, status, model, interruption_reason, is_truncated,
          failed_turn_id, failure_code, failure_retryable, acknowledged_turn_id, acknowledged_offset, parent_id,
          hidden_since, input_tokens, output_tokens, duration_ms, created_at,
          CASE WHEN ${content}::boolean THEN content ELSE '' END AS content
        FROM messages
        WHERE conversation_id = ${row.id}::uuid AND id > ${above}::uuid AND id < ${below}::uuid
          AND hidden_since IS NULL AND id <= ${newest ?? NO_ROW.last}::uuid AND id <> ALL(${except}::uuid[])
          AND EXISTS (SELECT FROM conversations c
            WHERE c.id = ${row.id}::uuid AND c.owner = ${owner} AND c.tenant = ${tenant})
        ORDER BY id ${order} LIMIT ${take}::int`,
    );
    return rows.map(messageRow);
  }

  /**
   * The places among their alternatives of those of these messages that exist, in no order. OFFSET 0 keeps what is computed
   * apart: row security lets an index compare with a value, and not with an expression.
   */
  async branchesOf(ids: readonly string[]): Promise<(MessageBranch & { id: string })[]> {
    const { owner, tenant } = this.#owner;
    const rows = await this.#rows(
      (sql) => sql.rows<RawRow>`
        SELECT m.id, alternatives.* FROM messages m
        JOIN conversations c ON c.id = m.conversation_id AND c.owner = ${owner} AND c.tenant = ${tenant}
        CROSS JOIN LATERAL (SELECT CASE WHEN m.hidden_since IS NOT NULL THEN m.parent_id ELSE coalesce((
          SELECT id FROM messages WHERE conversation_id = m.conversation_id AND hidden_since IS NULL AND id < m.id
          ORDER BY id DESC LIMIT 1), m.conversation_id) END AS id OFFSET 0) AS found
        CROSS JOIN LATERAL (SELECT found.id, found.id = m.conversation_id AS is_root,
          CASE WHEN found.id = m.conversation_id THEN ${NO_ROW.first}::uuid ELSE found.id END AS above OFFSET 0) AS parent
        CROSS JOIN LATERAL (
          SELECT count(*)::int AS count, (count(*) FILTER (WHERE id < m.id))::int AS index,
            (array_agg(id ORDER BY id DESC) FILTER (WHERE id < m.id))[1] AS previous_id,
            (array_agg(id ORDER BY id) FILTER (WHERE id > m.id))[1] AS next_id
          FROM (
            SELECT id FROM messages
            WHERE conversation_id = m.conversation_id AND parent_id = parent.id AND hidden_since IS NOT NULL
            UNION ALL (
              SELECT id FROM messages
              WHERE conversation_id = m.conversation_id AND hidden_since IS NULL
                AND id > parent.above
                AND (parent.is_root
                  OR EXISTS (SELECT FROM messages p WHERE p.id = parent.id AND p.hidden_since IS NULL))
              ORDER BY id LIMIT 1)
          ) AS children
        ) AS alternatives
        WHERE m.id = ANY(${ids}::uuid[])`,
    );
    return rows.map(branchRow);
  }

  /** A message of one of the conversations; null if it has no such message. */
  messageOf(conversationId: string, id: string): Promise<Message | null> {
    return this.#read((prisma) =>
      prisma.message.findFirst({ where: { id, conversationId, conversation: this.#owner } }),
    );
  }
}
