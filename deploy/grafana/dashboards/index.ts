import type { Dashboard } from '@grafana/grafana-foundation-sdk/dashboard';
import { METRIC } from '../../../core/telemetry/metrics.ts';
import { dashboard, percentiles, rate } from './panels.ts';

/** The dashboards, by the names of their files. */
export const dashboards = (): Record<string, Dashboard> => ({
  overview: dashboard('overview', 'overview', [
    {
      title: 'Now',
      stats: [
        { title: 'Connections', unit: 'short', lines: [[`sum(${METRIC.wsConnectionsActive})`, 'open']] },
        {
          title: 'Conversations listened to',
          unit: 'short',
          lines: [[`sum(${METRIC.subscriptionsActive}{field="conversationEvents"})`, 'open']],
          about: 'One for each tab that has a conversation open.',
        },
        {
          title: 'Answers being spoken',
          unit: 'short',
          lines: [[`max(${METRIC.queueJobs}{queue="turns",state="active"})`, 'now']],
        },
        { title: 'Tokens a second', unit: 'short', lines: [[rate(METRIC.tokensSpoken), 'spoken']] },
        {
          title: 'Calls that fail',
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
          about: 'An alert is raised above 10 s.',
        },
      ],
      graphs: [
        {
          title: 'Answers by how they ended',
          unit: 'short',
          lines: [[rate(METRIC.turns, 'outcome'), '{{outcome}}']],
        },
        { title: 'Tokens spoken a second', unit: 'short', lines: [[rate(METRIC.tokensSpoken), 'spoken']] },
        { title: 'Time to the first token', unit: 'ms', lines: percentiles(METRIC.llmTimeToFirstToken) },
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
          about: 'One server is built for 10,000.',
        },
        {
          title: 'Subscriptions',
          unit: 'short',
          lines: [[`sum by (field) (${METRIC.subscriptionsActive})`, '{{field}}']],
        },
        {
          title: 'Listeners that came back, and that had lost too much',
          unit: 'short',
          lines: [
            [rate(METRIC.feedReplays), 'replays'],
            [rate(METRIC.feedResets), 'resets'],
          ],
        },
        {
          title: 'Lost feeds reconciled with the database',
          unit: 'short',
          lines: [
            [`sum by (outcome) (rate(${METRIC.feedReconciliations}[$__rate_interval]))`, '{{outcome}}'],
          ],
          about:
            'Many at once: Redis was restarted or has lost its data. Failed: the database is unavailable, too.',
        },
        {
          title: 'Slow listeners closed',
          unit: 'short',
          lines: [[rate(METRIC.slowListeners), 'closed']],
          about: 'They took no events for long; they come back by themselves.',
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
          about: 'From when words were due until the feed had them. Above 100 ms people notice.',
        },
        {
          title: 'Interruptions by why',
          unit: 'short',
          lines: [[rate(METRIC.interruptions, 'reason'), '{{reason}}']],
        },
        { title: 'Writes to feeds', unit: 'short', lines: [[rate(METRIC.feedAppends, 'step'), '{{step}}']] },
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
          title: 'Failures by why',
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
          title: 'Breakers that are open',
          unit: 'short',
          lines: [[`max by (model) (${METRIC.modelBreakerOpen})`, '{{model}}']],
          about: 'While one is, the model that stands in for it answers.',
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
          about: 'More workers are wanted when it is not 0 for long.',
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
          title: 'Failed for good',
          unit: 'short',
          lines: [[`max by (queue) (${METRIC.queueJobs}{state="failed"})`, '{{queue}}']],
          about: 'They are kept for a week, with their reason.',
        },
        {
          title: 'Jobs a second',
          unit: 'short',
          lines: [[rate(`${METRIC.jobDuration}_count`, 'queue, outcome'), '{{queue}} {{outcome}}']],
        },
        { title: 'Duration of jobs', unit: 'ms', lines: percentiles(METRIC.jobDuration, 'queue') },
        {
          title: 'Delayed',
          unit: 'short',
          lines: [[`max by (queue) (${METRIC.queueJobs}{state="delayed"})`, '{{queue}}']],
        },
        {
          title: 'Records of calls that were lost',
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
          lines: [[rate('process_cpu_seconds_total', 'job, instance'), '{{job}} {{instance}}']],
        },
        {
          title: 'Memory',
          unit: 'bytes',
          lines: [['process_resident_memory_bytes{job=~"server|worker"}', '{{job}} {{instance}}']],
        },
        {
          title: 'Event loop lag, p99',
          unit: 's',
          lines: [['nodejs_eventloop_lag_p99_seconds', '{{job}} {{instance}}']],
          about: 'Above 0.03 s a server wants another beside it.',
        },
        {
          title: 'Heap used',
          unit: 'bytes',
          lines: [['nodejs_heap_size_used_bytes', '{{job}} {{instance}}']],
        },
        {
          title: 'Clock ahead of the store',
          unit: 's',
          lines: [[METRIC.clockOffset, '{{job}} {{instance}}']],
          about:
            'Below 0 it is behind. Answers and timers go by the store all the same; log lines and traces do not.',
        },
      ],
    },
    {
      title: 'Stores',
      graphs: [
        { title: 'Queries of the database', unit: 'ms', lines: percentiles(METRIC.databaseDuration) },
        {
          title: 'Queries a second',
          unit: 'short',
          lines: [[rate(`${METRIC.databaseDuration}_count`, 'job'), '{{job}}']],
        },
        { title: 'Commands of Redis', unit: 'ms', lines: percentiles(METRIC.redisDuration) },
        {
          title: 'Commands a second',
          unit: 'short',
          lines: [[rate(`${METRIC.redisDuration}_count`, 'command'), '{{command}}']],
        },
      ],
    },
  ]),
});
