import type { Feed } from '../core/feed/feed.ts';
import type { Llm } from '../core/llm/client.ts';
import type { JobBackend } from '../core/queue/job-backend.ts';
import type { JobProducer } from '../core/queue/job-producer.ts';
import { sweepJob, type TurnJob, turnJob } from '../core/queue/jobs.ts';
import type { Log } from '../core/telemetry/log.ts';
import type { ConversationStore } from '../core/turns/conversation-store.ts';
import type { Turns } from '../core/turns/turns.ts';
import { SWEEP_EVERY_MS, sweep } from './sweep.ts';
import { TurnSpeaker } from './turns.ts';

export interface WorkerOptions {
  backend: JobBackend;
  store: ConversationStore;
  feed: Feed;
  turns: Turns;
  jobs: JobProducer<TurnJob>;
  llm: Llm;
  /** How many turns are spoken at once. */
  concurrency: number;
  contextMessages: number;
  onStop: 'hand-over' | 'interrupt';
  log: Log;
}

export interface RunningWorker {
  /** Takes no more jobs, lets those that run finish for up to `graceMs`, then has them leave off; idempotent. */
  stop(graceMs?: number): Promise<void>;
}

/** Starts the consumers of every queue. */
export async function startWorker(options: WorkerOptions): Promise<RunningWorker> {
  const { backend, concurrency } = options;
  const speaker = new TurnSpeaker(options);
  const turns = backend.consumer(turnJob, (job, { signal }) => speaker.run(job, signal), { concurrency });
  const sweeps = backend.consumer(sweepJob, () => sweep(options), { concurrency: 1 });
  await backend.producer(sweepJob).schedule({}, SWEEP_EVERY_MS);
  await Promise.all([turns.ready(), sweeps.ready()]);
  return {
    stop: async (graceMs = 0) => {
      await Promise.all([turns.stop(graceMs), sweeps.stop()]);
    },
  };
}
