import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { within } from '../async/within.ts';
import { projectVersion } from '../installation/installed-files.ts';
import { COLLECT_WITHIN_MS, type MeasuredParts, measureParts } from './measured-parts.ts';
import { METRIC } from './metric-names.ts';

/** Upper bounds of buckets, in milliseconds. */
const OF_MODELS = [100, 500, 1_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000];
const OF_FIRST_TOKENS = [50, 100, 200, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000];
const OF_REQUESTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];
const OF_JOBS = [5, 20, 100, 500, 1_000, 5_000, 10_000, 30_000, 60_000, 300_000];
/** In seconds. */
const OF_FIRST_WORDS = [0.1, 0.25, 0.5, 1, 2, 3, 5, 10, 20, 30, 60, 120];
const OF_PACING = [1, 2, 5, 10, 20, 50, 100, 250, 500, 1_000, 5_000];

/** The number of jobs of a queue in each state, and the age of the oldest waiting job, in milliseconds. */
interface QueueLoad {
  queue: string;
  counts: Readonly<Record<string, number>>;
  oldestWaitingMs: number;
}

export interface MetricsOptions extends MeasuredParts {
  /** The number of jobs of each queue in each state. If it rejects, the scrape omits the queues. */
  queues: () => Promise<QueueLoad[]>;
  /** Labels of every series. */
  labels?: Readonly<Record<string, string>>;
}

/**
 * Time between two measurements of the event loop's lag, in milliseconds; what `nodejs_eventloop_lag_*` show has it in it. Each
 * wakes the process: every 10 ms, prom-client's default, would take 1 % of a core from each idle process.
 */
const LOOP_MEASURED_EVERY_MS = 100;

