import type { TurnSlots } from '../core/live/turn-slots/turn-slots.ts';
import type { JobProducer } from '../core/queue/job-producer.ts';
import type { TurnJob } from '../core/queue/jobs.ts';
import type { ConversationReads } from '../core/store/conversation-reads.ts';
import type { ConversationStore } from '../core/store/conversation-store.ts';
import type { Log } from '../core/telemetry/log.ts';
import type { Turns } from '../core/turns/turns.ts';
import type { OwnersShare } from './owners-share.ts';

export interface SweepOptions {
  reads: Pick<ConversationReads, 'overdue'>;
  store: Pick<ConversationStore, 'now' | 'unpublished'>;
  turns: Pick<Turns, 'drive'>;
  jobs: Pick<JobProducer<TurnJob>, 'isAlive' | 'failureOf' | 'removeFailed'>;
  restJobs: Pick<JobProducer<TurnJob>, 'isAlive' | 'removeFailed'>;
  slots: Pick<TurnSlots, 'isWaiting'>;
  share: Pick<OwnersShare, 'admit'>;
  log: Log;
  /** An outbox that has had entries for longer is published by no process, in milliseconds. Default: 1 s. */
  unpublishedMs?: number;
  /** A turn that has been pending for less may still be being opened by its call, in milliseconds. Default: 5 s. */
  overdueMs?: number;
}

/** Time between two sweeps, in milliseconds. */
export const SWEEP_EVERY_MS = 1_000;
const UNPUBLISHED_MS = 1_000;
const OVERDUE_MS = 5_000;
/** How many conversations one query reads. */
const PAGE = 200;

/**
 * The reconciler: carries out the effects of commits whose process died, and queues pending turns that have no job, as when
 * the queue was lost.
 */
export async function sweep(options: SweepOptions): Promise<void> {
  const { store, share, log, unpublishedMs = UNPUBLISHED_MS, overdueMs = OVERDUE_MS } = options;
  for (const conversationId of await store.unpublished(unpublishedMs, PAGE))
    await drive(options, conversationId);
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
      // A turn that cannot be queued now must not block the others.
      await requeue(options, job).catch((err) => log.error({ err, ...job }, 'pending turn was not queued'));
    }
  } while (page.length === PAGE);

  async function requeue({ jobs, restJobs, slots, log }: SweepOptions, job: TurnJob): Promise<void> {
    if ((await jobs.isAlive(job)) || (await restJobs.isAlive(job))) return;
    const failure = await jobs.failureOf(job);
    if (!failure && (await slots.isWaiting(job))) return;
    log.warn({ ...job, ...(failure && { failure }) }, 'pending turn without a job, queueing it again');
    await jobs.removeFailed(job);
    await restJobs.removeFailed(job);
    await options.turns.drive(job.conversationId);
  }
}

async function drive({ turns, log }: SweepOptions, conversationId: string): Promise<void> {
  log.debug({ conversationId }, 'publishing an overdue outbox');
  await turns
    .drive(conversationId)
    .catch((err) => log.error({ err, conversationId }, 'overdue outbox was not published'));
}
