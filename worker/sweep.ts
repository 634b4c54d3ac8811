import type { JobProducer } from '../core/queue/job-producer.ts';
import type { TurnJob } from '../core/queue/jobs.ts';
import type { Log } from '../core/telemetry/log.ts';
import type { PendingTurn } from '../core/turns/conversation-reads.ts';
import type { ConversationStore } from '../core/turns/conversation-store.ts';
import type { Turns } from '../core/turns/turns.ts';

export interface SweepOptions {
  store: ConversationStore;
  turns: Turns;
  jobs: Pick<JobProducer<TurnJob>, 'isAlive' | 'failureOf' | 'forget'>;
  log: Log;
}

/** How often the sweep looks, in milliseconds. */
export const SWEEP_EVERY_MS = 5_000;
/** A debt younger than this is still being opened by the call that made it, in milliseconds. */
const OVERDUE_MS = 5_000;
/** How many debts are read at once. */
const PAGE = 200;

/**
 * Finds messages that were accepted and that nobody is at work on (the process that accepted them died, or the queue
 * was lost) and has them answered.
 */
export async function sweep({ store, turns, jobs, log }: SweepOptions): Promise<void> {
  const help = async (pending: PendingTurn, job: TurnJob) => {
    if (await jobs.isAlive(job)) return;
    const failure = await jobs.failureOf(job);
    log.warn({ ...job, ...(failure && { failure }) }, 'an answer was owed and nobody was at work on it');
    await jobs.forget(job);
    await turns.reopen(pending);
  };
  const before = Date.now() - OVERDUE_MS;
  let page: PendingTurn[];
  let after: string | null = null;
  do {
    page = await store.overdue(before, after, PAGE);
    for (const pending of page) {
      const job = { conversationId: pending.conversation.id, turnId: pending.turnId };
      after = pending.turnId;
      // One that cannot be helped now must not keep the others from it.
      await help(pending, job).catch((err) =>
        log.error({ err, ...job }, 'an answer is owed and could not be begun'),
      );
    }
  } while (page.length === PAGE);
}
