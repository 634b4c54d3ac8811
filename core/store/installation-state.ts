import type { Statements } from '../db/statements.ts';
import { timeOfId } from '../domain/ids.ts';
import type { PendingWork } from '../telemetry/measured-parts.ts';

/** What the database shows of the whole installation, for metrics. */
export class InstallationState {
  readonly #sql: Statements;

  constructor(statements: Statements) {
    this.#sql = statements;
  }

  /** The unpublished outboxes and the pending turns, in one round trip, from their indexes. @throws {StoreUnavailableError} */
  async pending(): Promise<PendingWork> {
    const [row] = await this.#sql.rows<PendingRow>`
      SELECT floor(extract(epoch FROM clock_timestamp()) * 1000)::float8 AS now,
        (SELECT count(*) FROM conversations WHERE outbox_since IS NOT NULL)::float8 AS outboxes,
        (SELECT extract(epoch FROM min(outbox_since)) * 1000 FROM conversations
          WHERE outbox_since IS NOT NULL)::float8 AS outbox,
        (SELECT count(*) FROM conversations WHERE pending_turn_id IS NOT NULL)::float8 AS turns,
        (SELECT pending_turn_id FROM conversations WHERE pending_turn_id IS NOT NULL
          ORDER BY pending_turn_id LIMIT 1)::text AS turn`;
    if (!row) return { outboxes: 0, oldestOutboxMs: 0, turns: 0, oldestTurnMs: 0 };
    const { now, outboxes, outbox, turns, turn } = row;
    return {
      outboxes,
      oldestOutboxMs: outbox === null ? 0 : Math.max(0, now - outbox),
      turns,
      oldestTurnMs: turn === null ? 0 : Math.max(0, now - timeOfId(turn)),
    };
  }

  /** The size of the database on its disk, in bytes. */
  async size(): Promise<number> {
    const [row] = await this.#sql.rows<{ size: number }>`
      SELECT pg_database_size(current_database())::float8 AS size`;
    return row?.size ?? 0;
  }
}

interface PendingRow {
  now: number;
  outboxes: number;
  outbox: number | null;
  turns: number;
  turn: string | null;
}
