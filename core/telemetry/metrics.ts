import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import { projectVersion } from '../project-root.ts';
import type { QueueCounts } from '../queue/job-backend.ts';
import { within } from '../within.ts';

/** What a process measures, on a registry of its own. */
export interface Metrics {
  /** What /metrics shows. */
  readonly registry: Registry;
  readonly wsConnectionsActive: Gauge;
}

/** Names that dashboards, alerts and the autoscaler rely on. */
export const METRIC = {
  buildInfo: 'taskflow_build_info',
  wsConnectionsActive: 'ws_connections_active',
  queueJobs: 'queue_jobs',
} as const;

export interface MetricsOptions {
  /** How many jobs each queue has in each state. A queue that does not answer is left out of the scrape. */
  queues: () => Promise<QueueCounts[]>;
}

/** Longest that a scrape waits for what is asked over a network, in milliseconds. Prometheus itself gives up after 10 s. */
const COLLECT_WITHIN_MS = 1_000;

export function createMetrics({ queues }: MetricsOptions): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  new Gauge({
    name: METRIC.buildInfo,
    help: 'Always 1; the labels say what runs.',
    labelNames: ['version', 'node'],
    registers,
  }).set({ version: projectVersion(), node: process.version }, 1);
  new Gauge({
    name: METRIC.queueJobs,
    help: 'Jobs in a queue by state, the same in every process of an installation. Absent while the queue does not answer.',
    labelNames: ['queue', 'state'],
    registers,
    async collect() {
      const counted = await within(COLLECT_WITHIN_MS, queues()).catch((): QueueCounts[] => []);
      this.reset();
      for (const { queue, counts } of counted)
        for (const [state, count] of Object.entries(counts)) this.set({ queue, state }, count);
    },
  });
  return {
    registry,
    wsConnectionsActive: new Gauge({
      name: METRIC.wsConnectionsActive,
      help: 'WebSocket connections that are open.',
      registers,
    }),
  };
}
