import type { InferenceLogs } from '../core/store/inference-logs.ts';
import type { PersonRows } from '../core/store/person-rows.ts';
import type { Log } from '../core/telemetry/log.ts';

export interface PruneOptions {
  logs: Pick<InferenceLogs, 'deleteOlder'>;
  /** Where it is noted who was erased. */
  erasures: Pick<PersonRows, 'dropErasures'>;
  /** How long a record is kept, in days. */
  days: number;
  log: Log;
}

/** How often the log of calls is pruned, in milliseconds. */
export const PRUNE_EVERY_MS = 3_600_000;

/** How long it is noted who was erased, in days: longer than a record of a call can be under way. */
const ERASURE_DAYS = 30;

/** Deletes records of calls older than `days` by the database's clock, and old notes of erasures. Returns how many records. */
export async function prune(
  { logs, erasures, days, log }: PruneOptions,
  signal: AbortSignal,
): Promise<number> {
  await erasures.dropErasures(ERASURE_DAYS);
  let pruned = 0;
  for (let isDone = false; !isDone && !signal.aborted; ) {
    const batch = await logs.deleteOlder(days);
    pruned += batch.deleted;
    isDone = batch.isDone;
  }
  if (pruned > 0) log.info({ pruned, days }, 'deleted old records of calls to models');
  return pruned;
}
