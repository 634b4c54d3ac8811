import { createRedact } from '@taskflow/redaction';
import type { App } from '../core/app.ts';
import { timeOfId } from '../core/domain/ids.ts';
import { inferenceLogJob } from '../core/inference/inference-log-job.ts';
import { TokenCounter } from '../core/llm/models/token-counter.ts';
import type { Processor } from '../core/queue/job-consumer.ts';
import { pruneJob, restJob, sweepJob, type TurnJob, timerJob, turnJob } from '../core/queue/jobs.ts';
import { componentLog } from '../core/telemetry/log.ts';
import { Indexer } from './indexer.ts';
import { InferenceStore } from './inference-logs.ts';
import { OwnersShare } from './owners-share.ts';
import { Prompter } from './prompting.ts';
import { PRUNE_EVERY_MS, prune } from './prune.ts';
import { keepScheduled } from './schedules.ts';
import { SWEEP_EVERY_MS, sweep } from './sweep.ts';
import { TimerActions } from './timer-actions.ts';
import { TurnSpeaker } from './turn-speaker.ts';

/** A timer's job takes a few queries; this many at once keep up with thousands of conversations. */
const TIMERS_AT_ONCE = 20;

/** A record's job is one insert; more at once would take the connections that turns need. */
const INFERENCES_AT_ONCE = 4;

/** A rest's job waits for the time of the next word, so that many cost little: this many readers for one process. */
const RESTS_AT_ONCE = 1_000;

export interface WorkerOptions {
  /** See {@link TurnSpeakerOptions}. */
  onStop: 'hand-over' | 'interrupt';
}

export interface RunningWorker {
  /** Takes no more jobs. Running jobs have `graceMs` to finish, then they are aborted. Idempotent. */
  stop(graceMs?: number): Promise<void>;
}

/** Starts the consumers of every queue. */
export async function startWorker(app: App, { onStop }: WorkerOptions): Promise<RunningWorker> {
  const { backend, config, metrics } = app;
  const { contextMessages, tokenWarningThreshold } = config;
  const tokens = await TokenCounter.load(app.models.all);
  const prompter = new Prompter({
    ...app,
    tokens,
    contextMessages,
    tokenWarningThreshold,
    log: componentLog(app.log, 'token-guard'),
    onLargePrompt: ({ model }) => metrics.tokenBudgetWarnings.inc({ model: app.labelOf(model) }),
  });
  const redact = createRedact({ phoneRegions: config.redactionPhoneRegions });
  const speaker = new TurnSpeaker({
    ...app,
    prompter,
    redact,
    readingWpm: config.readingWpm,
    onStop,
    tracer: app.tracing.tracer,
    log: componentLog(app.log, 'turns'),
    onFirstWords: ({ turnId, model }) => {
      const waitedMs = Math.max(0, app.clock.now() - timeOfId(turnId));
      metrics.firstWords.observe({ model: app.labelOf(model) }, waitedMs / 1_000);
    },
    onSaid: (lagMs) => metrics.pacingLag.observe(lagMs),
  });
  const share = new OwnersShare({
    ...app,
    speak: (job, signal, attempt) => speaker.run(job, signal, attempt),
    log: componentLog(app.log, 'turns'),
  });
  const speak: Processor<TurnJob> = async (job, context) => {
    // Before the owner's share: the rest of a turn takes no slot.
    if (!(await speaker.passOn(job, context.signal))) await share.run(job, context);
  };
  const turns = backend.consumer(turnJob, speak, {
    concurrency: config.turnConcurrency,
    onDone: (job) => void share.done(job),
  });
  const speakRest: Processor<TurnJob> = (job, { signal, attempt }) => speaker.runRest(job, signal, attempt);
  const rests = backend.consumer(restJob, speakRest, { concurrency: RESTS_AT_ONCE });
  const actions = new TimerActions({ ...app, idleNudgeMs: config.idleNudgeMs, idleEndMs: config.idleEndMs });
  const timers = backend.consumer(timerJob, (job) => actions.run(job), { concurrency: TIMERS_AT_ONCE });
  const inferenceStore = new InferenceStore({
    logs: app.inferenceLogs,
    redact,
    log: componentLog(app.log, 'ingest'),
    onRedacted: (findings) => {
      for (const { kind } of findings) metrics.redactions.inc({ kind });
    },
  });
  const inferences = backend.consumer(
    inferenceLogJob,
    (record, context) => inferenceStore.run(record, context),
    { concurrency: INFERENCES_AT_ONCE },
  );
  const sweeps = backend.consumer(
    sweepJob,
    () => sweep({ ...app, share, log: componentLog(app.log, 'sweep') }),
    {
      concurrency: 1,
    },
  );
  const prunes = backend.consumer(
    pruneJob,
    (_none, { signal }) =>
      prune(
        {
          ...{ logs: app.inferenceLogs, erasures: app.personRows, days: config.inferenceLogDays },
          log: componentLog(app.log, 'ingest'),
        },
        signal,
      ).then(() => {}),
    { concurrency: 1 },
  );
  const schedules = await keepScheduled(
    backend,
    [
      { job: sweepJob, everyMs: SWEEP_EVERY_MS },
      { job: pruneJob, everyMs: PRUNE_EVERY_MS },
    ],
    componentLog(app.log, 'queue'),
  );
  const indexer = new Indexer({
    index: app.searchIndex,
    onFault: (err) => componentLog(app.log, 'search').warn({ err }, 'messages were not indexed'),
  });
  await Promise.all([turns, rests, timers, inferences, sweeps, prunes].map((consumer) => consumer.start()));
  indexer.start();
  return {
    stop: async (graceMs = 0) => {
      schedules.stop();
      await indexer.stop();
      await Promise.all([
        turns.stop(graceMs),
        // A rest can take minutes, and another worker goes on with it at once.
        rests.stop(),
        timers.stop(),
        inferences.stop(),
        sweeps.stop(),
        prunes.stop(),
      ]);
    },
  };
}
