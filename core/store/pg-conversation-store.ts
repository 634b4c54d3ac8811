import type { Statements } from '../db/statements.ts';
import { isReadOnly } from '../db/unavailable.ts';
import type { Owner } from '../domain/owner.ts';
import type { Committed, ConversationStore, Created } from './conversation-store.ts';
import type { Change, ConversationRow, Snapshot } from './draft.ts';
import {
  conversationRow,
  insertedJson,
  messageRow,
  type RawRow,
  restJson,
  restRow,
  updatedJson,
} from './pg-rows.ts';
import type { TurnRest } from './turn-rest.ts';

/** How many of its latest commit ids a row keeps: more than can be made while one is in doubt. */
const REMEMBERED_COMMITS = 16;

/** An id before every other. */
const BEFORE_ALL = '00000000-0000-0000-0000-000000000000';

/** {@link ConversationStore} in PostgreSQL. Each method is one statement, except a repeated creation, which is two. */
export class PgConversationStore implements ConversationStore {
  readonly #sql: Statements;
  /** Whose conversations are read and changed; null: all, for work that is not a caller's. */
  readonly #owner: Owner | null;

  constructor(statements: Statements, owner: Owner | null = null) {
    this.#sql = owner ? statements.as(owner) : statements;
    this.#owner = owner;
  }