/** The metrics of a process, on their own registry. Every label has a bounded set of values, which callers cannot extend. */
export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics({ queues, labels = {}, ...parts }: MetricsOptions) {
  /** The metrics of /metrics. */
  const registry = new Registry();
  registry.setDefaultLabels(labels);
  const registers = [registry];
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_MEASURED_EVERY_MS });
  const counter = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]) =>
    new Counter<Label>({ name, help, labelNames, registers });
  const gauge = <Label extends string = never>(name: string, help: string, ...labelNames: Label[]) =>
    new Gauge<Label>({ name, help, labelNames, registers });
  const histogram = <Label extends string = never>(
    name: string,
    help: string,
    buckets: number[],
    ...labelNames: Label[]
  ) => new Histogram<Label>({ name, help, buckets, labelNames, registers });

  gauge(
    METRIC.buildInfo,
    'Always 1. The labels have the versions of TaskFlow and Node.',
    'version',
    'node',
  ).set({ version: projectVersion(), node: process.version }, 1);
  let asking: Promise<QueueLoad[]> | null = null;
  /** One request per scrape, shared by the metrics that need it. */
  const ask = () => {
    asking ??= within(COLLECT_WITHIN_MS, queues())
      .catch(() => [])
      .finally(() => {
        asking = null;
      });
    return asking;
  };
  new Gauge({
    name: METRIC.queueJobs,
    help: 'Jobs in a queue by state, the same in every process that uses the queue. Absent while the queue does not answer.',
    labelNames: ['queue', 'state'],
    registers,
    async collect() {
      const counted = await ask();
      this.reset();
      for (const { queue, counts } of counted)
        for (const [state, count] of Object.entries(counts)) this.set({ queue, state }, count);
    },
  });
  new Gauge({
    name: METRIC.queueOldest,
    help: 'Age of the oldest waiting job, by queue; 0 if no job waits. Absent while the queue does not answer.',
    labelNames: ['queue'],
    registers,
    async collect() {
      const counted = await ask();
      this.reset();
      for (const { queue, oldestWaitingMs } of counted) this.set({ queue }, oldestWaitingMs / 1_000);
    },
  });
  measureParts(parts, registers);
  return {
    registry,
    llmRequests: counter(
      METRIC.llmRequests,
      'Ended calls to models, by outcome.',
      'model',
      'provider',
      'status',
    ),
    llmErrors: counter(METRIC.llmErrors, 'Failed calls to models, by error code.', 'model', 'code'),
    llmLatency: histogram(
      METRIC.llmLatency,
      'Duration of calls to models, without aborted ones.',
      OF_MODELS,
      'model',
    ),
    llmTimeToFirstToken: histogram(
      METRIC.llmTimeToFirstToken,
      'Time from the start of a call to the first text of the model.',
      OF_FIRST_TOKENS,
      'model',
    ),
    llmTokens: counter(
      METRIC.llmTokens,
      'Tokens of prompts (input) and answers (output).',
      'model',
      'direction',
    ),
    tokenBudgetWarnings: counter(
      METRIC.tokenBudgetWarnings,
      'Prompts above TOKEN_WARNING_THRESHOLD.',
      'model',
    ),
    inferenceRecordsLost: counter(
      METRIC.inferenceRecordsLost,
      'Records of calls to models that were lost because they could not be queued.',
    ),
    redactions: counter(
      METRIC.redactions,
      'Findings that were redacted in texts before they were stored.',
      'kind',
    ),
    tokensSpoken: counter(METRIC.tokensSpoken, 'Units of speech that were published to listeners.'),
    pacingLag: histogram(
      METRIC.pacingLag,
      'Time from when words were due until they were in the feed.',
      OF_PACING,
    ),
    firstWords: histogram(
      METRIC.firstWords,
      'Time from when a turn was accepted until its first words were in the feed, in seconds.',
      OF_FIRST_WORDS,
      'model',
    ),
    ready: gauge(METRIC.ready, '1 if this process can take a message now, else 0: as /health/ready answers.'),
    turns: counter(METRIC.turns, 'Ended turns, by outcome.', 'outcome'),
    interruptions: counter(METRIC.interruptions, 'Interrupted turns, by reason.', 'reason'),
    feedAppends: counter(METRIC.feedAppends, 'Appends to a feed, by step.', 'step'),
    feedReplays: counter(METRIC.feedReplays, 'Subscriptions that resumed with a cursor.'),
    feedResets: counter(METRIC.feedResets, 'Subscriptions whose cursor could not be resumed.'),
    feedReconciliations: counter(
      METRIC.feedReconciliations,
      'Reconciliations with the database of feeds that were reset or lost events, by outcome.',
      'outcome',
    ),
    slowListeners: counter(
      METRIC.slowListeners,
      'Subscriptions that were ended because their client did not read their events.',
    ),
    limitRefusals: counter(
      METRIC.limitRefusals,
      'What was refused because its caller was over a limit, by the variable that sets the limit.',
      'limit',
    ),
    wsConnectionsActive: gauge(METRIC.wsConnectionsActive, 'Open WebSocket connections.'),
    subscriptionsActive: gauge(METRIC.subscriptionsActive, 'Open subscriptions, by field.', 'field'),
    graphqlOperations: counter(
      METRIC.graphqlOperations,
      'Operations over all transports, by their first field of the schema and by outcome.',
      'operation',
      'outcome',
    ),
    graphqlDuration: histogram(
      METRIC.graphqlDuration,
      'Duration of operations; for a subscription, the time until it was open.',
      OF_REQUESTS,
      'operation',
    ),
    jobDuration: histogram(
      METRIC.jobDuration,
      'Duration of jobs, by queue and outcome.',
      OF_JOBS,
      'queue',
      'outcome',
    ),
    databaseDuration: histogram(METRIC.databaseDuration, 'Duration of database queries.', OF_REQUESTS),
    redisDuration: histogram(
      METRIC.redisDuration,
      'Duration of Redis commands, without those of the queue.',
      OF_REQUESTS,
      'command',
    ),
    clockOffset: gauge(
      METRIC.clockOffset,
      "Seconds by which this machine's clock is ahead of the store's clock; negative if it is behind.",
    ),
  };
}
