import { expect, test } from 'vitest';
import { METRIC } from '../core/telemetry/metric-names.ts';
import { dashboards } from '../deploy/grafana/dashboards/index.ts';
import { alerts } from './support/alerts.ts';
import { readText } from './support/deployment.ts';

const runbooks = readText('docs/runbooks.md');
const sections = runbooks.split(/^## /m).slice(1);
const uids = Object.values(dashboards()).map(({ uid }) => `/d/${uid}`);

/** Names that a query uses, without its functions, labels and text. */
const KNOWN = new Set<string>([...Object.values(METRIC), 'up']);

test.each(alerts)('$alert has a severity, its texts, its runbook and its dashboard', (alert) => {
  expect(['critical', 'warning']).toContain(alert.labels.severity);
  const { summary, description, runbook_url, dashboard_url } = alert.annotations;
  expect([summary, description].every(Boolean)).toBe(true);
  expect(runbook_url).toBe(`docs/runbooks.md#${alert.alert.toLowerCase()}`);
  expect(uids).toContain(dashboard_url);
  const section = sections.find((one) => one.startsWith(`${alert.alert}\n`));
  for (const part of ['**Means:**', '**Look at:**', '**Do:**']) expect(section).toContain(part);
});

test('every section of the runbooks is of an alert', () => {
  expect(sections.map((one) => one.split('\n')[0]).sort()).toEqual(alerts.map(({ alert }) => alert).sort());
});

test.each(alerts)('$alert names the label by which it is counted', ({ expr, annotations }) => {
  const text = `${annotations.summary} ${annotations.description}`;
  for (const label of ['model', 'queue', 'operation', 'store', 'limit'])
    if (new RegExp(`^[^(]*\\w+ by \\([^)]*\\b${label}\\b`).test(expr))
      expect(text).toContain(`{{ $labels.${label} }}`);
});

test.each(alerts)('$alert is about metrics that exist', ({ expr }) => {
  const names = [
    ...expr.matchAll(
      /\b(?:taskflow_|llm_|graphql_|queue_|ws_|feed_|model_|pacing_|limit_|clock_|inference_|up\b)\w*/g,
    ),
  ];
  expect(names.length).toBeGreaterThan(0);
  for (const [name] of names) expect(KNOWN).toContain(name.replace(/_(?:bucket|count|sum)$/, ''));
});
