import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '../../../core/telemetry/metric-names.ts';
import { dashboard, percentiles, rate } from './panels.ts';

/** The dashboards by file name. */
export const dashboards = (): Record<string, Dashboard> => ({
  overview: dashboard('overview', 'overview', [
    {
      title: 'Now',
      stats: [
        { title: 'Connections', unit: 'short', lines: [[`sum(${METRIC.wsConnectionsActive})`, 'open']] },
        {
          title: 'Conversations with listeners',
          unit: 'short',
          lines: [[`sum(${METRIC.subscriptionsActive}{field="conversationEvents"})`, 'open']],
          about: 'One for each tab with an open conversation.',
        },
        {
          title: 'Answers being spoken',
          unit: 'short',
          lines: [[`max(${METRIC.queueJobs}{queue="turns",state="active"})`, 'now']],
        },
        { title: 'Tokens a second', unit: 'short', lines: [[rate(METRIC.tokensSpoken), 'spoken']] },
        {
          title: 'Failed calls to models',
          unit: 'percentunit',
          lines: [
            [
              `sum(rate(${METRIC.llmRequests}{status="ERROR"}[$__rate_interval])) / sum(rate(${METRIC.llmRequests}[$__rate_interval]))`,
              'of all',
            ],
          ],
        },
        {
          title: 'First token, p99',
          unit: 'ms',
          lines: [percentiles(METRIC.llmTimeToFirstToken)[2] ?? ['', '']],
          about: 'An alert fires above 10 s.',
        },
      ],
      graphs: [
        {
          title: 'Ended turns by outcome',
          unit: 'short',
          lines: [[rate(METRIC.turns, 'outcome'), '{{outcome}}']],
        },
        { title: 'Tokens spoken a second', unit: 'short', lines: [[rate(METRIC.tokensSpoken), 'spoken']] },
        { title: 'Time to the first token', unit: 'ms', lines: percentiles(METRIC.llmTimeToFirstToken) },
        {
          title: 'From acceptance to the first words',
          unit: 's',
          lines: percentiles(METRIC.firstWords),
          about: 'What users wait: the queue and the model together. An alert fires above 10 s at p95.',
        },
        { title: 'Latency of calls to models', unit: 'ms', lines: percentiles(METRIC.llmLatency) },
        {
          title: 'Operations a second',
          unit: 'reqps',
          lines: [[rate(METRIC.graphqlOperations, 'outcome'), '{{outcome}}']],
        },
        { title: 'Duration of operations', unit: 'ms', lines: percentiles(METRIC.graphqlDuration) },
      ],
    },
  ]),
  live: dashboard('live', 'live', [
    {
      title: 'Listeners',
      graphs: [
        {
          title: 'Connections by server',
          unit: 'short',
          lines: [[`sum by (instance) (${METRIC.wsConnectionsActive})`, '{{instance}}']],
          about: 'A server is designed for 10,000.',
        },
        {
          title: 'Subscriptions',
          unit: 'short',
          lines: [[`sum by (field) (${METRIC.subscriptionsActive})`, '{{field}}']],
        },
        {
          title: 'Resumed subscriptions, and resets',
          unit: 'short',
          lines: [
            [rate(METRIC.feedReplays), 'replays'],
            [rate(METRIC.feedResets), 'resets'],
          ],
        },
        {
          title: 'Feeds reconciled with the database',
          unit: 'short',
          lines: [
            [`sum by (outcome) (rate(${METRIC.feedReconciliations}[$__rate_interval]))`, '{{outcome}}'],
          ],
          about:
            'Many at once: Redis was restarted or has lost its data. Failed: the database is also unavailable.',
        },
        {
          title: 'Slow listeners that were closed',
          unit: 'short',
          lines: [[rate(METRIC.slowListeners), 'closed']],
          about: 'They did not read their events for too long. They reconnect by themselves.',
        },
      ],
    },
    {
      title: 'Speech',
      graphs: [
        {
          title: 'Pacing lag',
          unit: 'ms',
          lines: percentiles(METRIC.pacingLag),
          about: 'Time from when words were due until they were in the feed. Users notice more than 100 ms.',
        },
        {
          title: 'Interruptions by reason',
          unit: 'short',
          lines: [[rate(METRIC.interruptions, 'reason'), '{{reason}}']],
        },
        { title: 'Writes to feeds', unit: 'short', lines: [[rate(METRIC.feedAppends, 'step'), '{{step}}']] },
        {
          title: 'Refused by limits',
          unit: 'short',
          lines: [[rate(METRIC.limitRefusals, 'limit'), '{{limit}}']],
          about:
            'By the variable that sets the limit. A few now and then are normal. Many for long: one caller takes too much, which the log names, or the limit is too low for honest use.',
        },
        {
          title: 'Operations by field',
          unit: 'reqps',
          lines: [[rate(METRIC.graphqlOperations, 'operation'), '{{operation}}']],
        },
      ],
    },
  ]),
  models: dashboard('models', 'models', [
    {
      title: 'By model',
      graphs: [
        {
          title: 'Calls a second',
          unit: 'reqps',
          lines: [[rate(METRIC.llmRequests, 'model, status'), '{{model}} {{status}}']],
        },
        {
          title: 'Failures by code',
          unit: 'short',
          lines: [[rate(METRIC.llmErrors, 'model, code'), '{{model}} {{code}}']],
        },
        {
          title: 'Time to the first token',
          unit: 'ms',
          lines: percentiles(METRIC.llmTimeToFirstToken, 'model'),
        },
        { title: 'Latency', unit: 'ms', lines: percentiles(METRIC.llmLatency, 'model') },
        {
          title: 'Tokens a second',
          unit: 'short',
          lines: [[rate(METRIC.llmTokens, 'model, direction'), '{{model}} {{direction}}']],
        },
        {
          title: 'Open circuit breakers',
          unit: 'short',
          lines: [[`max by (model) (${METRIC.modelBreakerOpen})`, '{{model}}']],
          about: 'While a breaker is open, the fallback of the model answers.',
        },
        {
          title: 'Prompts above the warning',
          unit: 'short',
          lines: [[rate(METRIC.tokenBudgetWarnings, 'model'), '{{model}}']],
        },
        {
          title: 'Redacted from the log of calls',
          unit: 'short',
          lines: [[rate(METRIC.redactions, 'kind'), '{{kind}}']],
        },
      ],
    },
  ]),
  queues: dashboard('queues', 'queues', [
    {
      title: 'Queues',
      graphs: [
        {
          title: 'Waiting',
          unit: 'short',
          lines: [[`max by (queue) (${METRIC.queueJobs}{state="waiting"})`, '{{queue}}']],
          about: 'Start more workers if it stays above 0.',
        },
        {
          title: 'Running',
          unit: 'short',
          lines: [[`max by (queue) (${METRIC.queueJobs}{state="active"})`, '{{queue}}']],
        },
        {
          title: 'Longest wait',
          unit: 's',
          lines: [[`max by (queue) (${METRIC.queueOldest})`, '{{queue}}']],
        },
        {
          title: 'Failed permanently',
          unit: 'short',
          lines: [[`max by (queue) (${METRIC.queueJobs}{state="failed"})`, '{{queue}}']],
          about: 'They are kept for a week with their reason.',
        },
        {
          title: 'Jobs a second',
          unit: 'short',
          lines: [[rate(`${METRIC.jobDuration}_count`, 'queue, outcome'), '{{queue}} {{outcome}}']],
        },
        { title: 'Duration of jobs', unit: 'ms', lines: percentiles(METRIC.jobDuration, 'queue') },
        {
          title: 'Pending',
          unit: 'short',
          lines: [
            [`max(${METRIC.turnsPending})`, 'pending turns'],
            [`max(${METRIC.outboxPending})`, 'unpublished outboxes'],
          ],
        },
        {
          title: 'Age of what is pending',
          unit: 's',
          lines: [
            [`max(${METRIC.turnsPendingOldest})`, 'oldest pending turn'],
            [`max(${METRIC.outboxOldest})`, 'oldest unpublished outbox'],
          ],
          about: 'Alerts fire above 30 s for an outbox and above 15 minutes for a turn.',
        },
        {
          title: 'Delayed',
          unit: 'short',
          lines: [[`max by (queue) (${METRIC.queueJobs}{state="delayed"})`, '{{queue}}']],
        },
        {
          title: 'Lost records of calls',
          unit: 'short',
          lines: [[rate(METRIC.inferenceRecordsLost), 'lost']],
        },
      ],
    },
  ]),
  runtime: dashboard('runtime', 'runtime', [
    {
      title: 'Processes',
      stats: [
        { title: 'Servers', unit: 'short', lines: [['count(up{job="server"} == 1)', 'up']] },
        { title: 'Workers', unit: 'short', lines: [['count(up{job="worker"} == 1)', 'up']] },
        {
          title: 'Versions',
          unit: 'short',
          lines: [[`count by (version, node) (${METRIC.buildInfo})`, '{{version}} on {{node}}']],
        },
      ],
      graphs: [
        {
          title: 'CPU',
          unit: 'percentunit',
          lines: [[rate('process_cpu_seconds_total', 'job, instance'), '{{job}} {{instance}} {{process}}']],
        },
        {
          title: 'Memory',
          unit: 'bytes',
          lines: [
            ['process_resident_memory_bytes{job=~"server|worker"}', '{{job}} {{instance}} {{process}}'],
          ],
        },
        {
          title: 'Event loop lag, p99',
          unit: 's',
          lines: [['nodejs_eventloop_lag_p99_seconds', '{{job}} {{instance}} {{process}}']],
          about:
            'Start another server if it stays above 0.12 s, with the 0.1 s between two measurements in it.',
        },
        {
          title: 'Heap used',
          unit: 'bytes',
          lines: [['nodejs_heap_size_used_bytes', '{{job}} {{instance}} {{process}}']],
        },
        {
          title: "Clock offset from the store's clock",
          unit: 's',
          lines: [[METRIC.clockOffset, '{{job}} {{instance}} {{process}}']],
          about: "Negative: behind. Answers and timers use the store's clock; log lines and traces do not.",
        },
      ],
    },
    {
      title: 'Stores',
      graphs: [
        {
          title: 'Stores that take writes',
          unit: 'short',
          lines: [
            [`min by (store, job, instance) (${METRIC.storeUp})`, '{{store}} from {{job}} {{instance}}'],
          ],
          about: '1: it takes writes from the process. 0: it does not.',
        },
        {
          title: 'Ready processes',
          unit: 'short',
          lines: [[`sum by (job) (${METRIC.ready})`, '{{job}}']],
          about: 'As /health/ready answers.',
        },
        {
          title: 'Connections to PostgreSQL',
          unit: 'short',
          lines: [
            [`sum by (job, state) (${METRIC.poolConnections})`, '{{job}} {{state}}'],
            [`sum by (job) (${METRIC.poolWaiting})`, '{{job}} queries that wait'],
          ],
          about: 'A process has at most ten. An alert fires when queries wait for a minute.',
        },
        {
          title: 'Sizes of the stores',
          unit: 'bytes',
          lines: [
            [`max(${METRIC.databaseSize})`, 'database on disk'],
            [`max(${METRIC.redisMemory})`, 'memory of Redis'],
            [`max(${METRIC.redisMemoryLimit})`, 'limit of Redis (0: none)'],
          ],
          about: 'An alert fires above 85% of the limit of Redis.',
        },
        { title: 'Duration of database queries', unit: 'ms', lines: percentiles(METRIC.databaseDuration) },
        {
          title: 'Queries a second',
          unit: 'short',
          lines: [[rate(`${METRIC.databaseDuration}_count`, 'job'), '{{job}}']],
        },
        { title: 'Duration of Redis commands', unit: 'ms', lines: percentiles(METRIC.redisDuration) },
        {
          title: 'Commands a second',
          unit: 'short',
          lines: [[rate(`${METRIC.redisDuration}_count`, 'command'), '{{command}}']],
        },
      ],
    },
  ]),
});
