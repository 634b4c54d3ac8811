import type { Statements } from '../db/statements.ts';
import { isUuid } from '../domain/ids.ts';
import { DEFAULT_TENANT, type Owner } from '../domain/owner.ts';
import { personHash } from './person-hash.ts';
import type { RawRow } from './pg-rows.ts';

/** How many rows one statement reads. */
const PAGE = 200;
/** How many rows one statement changes, so that none holds its locks for long. */
const BATCH = 1_000;

/** How many rows a statement has changed. `isLast`: there were no more. */
export interface Batch {
  count: number;
  isLast: boolean;
}

/** The rows of one person, in all tables, for an export and an erasure. Every method is one statement, of bounded size. */
export class PersonRows {
  readonly #sql: Statements;

  constructor(statements: Statements) {
    this.#sql = statements;
  }

  /** A page of the conversations, with every column, by id. `after`: the last id of the page before. */
  conversations(person: Owner, after: string | null): Promise<RawRow[]> {
    const { owner, tenant } = person;
    return this.#sql.as(person).rows<RawRow>`
      SELECT * FROM conversations WHERE tenant = ${tenant} AND owner = ${owner}
        AND (${after}::uuid IS NULL OR id > ${after}::uuid)
      ORDER BY id LIMIT ${PAGE}::int`;
  }

  /** A page of the messages of one conversation, in the same way. */
  messages(person: Owner, conversationId: string, after: string | null): Promise<RawRow[]> {
    return this.#sql.as(person).rows<RawRow>`
      SELECT * FROM messages WHERE conversation_id = ${conversationId}::uuid
        AND (${after}::uuid IS NULL OR id > ${after}::uuid)
      ORDER BY id LIMIT ${PAGE}::int`;
  }

  /** A page of the requests to regenerate answers of one conversation. `after`: the last `client_request_id`. */
  regenerations(person: Owner, conversationId: string, after: string | null): Promise<RawRow[]> {
    return this.#sql.as(person).rows<RawRow>`
      SELECT * FROM regenerations WHERE conversation_id = ${conversationId}::uuid
        AND (${after}::uuid IS NULL OR client_request_id > ${after}::uuid)
      ORDER BY client_request_id LIMIT ${PAGE}::int`;
  }

  /** A page of the calls to models of the person. */
  calls(person: Owner, after: string | null): Promise<RawRow[]> {
    const { owner, tenant } = person;
    return this.#sql.as(person).rows<RawRow>`
      SELECT * FROM inference_logs WHERE tenant = ${tenant} AND owner = ${owner}
        AND (${after}::uuid IS NULL OR id > ${after}::uuid)
      ORDER BY id LIMIT ${PAGE}::int`;
  }

  /** A page of the calls for their conversations that are not stored as theirs: those that a service reported. */
  reportedCalls(person: Owner, after: string | null): Promise<RawRow[]> {
    const { owner, tenant } = person;
    return this.#sql.as(person).rows<RawRow>`
      SELECT calls.* FROM inference_logs AS calls JOIN conversations AS theirs ON theirs.id = calls.conversation_id
      WHERE theirs.tenant = ${tenant} AND theirs.owner = ${owner} AND calls.owner IS DISTINCT FROM ${owner}
        AND (${after}::uuid IS NULL OR calls.id > ${after}::uuid)
      ORDER BY calls.id LIMIT ${PAGE}::int`;
  }

  /** A page of the API tokens, revoked and expired ones too. */
  apiTokens(person: Owner, after: string | null): Promise<RawRow[]> {
    const { owner, tenant } = person;
    return this.#sql.as(person).rows<RawRow>`
      SELECT * FROM api_tokens WHERE tenant = ${tenant} AND owner = ${owner}
        AND (${after}::uuid IS NULL OR id > ${after}::uuid)
      ORDER BY id LIMIT ${PAGE}::int`;
  }

  /** The row of a user of this server's accounts, as a list of one; empty: they have none. */
  async users(person: Owner): Promise<RawRow[]> {
    if (!mayHaveAccount(person)) return [];
    return this.#sql.rows<RawRow>`SELECT * FROM users WHERE id = ${person.owner}::uuid`;
  }

  /** A page of where they are signed in. */
  async sessions(person: Owner, after: string | null): Promise<RawRow[]> {
    if (!mayHaveAccount(person)) return [];
    return this.#sql.rows<RawRow>`
      SELECT * FROM sessions WHERE user_id = ${person.owner}::uuid AND (${after}::uuid IS NULL OR id > ${after}::uuid)
      ORDER BY id LIMIT ${PAGE}::int`;
  }

  /** A page of the ways in which they sign in. */
  async accounts(person: Owner, after: string | null): Promise<RawRow[]> {
    if (!mayHaveAccount(person)) return [];
    return this.#sql.rows<RawRow>`
      SELECT * FROM accounts WHERE user_id = ${person.owner}::uuid AND (${after}::uuid IS NULL OR id > ${after}::uuid)
      ORDER BY id LIMIT ${PAGE}::int`;
  }

  /** Deletes their account, where they are signed in, and the links of their mails. Returns how many rows of these. */
  async deleteAccount(person: Owner): Promise<number> {
    if (!mayHaveAccount(person)) return 0;
    const { owner } = person;
    const [done] = await this.#sql.rows<Counted>`
      WITH links AS (DELETE FROM verifications WHERE position(${owner} IN value) > 0
          OR position((SELECT email FROM users WHERE id = ${owner}::uuid) IN value || identifier) > 0 RETURNING 1),
        signed AS (DELETE FROM sessions WHERE user_id = ${owner}::uuid RETURNING 1),
        ways AS (DELETE FROM accounts WHERE user_id = ${owner}::uuid RETURNING 1),
        gone AS (DELETE FROM users WHERE id = ${owner}::uuid RETURNING 1)
      SELECT ((SELECT count(*) FROM links) + (SELECT count(*) FROM signed) + (SELECT count(*) FROM ways)
        + (SELECT count(*) FROM gone))::int AS count`;
    return done?.count ?? 0;
  }

  async countConversations(person: Owner): Promise<number> {
    const { owner, tenant } = person;
    const [row] = await this.#sql.as(person).rows<Counted>`
      SELECT count(*)::int AS count FROM conversations WHERE tenant = ${tenant} AND owner = ${owner}`;
    return row?.count ?? 0;
  }

  /** Ids of those conversations in which nothing was said for longest. */
  async oldestConversations(person: Owner): Promise<string[]> {
    const { owner, tenant } = person;
    const rows = await this.#sql.as(person).rows<{ id: string }>`
      SELECT id FROM conversations WHERE tenant = ${tenant} AND owner = ${owner}
      ORDER BY last_activity_at, id LIMIT ${PAGE}::int`;
    return rows.map(({ id }) => id);
  }

  /** Those of these ids that no conversation has. */
  async withoutConversation(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const rows = await this.#sql.rows<{ id: string }>`
      SELECT asked.id FROM unnest(${ids}::uuid[]) AS asked(id)
      WHERE NOT EXISTS (SELECT 1 FROM conversations WHERE conversations.id = asked.id)`;
    return new Set(rows.map(({ id }) => id));
  }

  /** Those of these deleted conversations whose deletion is not published yet. */
  async unpublishedDeletions(ids: readonly string[]): Promise<string[]> {
    const rows = await this.#sql.rows<{ id: string }>`
      SELECT conversation_id AS id FROM deletions WHERE conversation_id = ANY(${ids}::uuid[])`;
    return rows.map(({ id }) => id);
  }

  /** Removes texts, ids and the owner from a batch of their calls to models; the measurements stay. */
  anonymizeCalls(person: Owner): Promise<Batch> {
    const { owner, tenant } = person;
    return this.#batch(this.#sql.as(person).rows<Counted>`
      WITH done AS (
        UPDATE inference_logs SET owner = NULL, conversation_id = NULL, message_id = NULL, input_preview = NULL,
          output_preview = NULL, error_message = NULL
        WHERE id IN (
          SELECT id FROM inference_logs WHERE tenant = ${tenant} AND owner = ${owner} LIMIT ${BATCH}::int)
        RETURNING 1
      ) SELECT count(*)::int AS count FROM done`);
  }

  /** Deletes a batch of their API tokens. */
  deleteApiTokens(person: Owner): Promise<Batch> {
    const { owner, tenant } = person;
    return this.#batch(this.#sql.as(person).rows<Counted>`
      WITH done AS (
        DELETE FROM api_tokens WHERE id IN (
          SELECT id FROM api_tokens WHERE tenant = ${tenant} AND owner = ${owner} LIMIT ${BATCH}::int)
        RETURNING 1
      ) SELECT count(*)::int AS count FROM done`);
  }

  /** From now on, records of calls that they made until `at` are stored without text, ids and owner. */
  async noteErasure(owner: Owner, at: Date): Promise<void> {
    await this.#sql.rows`
      INSERT INTO erasures (person, erased_at) VALUES (${personHash(owner)}, ${at}::timestamptz)
      ON CONFLICT (person) DO UPDATE SET erased_at = greatest(erasures.erased_at, excluded.erased_at)`;
  }

  /** Deletes the notes of erasures older than `days` by the database's clock. */
  async dropErasures(days: number): Promise<void> {
    await this.#sql.rows`
      DELETE FROM erasures WHERE erased_at < now() - make_interval(hours => 24 * ${days}::int)`;
  }

  async #batch(done: Promise<Counted[]>): Promise<Batch> {
    const count = (await done)[0]?.count ?? 0;
    return { count, isLast: count < BATCH };
  }
}

/** Accounts of this server have UUIDs, and are of the default tenant. */
function mayHaveAccount({ owner, tenant }: Owner): boolean {
  return tenant === DEFAULT_TENANT && isUuid(owner);
}

interface Counted {
  count: number;
}