  as(owner: Owner): PgConversationStore {
    return new PgConversationStore(this.#sql, owner);
  }

  async read(conversationId: string, also: readonly string[] = []): Promise<Snapshot | null> {
    const { owner = null, tenant = null } = this.#owner ?? {};
    const [found] = await this.#sql.rows<RawRow>`
      SELECT c.*, floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now, (
        SELECT jsonb_agg(to_jsonb(m)) FROM messages m WHERE m.conversation_id = c.id AND m.id IN (
          SELECT (entry->>'id')::uuid FROM jsonb_array_elements(c.outbox) AS entry WHERE jsonb_exists(entry, 'id')
          UNION ALL SELECT unnest(${[...also]}::uuid[])
        )
      ) AS named
      FROM conversations c WHERE c.id = ${conversationId}::uuid
        AND (${owner}::text IS NULL OR owner = ${owner} AND tenant = ${tenant}::text)`;
    if (!found) return null;
    const { named, now, ...row } = found;
    const messages = ((named ?? []) as RawRow[]).map(messageRow);
    return {
      row: conversationRow(row),
      messages: new Map(messages.map((message) => [message.id, message])),
      now: now as number,
    };
  }

  async commit(from: ConversationRow, change: Change, id: string, deadline: number): Promise<Committed> {
    const { row, regeneration } = change;
    const commits = [...row.recentCommits, id].slice(-REMEMBERED_COMMITS);
    const { clientRequestId = null, turnId: regeneratedAs = null } = regeneration ?? {};
    const { owner = null, tenant = null } = this.#owner ?? {};
    const after = change.hide?.after ?? BEFORE_ALL;
    // What is long and stays the same is neither sent nor written again.
    const instructs = row.instructions !== from.instructions;
    const hidesInserted = change.insert.some(({ hiddenSince }) => hiddenSince !== null);
    const [done] = await this.#sql.rows<RawRow>`
      WITH committed AS (
        UPDATE conversations SET
          title = ${row.title}, status = ${row.status}, model = ${row.model}, pacing = ${row.pacing},
          reading_wpm = ${row.readingWpm}::int,
          idle_timeout = ${row.idleTimeout}::boolean,
          instructions = CASE WHEN ${instructs}::boolean THEN ${instructs ? row.instructions : null} ELSE instructions END,
          message_count = ${row.messageCount}::int, last_message_preview = ${row.lastMessagePreview},
          last_activity_at = ${row.lastActivityAt}::timestamptz, updated_at = ${row.updatedAt}::timestamptz,
          last_turn_id = ${row.lastTurnId}::uuid,
          pending_turn_id = ${row.pendingTurnId}::uuid, pending_turn_cause = ${row.pendingTurnCause},
          pending_turn_model = ${row.pendingTurnModel},
          failed_turn_id = ${row.failedTurnId}::uuid, failure_code = ${row.failureCode},
          failure_retryable = ${row.failureRetryable}::boolean,
          queued = ${JSON.stringify(row.queued)}::jsonb, last_acknowledgement_id = ${row.lastAcknowledgementId}::uuid,
          outbox = ${JSON.stringify(row.outbox)}::jsonb, outbox_count = ${row.outboxCount}::int,
          outbox_since = CASE WHEN ${row.outbox.length}::int = 0 THEN NULL ELSE coalesce(outbox_since, clock_timestamp()) END,
          recent_commits = ${JSON.stringify(commits)}::jsonb, recently_seen = ${JSON.stringify(row.recentlySeen)}::jsonb, version = version + 1
        WHERE id = ${from.id}::uuid AND version = ${from.version}::int
          AND recent_commits->>-1 IS NOT DISTINCT FROM ${from.recentCommits.at(-1) ?? null}::text
          AND clock_timestamp() < to_timestamp(${deadline / 1000}::float8)
          AND (${owner}::text IS NULL OR owner = ${owner} AND tenant = ${tenant}::text)
        RETURNING *
      ), inserted AS (
        INSERT INTO messages (id, conversation_id, client_message_id, turn_id, role, content, status, model,
          interruption_reason, is_truncated, acknowledged_turn_id, acknowledged_offset, parent_id, hidden_since,
          input_tokens, output_tokens, duration_ms, created_at)
        SELECT m.id, committed.id, m.client_message_id, m.turn_id, m.role, m.content, m.status, m.model,
          m.interruption_reason, m.is_truncated, m.acknowledged_turn_id, m.acknowledged_offset, m.parent_id,
          m.hidden_since, m.input_tokens, m.output_tokens, m.duration_ms, m.created_at
        FROM committed, jsonb_to_recordset(${insertedJson(change)}::jsonb) AS m(id uuid, client_message_id uuid,
          turn_id uuid, role text, content text, status text, model text, interruption_reason text,
          is_truncated boolean, acknowledged_turn_id uuid, acknowledged_offset int, parent_id uuid, hidden_since int,
          input_tokens int, output_tokens int, duration_ms int, created_at timestamptz)
        RETURNING id, parent_id, hidden_since
      ), targets AS (
        -- Each by its id: a join by either of two columns would compare every message with every change.
        SELECT coalesce(u.id, asked.id) AS target, u.*
        FROM jsonb_to_recordset(${updatedJson(change)}::jsonb) AS u(id uuid, answered_by uuid, turn_id uuid,
          content text, is_shown boolean, sets_failure boolean, failed_turn_id uuid, failure_code text, failure_retryable boolean)
        LEFT JOIN LATERAL (
          SELECT m.id FROM messages m
          WHERE u.id IS NULL AND m.conversation_id = ${from.id}::uuid AND m.turn_id = u.answered_by AND m.role = 'USER'
            AND m.id < u.answered_by) AS asked ON true
      ), updated AS (
        UPDATE messages SET
          turn_id = coalesce(u.turn_id, messages.turn_id), content = coalesce(u.content, messages.content),
          hidden_since = CASE WHEN u.is_shown THEN NULL ELSE messages.hidden_since END,
          failed_turn_id = CASE WHEN u.sets_failure THEN u.failed_turn_id ELSE messages.failed_turn_id END,
          failure_code = CASE WHEN u.sets_failure THEN u.failure_code ELSE messages.failure_code END,
          failure_retryable = CASE WHEN u.sets_failure THEN u.failure_retryable ELSE messages.failure_retryable END
        FROM committed, targets u
        WHERE messages.id = u.target AND messages.conversation_id = committed.id
      ), hidden AS (
        UPDATE messages SET hidden_since = committed.version, parent_id = shown.parent_id
        FROM committed, (
          SELECT id, lag(id, 1, conversation_id) OVER (ORDER BY id) AS parent_id FROM messages
          WHERE conversation_id = ${from.id}::uuid AND hidden_since IS NULL AND id >= ${after}::uuid
        ) AS shown
        WHERE ${change.hide !== null}::boolean AND messages.id = shown.id AND shown.id > ${after}::uuid
      ), followed AS (
        UPDATE messages SET parent_id = inserted.id
        FROM committed, inserted
        WHERE ${hidesInserted}::boolean AND inserted.hidden_since IS NOT NULL AND messages.conversation_id = committed.id
          AND messages.hidden_since = inserted.hidden_since AND messages.id > inserted.id
          AND messages.parent_id = inserted.parent_id
      ), remembered AS (
        INSERT INTO regenerations (conversation_id, client_request_id, turn_id)
        SELECT id, ${clientRequestId}::uuid, ${regeneratedAs}::uuid FROM committed
        WHERE ${clientRequestId}::uuid IS NOT NULL
      ), rested AS (
        INSERT INTO pending_turn_rests (conversation_id, turn_id, text, spoken, tokens, model, fallback, ending, reading_wpm)
        SELECT committed.id, r.turn_id, r.text, r.spoken, r.tokens, r.model, r.fallback, r.ending, r.reading_wpm
        FROM committed, jsonb_to_recordset(${restJson(change)}::jsonb) AS r(turn_id uuid, text text, spoken int,
          tokens int, model text, fallback jsonb, ending jsonb, reading_wpm int)
        WHERE r.turn_id = committed.pending_turn_id
        ON CONFLICT (conversation_id) DO UPDATE SET turn_id = excluded.turn_id, text = excluded.text,
          spoken = excluded.spoken, tokens = excluded.tokens, model = excluded.model, fallback = excluded.fallback,
          ending = excluded.ending, reading_wpm = excluded.reading_wpm
      ), unrested AS (
        DELETE FROM pending_turn_rests USING committed
        WHERE ${change.rest === null}::boolean AND conversation_id = committed.id
          AND turn_id IS DISTINCT FROM committed.pending_turn_id
      )
      SELECT committed.*, floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now, clock_timestamp() < to_timestamp(${deadline / 1000}::float8) AS in_time
      FROM (SELECT 1) AS one LEFT JOIN committed ON true`;
    const { in_time, now, ...committed } = done ?? {};
    if (committed.id) return { outcome: 'committed', row: conversationRow(committed), now: now as number };
    return { outcome: in_time ? 'conflict' : 'late' };
  }

  async restOf(conversationId: string, turnId: string): Promise<TurnRest | null> {
    const [found] = await this.#sql.rows<RawRow>`
      SELECT r.* FROM pending_turn_rests r JOIN conversations c ON c.id = r.conversation_id
      WHERE r.conversation_id = ${conversationId}::uuid AND r.turn_id = ${turnId}::uuid AND c.pending_turn_id = r.turn_id`;
    return found ? restRow(found) : null;
  }

  async removeRest(conversationId: string, turnId: string): Promise<void> {
    await this.#sql.rows`
      DELETE FROM pending_turn_rests WHERE conversation_id = ${conversationId}::uuid AND turn_id = ${turnId}::uuid`;
  }

  async clear(published: ReadonlyMap<string, number>): Promise<void> {
    const ids = [...published.keys()];
    const numbers = [...published.values()];
    await this.#sql.rows`
      UPDATE conversations SET outbox = rest.entries, outbox_since =
        CASE WHEN rest.entries = '[]'::jsonb THEN NULL ELSE clock_timestamp() END
      FROM (
        SELECT c.id, c.outbox AS was, coalesce((
          SELECT jsonb_agg(entry ORDER BY at) FROM jsonb_array_elements(c.outbox) WITH ORDINALITY AS e(entry, at)
          WHERE (entry->>'n')::int > p.n), '[]'::jsonb) AS entries
        FROM conversations c JOIN unnest(${ids}::uuid[], ${numbers}::int[]) AS p(id, n) ON p.id = c.id
      ) AS rest
      WHERE conversations.id = rest.id AND conversations.outbox = rest.was`;
  }

  async create(
    { row, clientConversationId }: Change & { clientConversationId: string | null },
    deadline: number,
  ): Promise<Created> {
    const [created] = await this.#sql.rows<RawRow>`
      INSERT INTO conversations (id, owner, tenant, client_conversation_id, status, model, provider, pacing, reading_wpm,
        last_activity_at, created_at, updated_at, last_turn_id, pending_turn_id, pending_turn_cause, idle_timeout, instructions, version)
      SELECT ${row.id}::uuid, ${row.owner}, ${row.tenant}, ${clientConversationId}::uuid, ${row.status}, ${row.model}, ${row.provider},
        ${row.pacing}, ${row.readingWpm}::int, ${row.lastActivityAt}::timestamptz, ${row.createdAt}::timestamptz, ${row.updatedAt}::timestamptz,
        ${row.lastTurnId}::uuid, ${row.pendingTurnId}::uuid, ${row.pendingTurnCause}, ${row.idleTimeout}::boolean, ${row.instructions}, 1
      WHERE clock_timestamp() < to_timestamp(${deadline / 1000}::float8)
      ON CONFLICT DO NOTHING
      RETURNING *`;
    if (created) return { outcome: 'created', row: conversationRow(created) };
    if (clientConversationId === null) return { outcome: 'late' };
    const [existing] = await this.#sql.as(row).rows<RawRow>`
      SELECT * FROM conversations WHERE tenant = ${row.tenant} AND owner = ${row.owner} AND client_conversation_id = ${clientConversationId}::uuid`;
    return existing ? { outcome: 'existed', row: conversationRow(existing) } : { outcome: 'late' };
  }

  async delete(conversationId: string, by: Owner, deadline: number): Promise<'deleted' | 'absent' | 'late'> {
    const { owner, tenant } = by;
    const [done] = await this.#sql.as(by).rows<{ found: boolean; done: boolean }>`
      WITH found AS (SELECT id FROM conversations WHERE id = ${conversationId}::uuid AND owner = ${owner} AND tenant = ${tenant}),
      anonymized AS (
        UPDATE inference_logs SET conversation_id = NULL, message_id = NULL, input_preview = NULL,
          output_preview = NULL, error_message = NULL
        FROM found WHERE conversation_id = found.id AND clock_timestamp() < to_timestamp(${deadline / 1000}::float8)
        RETURNING 1
      ), deleted AS (
        DELETE FROM conversations USING found WHERE conversations.id = found.id
          AND clock_timestamp() < to_timestamp(${deadline / 1000}::float8)
          AND (SELECT count(*) FROM anonymized) >= 0
        RETURNING conversations.id
      ), noted AS (INSERT INTO deletions (conversation_id) SELECT id FROM deleted)
      SELECT EXISTS (SELECT 1 FROM found) AS found, EXISTS (SELECT 1 FROM deleted) AS done`;
    if (!done?.found) return 'absent';
    return done.done ? 'deleted' : 'late';
  }

  async settledAt(conversationId: string): Promise<number | null> {
    try {
      const [row] = await this.#sql.rows<{ now: number; is_free: boolean }>`
        WITH free AS (SELECT id FROM conversations WHERE id = ${conversationId}::uuid FOR SHARE SKIP LOCKED)
        SELECT floor(extract(epoch FROM statement_timestamp()) * 1000)::float8 AS now, EXISTS (SELECT FROM free)
          OR NOT EXISTS (SELECT FROM conversations WHERE id = ${conversationId}::uuid) AS is_free`;
      return row?.is_free ? row.now : null;
    } catch (error) {
      if (!isReadOnly(error)) throw error;
      // A server that takes no writes takes no locks either, and stores nothing.
      return this.now();
    }
  }

  async removeDeletion(conversationId: string): Promise<void> {
    await this.#sql.rows`DELETE FROM deletions WHERE conversation_id = ${conversationId}::uuid`;
  }

  async now(): Promise<number> {
    const [row] = await this.#sql.rows<{ now: number }>`
      SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now`;
    return row?.now ?? Date.now();
  }

  async unpublished(olderThanMs: number, limit: number): Promise<string[]> {
    const rows = await this.#sql.rows<{ id: string }>`
      (SELECT id FROM conversations
      WHERE outbox_since < clock_timestamp() - make_interval(secs => ${olderThanMs / 1000}::float8)
      ORDER BY outbox_since LIMIT ${limit}::int)
      UNION ALL (SELECT id FROM conversations WHERE queued <> '[]'::jsonb AND pending_turn_id IS NULL LIMIT ${limit}::int)
      UNION ALL (SELECT conversation_id FROM deletions
      WHERE deleted_at < clock_timestamp() - make_interval(secs => ${olderThanMs / 1000}::float8)
      ORDER BY deleted_at LIMIT ${limit}::int)`;
    return rows.map(({ id }) => id);
  }
}
