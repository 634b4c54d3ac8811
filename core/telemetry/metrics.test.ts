import { readFileSync } from 'node:fs';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { projectVersion } from '../installation/installed-files.ts';
import type { QueueCounts } from '../queue/job-backend.ts';
import { createMetrics, METRIC } from './metrics.ts';

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
