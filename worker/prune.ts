import type { Log } from '../core/telemetry/log.ts';
import type { PrismaClient } from '../generated/prisma/client.ts';

export interface PruneOptions {
  prisma: PrismaClient;
  /** How long a record is kept, in days. */
  days: number;
  log: Log;
}

/** How often the log of calls is pruned, in milliseconds. */
export const PRUNE_EVERY_MS = 3_600_000;
/** How many rows one statement deletes, so that none holds its locks for long. */
const BATCH = 5_000;

/** Deletes records of calls older than `days` by the database's clock. Returns how many. */
export async function prune({ prisma, days, log }: PruneOptions, signal: AbortSignal): Promise<number> {
  let pruned = 0;
  for (let deleted = BATCH; deleted === BATCH && !signal.aborted; pruned += deleted) {
    deleted = await prisma.$executeRaw`
      DELETE FROM inference_logs WHERE id IN (
        SELECT id FROM inference_logs WHERE created_at < now() - make_interval(hours => 24 * ${days}::int)
        ORDER BY created_at LIMIT ${BATCH}::int)`;
  }
  if (pruned > 0) log.info({ pruned, days }, 'deleted old records of calls to models');
  return pruned;
}
