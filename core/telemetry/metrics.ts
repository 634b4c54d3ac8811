import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { within } from '../async/within.ts';
import { projectVersion } from '../installation/installed-files.ts';

/** Names that dashboards, alerts and the autoscaler use. Times are in milliseconds unless a name says otherwise. */
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
  limitRefusals: 'limit_refusals_total',
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

/** The number of jobs of a queue in each state, and the age of the oldest waiting job, in milliseconds. */
interface QueueLoad {
  queue: string;
  counts: Readonly<Record<string, number>>;
  oldestWaitingMs: number;
}

export interface MetricsOptions {
  /** The number of jobs of each queue in each state. If it rejects, the scrape omits the queues. */
  queues: () => Promise<QueueLoad[]>;
  /** Labels of every series. */
  labels?: Readonly<Record<string, string>>;
}

/** The longest wait of a scrape for answers over a network, in milliseconds. Prometheus itself gives up after 10 s. */
const COLLECT_WITHIN_MS = 1_000;

/**
 * Time between two measurements of the event loop's lag, in milliseconds; what `nodejs_eventloop_lag_*` show has it in it. Each
 * wakes the process: every 10 ms, prom-client's default, would take 1 % of a core from each idle process.
 */
const LOOP_MEASURED_EVERY_MS = 100;

/** The metrics of a process, on their own registry. Every label has a bounded set of values, which callers cannot extend. */
export type Metrics = ReturnType<typeof createMetrics>;

export function createMetrics({ queues, labels = {} }: MetricsOptions) {
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
    modelBreakerOpen: gauge(
      METRIC.modelBreakerOpen,
      "1 while this process's circuit breaker of a model is open.",
      'model',
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
