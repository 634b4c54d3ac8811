import type { TurnSlots } from '../core/live/turn-slots/turn-slots.ts';
import type { JobProducer } from '../core/queue/job-producer.ts';
import type { TurnJob } from '../core/queue/jobs.ts';
import type { Log } from '../core/telemetry/log.ts';
import type { ConversationReads } from '../core/turns/conversation-reads.ts';
import type { ConversationStore } from '../core/turns/conversation-store.ts';
import type { Turns } from '../core/turns/turns.ts';
import type { OwnersShare } from './owners-share.ts';

export interface SweepOptions {
  reads: Pick<ConversationReads, 'overdue'>;
  store: Pick<ConversationStore, 'now' | 'unpublished'>;
  turns: Pick<Turns, 'drive'>;
  jobs: Pick<JobProducer<TurnJob>, 'isAlive' | 'failureOf' | 'removeFailed'>;
  slots: Pick<TurnSlots, 'isWaiting'>;
  share: Pick<OwnersShare, 'admit'>;
  log: Log;
  /** An outbox that has had entries for longer has nobody who publishes it, in milliseconds; 1 s unless given. */
  unpublishedMs?: number;
  /** A turn that has been pending for less is still being opened by the call that made it, in milliseconds; 5 s unless given. */
  overdueMs?: number;
}

/** How often the sweep looks, in milliseconds. */
export const SWEEP_EVERY_MS = 1_000;
const UNPUBLISHED_MS = 1_000;
const OVERDUE_MS = 5_000;
/** How many conversations are read at once. */
const PAGE = 200;

/**
 * The reconciler: does what is left of commits whose process died, and has turns spoken that are pending and that nobody is at
 * work on, as when the queue was lost.
 */
export async function sweep(options: SweepOptions): Promise<void> {
  const { store, share, log, unpublishedMs = UNPUBLISHED_MS, overdueMs = OVERDUE_MS } = options;
  for (const conversationId of await store.unpublished(unpublishedMs, PAGE))
    await driven(options, conversationId, 'what was committed is published late');
  await share.admit().catch((err) => log.warn({ err }, 'waiting turns were not admitted'));
  await sweepPending(options, (await store.now()) - overdueMs);
}

async function sweepPending(options: SweepOptions, before: number): Promise<void> {
  const { reads, log } = options;
  let page: TurnJob[];
  let after: string | null = null;
  do {
    page = await reads.overdue(before, after, PAGE);
    for (const job of page) {
      after = job.turnId;
      // One that cannot be helped now must not keep the others from it.
      await help(options, job).catch((err) =>
        log.error({ err, ...job }, 'a pending turn could not be begun'),
      );
    }
  } while (page.length === PAGE);

  async function help({ jobs, slots, log }: SweepOptions, job: TurnJob): Promise<void> {
    if (await jobs.isAlive(job)) return;
    const failure = await jobs.failureOf(job);
    if (!failure && (await slots.isWaiting(job))) return;
    log.warn({ ...job, ...(failure && { failure }) }, 'a turn was pending and nobody was at work on it');
    await jobs.removeFailed(job);
    await options.turns.drive(job.conversationId);
  }
}

async function driven({ turns, log }: SweepOptions, conversationId: string, why: string): Promise<void> {
  log.debug({ conversationId }, why);
  await turns
    .drive(conversationId)
    .catch((err) => log.error({ err, conversationId }, 'what was committed could not be published'));
}
