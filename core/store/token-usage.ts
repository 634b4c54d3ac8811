import type { Statements } from '../db/statements.ts';
import { firstIdOf } from '../domain/ids.ts';
import type { Owner } from '../domain/owner.ts';

/** How far the clocks of machines may differ, in milliseconds. */
const CLOCKS_APART_MS = 7_200_000;

/** The tokens that calls to models took, prompts and answers together, by the log of calls. */
export class TokenUsage {
  readonly #sql: Statements;

  constructor(statements: Statements) {
    this.#sql = statements;
  }

  /** Of the calls of an owner that began at `since` (Unix milliseconds) or later. @throws {StoreUnavailableError} */
  async ofOwner(by: Owner, since: number): Promise<number> {
    const { owner, tenant } = by;
    // The index is ordered by ids, which have the time of the machine that made them; the time of the call decides.
    const first = firstIdOf(since - CLOCKS_APART_MS);
    const [row] = await this.#sql.as(by).rows<Used>`
      SELECT coalesce(sum(input_tokens::bigint + output_tokens), 0)::float8 AS tokens FROM inference_logs
      WHERE tenant = ${tenant} AND owner = ${owner} AND id >= ${first}::uuid
        AND created_at >= to_timestamp(${since / 1_000}::float8)`;
    return row?.tokens ?? 0;
  }

  /** Of the calls of all owners of a tenant. What a service reports of its own calls is not among them. */
  async ofTenant(tenant: string, since: number): Promise<number> {
    const [row] = await this.#sql.rows<Used>`
      SELECT coalesce(sum(input_tokens::bigint + output_tokens), 0)::float8 AS tokens FROM inference_logs
      WHERE tenant = ${tenant} AND owner IS NOT NULL AND created_at >= to_timestamp(${since / 1_000}::float8)`;
    return row?.tokens ?? 0;
  }
}

interface Used {
  tokens: number;
}
