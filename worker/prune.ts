import type { InferenceLogs } from '../core/store/inference-logs.ts';
import type { Log } from '../core/telemetry/log.ts';

export interface PruneOptions {
  logs: Pick<InferenceLogs, 'deleteOlder'>;
  /** How long a record is kept, in days. */
  days: number;
  log: Log;
}

/** How often the log of calls is pruned, in milliseconds. */
export const PRUNE_EVERY_MS = 3_600_000;

/** Deletes records of calls older than `days` by the database's clock. Returns how many. */
export async function prune({ logs, days, log }: PruneOptions, signal: AbortSignal): Promise<number> {
  let pruned = 0;
  for (let isDone = false; !isDone && !signal.aborted; ) {
    const batch = await logs.deleteOlder(days);
    pruned += batch.deleted;
    isDone = batch.isDone;
  }
  if (pruned > 0) log.info({ pruned, days }, 'deleted old records of calls to models');
  return pruned;
}
