import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { projectVersion } from '../installation/installed-files.ts';
import type { QueueCounts } from '../queue/job-backend.ts';
import { METRIC } from './metric-names.ts';
import { createMetrics } from './metrics.ts';

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
afterEach(() => void vi.useRealTimers());

const turns: QueueCounts = { queue: 'turns', counts: { waiting: 3, active: 200 }, oldestWaitingMs: 1_500 };

test('the build, the process and the depth of the queues are measured', async () => {
  const shown = await createMetrics({ queues: async () => [turns] }).registry.metrics();
  expect(shown).toContain(`taskflow_build_info{version="${projectVersion()}",node="${process.version}"} 1`);
  expect(shown).toContain('process_cpu_user_seconds_total');
  expect(shown).toContain('queue_jobs{queue="turns",state="waiting"} 3');
  expect(shown).toContain('queue_jobs{queue="turns",state="active"} 200');
  expect(shown).toContain('queue_oldest_waiting_seconds{queue="turns"} 1.5');
});

test.each([
  ['refuses', () => Promise.reject(new Error('Redis is unavailable'))],
  ['does not answer', () => new Promise<QueueCounts[]>(() => {})],
])(
  'a queue that %s is absent instead of outdated, and does not delay a scrape',
  async (_what, unavailable) => {
    let queues = async () => [turns];
    const metrics = createMetrics({ queues: () => queues() });
    await metrics.registry.metrics();
    queues = unavailable;
    const scrape = metrics.registry.metrics();
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await scrape).not.toContain('queue_jobs{');
    expect(await scrape).toContain('ws_connections_active 0');
  },
);

test('the stores, the breakers, the pool and what is pending are measured at each scrape', async () => {
  let isUp = true;
  const { registry } = createMetrics({
    queues: async () => [],
    stores: async () => new Map([['postgresql', isUp]]),
    breakers: () => new Map([['m', isUp]]),
    pool: () => ({ open: 7, idle: 3, waiting: 2 }),
    pending: async () => ({ outboxes: 4, oldestOutboxMs: 1_500, turns: 5, oldestTurnMs: 2_500 }),
    sizes: async () => ({ database: 10, redis: 20, redisLimit: 0 }),
  });
  const shown = await registry.metrics();
  for (const line of [
    'taskflow_store_up{store="postgresql"} 1',
    'model_breaker_open{model="m"} 1',
    'taskflow_database_pool_connections{state="busy"} 4',
    'taskflow_database_pool_connections{state="idle"} 3',
    'taskflow_database_pool_waiting 2',
    'taskflow_outbox_pending 4',
    'taskflow_outbox_oldest_seconds 1.5',
    'taskflow_turns_pending 5',
    'taskflow_turns_pending_oldest_seconds 2.5',
    'taskflow_database_size_bytes 10',
    'taskflow_redis_memory_bytes 20',
    'taskflow_redis_memory_limit_bytes 0',
  ])
    expect(shown.split('\n')).toContain(line);
  isUp = false;
  expect(await registry.metrics()).toContain('taskflow_store_up{store="postgresql"} 0');
  expect(await registry.metrics()).toContain('model_breaker_open{model="m"} 0');
});

test('what is pending is absent, not 0, while the database does not answer', async () => {
  const pending = () => Promise.reject(new Error('unavailable'));
  const shown = await createMetrics({ queues: async () => [], pending }).registry.metrics();
  expect(shown).not.toMatch(/^taskflow_(outbox|turns)_/m);
});

test('every metric is in docs/telemetry.md, with its labels', async () => {
  const document = readFileSync(new URL('../../docs/telemetry.md', import.meta.url), 'utf8');
  const { registry } = createMetrics({ queues: async () => [] });
  for (const name of Object.values(METRIC)) {
    const { labelNames = [] } = registry.getSingleMetric(name) as unknown as { labelNames?: string[] };
    expect(document).toContain(labelNames.length > 0 ? `\`${name}{${labelNames}}\`` : `\`${name}\``);
  }
});

test('an idle process is not woken more than ten times a second to measure its event loop', async () => {
  const { registry } = createMetrics({ queues: async () => [] });
  let least = Number.NaN;
  const measure = async () => {
    const shown = await registry.metrics();
    least = Number(/^nodejs_eventloop_lag_min_seconds (\S+)$/m.exec(shown)?.[1]);
    return least;
  };
  // While nothing is measured, it is billions of seconds.
  await expect.poll(measure, { interval: 300 }).toBeLessThan(60);
  expect(least).toBeGreaterThan(0.09);
});

test('two registries in one process do not share values', async () => {
  const [one, two] = [createMetrics({ queues: async () => [] }), createMetrics({ queues: async () => [] })];
  one.wsConnectionsActive.inc();
  expect(await two.registry.metrics()).toContain('ws_connections_active 0');
});
