import { Counter, Gauge, Registry } from 'prom-client';
import { expect, test } from 'vitest';
import { mergeMetrics } from './merge-metrics.ts';

/** The metrics of one process. */
async function metricsOf(process: string, count: number, more = false): Promise<string> {
  const registry = new Registry();
  registry.setDefaultLabels({ process });
  new Counter({ name: 'turns_total', help: 'Turns.', labelNames: ['by'], registers: [registry] }).inc(
    { by: 'a\n\n# HELP b' },
    count,
  );
  if (more) new Gauge({ name: 'open', help: 'Open.', registers: [registry] });
  return registry.metrics();
}

test('each metric is described once, with the samples of every process', async () => {
  expect(mergeMetrics([await metricsOf('1', 3), await metricsOf('2', 4, true)])).toBe(
    [
      '# HELP turns_total Turns.',
      '# TYPE turns_total counter',
      'turns_total{by="a\\n\\n# HELP b",process="1"} 3',
      'turns_total{by="a\\n\\n# HELP b",process="2"} 4',
      '',
      '# HELP open Open.',
      '# TYPE open gauge',
      'open{process="2"} 0',
      '',
    ].join('\n'),
  );
});

test('a process that has none is left out', async () => {
  const one = await metricsOf('1', 3);
  expect(mergeMetrics(['', one])).toBe(mergeMetrics([one]));
});
