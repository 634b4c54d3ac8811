import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { within } from '../async/within.ts';
import { projectVersion } from '../installation/installed-files.ts';

/** Names that dashboards, alerts and the autoscaler rely on. Times are in milliseconds unless a name says otherwise. */
export const METRIC = {
  buildInfo: 'taskflow_build_info',
  llmRequests: 'llm_requests_total',
  llmErrors: 'llm_errors_total',
  llmLatency: 'llm_latency_ms',
  llmTimeToFirstToken: 'llm_time_to_first_token_ms',
  llmTokens: 'llm_tokens_total',
  modelBreakerOpen: 'model_breaker_open',
  tokenBudgetWarnings: 'token_budget_warnings_total',
  inferenceRecordsLost: 'inference_records_lost_total',
  redactions: 'redactions_total',
  tokensSpoken: 'tokens_spoken_total',
  pacingLag: 'pacing_lag_ms',
  turns: 'turns_total',
  interruptions: 'turn_interruptions_total',
  feedAppends: 'feed_appends_total',
  feedReplays: 'feed_replays_total',
  feedResets: 'feed_resets_total',
  feedReconciliations: 'feed_reconciliations_total',
  slowListeners: 'slow_listeners_closed_total',
  wsConnectionsActive: 'ws_connections_active',
  subscriptionsActive: 'subscriptions_active',
  graphqlOperations: 'graphql_operations_total',
  graphqlDuration: 'graphql_operation_duration_ms',
  queueJobs: 'queue_jobs',
  queueOldest: 'queue_oldest_waiting_seconds',
  jobDuration: 'job_duration_ms',
  databaseDuration: 'database_query_duration_ms',
  redisDuration: 'redis_command_duration_ms',
  clockOffset: 'clock_offset_seconds',
} as const;

/** Upper bounds of buckets, in milliseconds. */
const OF_MODELS = [100, 500, 1_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000];
const OF_FIRST_TOKENS = [50, 100, 200, 500, 1_000, 2_000, 3_000, 5_000, 10_000, 20_000, 30_000, 60_000];
const OF_REQUESTS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000];
const OF_JOBS = [5, 20, 100, 500, 1_000, 5_000, 10_000, 30_000, 60_000, 300_000];
const OF_PACING = [1, 2, 5, 10, 20, 50, 100, 250, 500, 1_000, 5_000];

/** How many jobs of a queue are in each state, and how long the job has waited that waits longest, in milliseconds. */
export interface QueueLoad {
  queue: string;
  counts: Readonly<Record<string, number>>;
  oldestWaitingMs: number;
}

export interface MetricsOptions {
  /** How many jobs each queue has in each state. A queue that does not answer is left out of the scrape. */
  queues: () => Promise<QueueLoad[]>;
}

/** Longest that a scrape waits for what is asked over a network, in milliseconds. Prometheus itself gives up after 10 s. */
const COLLECT_WITHIN_MS = 1_000;

/** What a process measures, on a registry of its own. Every label has a bounded set of values: no stranger can add one. */
export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics({ queues }: MetricsOptions) {
  /** What /metrics shows. */
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
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

  gauge(METRIC.buildInfo, 'Always 1; the labels say what runs.', 'version', 'node').set(
    { version: projectVersion(), node: process.version },
    1,
  );
  let asking: Promise<QueueLoad[]> | null = null;
  /** One question for a scrape, whichever metric comes first to it. */
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
    help: 'Jobs in a queue by state, the same in every process that knows the queue. Absent while it does not answer.',
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
    help: 'How long the job has waited that waits longest, by queue; 0 when none does. Absent while the queue does not answer.',
    labelNames: ['queue'],
    registers,
    async collect() {
      const counted = await ask();
      this.reset();
      for (const { queue, oldestWaitingMs } of counted) this.set({ queue }, oldestWaitingMs / 1_000);
    },
  });
  return {
    registry,
    llmRequests: counter(
      METRIC.llmRequests,
      'Calls to models that have ended, by how.',
      'model',
      'provider',
      'status',
    ),
    llmErrors: counter(METRIC.llmErrors, 'Calls to models that failed, by why.', 'model', 'code'),
    llmLatency: histogram(
      METRIC.llmLatency,
      'How long calls to models took, aborted ones left out.',
      OF_MODELS,
      'model',
    ),
    llmTimeToFirstToken: histogram(
      METRIC.llmTimeToFirstToken,
      'How long models took to their first text.',
      OF_FIRST_TOKENS,
      'model',
    ),
    llmTokens: counter(
      METRIC.llmTokens,
      'Tokens of prompts (input) and answers (output).',
      'model',
      'direction',
    ),
    modelBreakerOpen: gauge(METRIC.modelBreakerOpen, '1 while this process leaves a model alone.', 'model'),
    tokenBudgetWarnings: counter(
      METRIC.tokenBudgetWarnings,
      'Prompts above TOKEN_WARNING_THRESHOLD.',
      'model',
    ),
    inferenceRecordsLost: counter(METRIC.inferenceRecordsLost, 'Records of calls that could not be queued.'),
    redactions: counter(METRIC.redactions, 'What was taken out of texts before they were stored.', 'kind'),
    tokensSpoken: counter(METRIC.tokensSpoken, 'Units of speech handed to listeners.'),
    pacingLag: histogram(METRIC.pacingLag, 'From when words were due until the feed had them.', OF_PACING),
    turns: counter(METRIC.turns, 'Answers that have ended, by how.', 'outcome'),
    interruptions: counter(METRIC.interruptions, 'Answers that were cut off, by why.', 'reason'),
    feedAppends: counter(METRIC.feedAppends, 'Steps that wrote to a feed.', 'step'),
    feedReplays: counter(METRIC.feedReplays, 'Listeners that came back with a cursor.'),
    feedResets: counter(METRIC.feedResets, 'Listeners whose cursor led nowhere any more.'),
    feedReconciliations: counter(
      METRIC.feedReconciliations,
      'Feeds that had begun again or fallen back and were brought to what the database says, by how that went.',
      'outcome',
    ),
    slowListeners: counter(
      METRIC.slowListeners,
      'Subscriptions that were ended because nobody took their events.',
    ),
    wsConnectionsActive: gauge(METRIC.wsConnectionsActive, 'WebSocket connections that are open.'),
    subscriptionsActive: gauge(METRIC.subscriptionsActive, 'Subscriptions that are open, by field.', 'field'),
    graphqlOperations: counter(
      METRIC.graphqlOperations,
      'Operations by the first field of the schema that they ask for and how they ended, over any transport.',
      'operation',
      'outcome',
    ),
    graphqlDuration: histogram(
      METRIC.graphqlDuration,
      'How long operations took; of a subscription, until it was open.',
      OF_REQUESTS,
      'operation',
    ),
    jobDuration: histogram(
      METRIC.jobDuration,
      'How long jobs ran, by queue and outcome.',
      OF_JOBS,
      'queue',
      'outcome',
    ),
    databaseDuration: histogram(
      METRIC.databaseDuration,
      'How long queries of the database took.',
      OF_REQUESTS,
    ),
    redisDuration: histogram(
      METRIC.redisDuration,
      'How long commands of Redis took, those of the queue left out.',
      OF_REQUESTS,
      'command',
    ),
    clockOffset: gauge(
      METRIC.clockOffset,
      "By how many seconds this machine's clock is ahead of the store's; negative: behind.",
    ),
  };
}
