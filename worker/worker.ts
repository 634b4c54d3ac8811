import type { App } from '../core/app.ts';
import type { Processor } from '../core/queue/job-consumer.ts';
import { sweepJob, type TurnJob, turnJob } from '../core/queue/jobs.ts';
import { SWEEP_EVERY_MS, sweep } from './sweep.ts';
import { TurnSpeaker } from './turns.ts';

export interface WorkerOptions {
  /** See {@link TurnSpeakerOptions}. */
  onStop: 'hand-over' | 'interrupt';
}

export interface RunningWorker {
  /** Takes no more jobs, lets those that run finish for up to `graceMs`, then has them leave off; idempotent. */
  stop(graceMs?: number): Promise<void>;
}

/** Starts the consumers of every queue. */
export async function startWorker(app: App, { onStop }: WorkerOptions): Promise<RunningWorker> {
  const { backend, config } = app;
  const speaker = new TurnSpeaker({ ...app, contextMessages: config.contextMessages, onStop });
  const speak: Processor<TurnJob> = (job, { signal }) => speaker.run(job, signal);
  const turns = backend.consumer(turnJob, speak, { concurrency: config.turnConcurrency });
  const sweeps = backend.consumer(sweepJob, () => sweep(app), { concurrency: 1 });
  await backend.producer(sweepJob).schedule({}, SWEEP_EVERY_MS);
  await Promise.all([turns.ready(), sweeps.ready()]);
  return {
    stop: async (graceMs = 0) => {
      await Promise.all([turns.stop(graceMs), sweeps.stop()]);
    },
  };
}
