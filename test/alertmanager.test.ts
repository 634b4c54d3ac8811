import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { alerts } from './support/alerts.ts';
import { interpolate, manifestsIn, readYaml, SECRETS, serviceOf } from './support/deployment.ts';

const FILE = 'deploy/prometheus/alertmanager.yml';

const composed = interpolate(serviceOf('alertmanager').command?.at(-1) ?? '', SECRETS);

describe('Alertmanager', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'taskflow-alertmanager-'));
  });
  afterEach(() => rmSync(directory, { recursive: true, force: true }));

  /** Runs its command up to the start of the program. Returns its receiver and the URL that it would read. */
  function started(url: string): { receiver: string; url: string } {
    const command = composed
      .replaceAll('/run/taskflow', directory)
      .replace('/etc/alertmanager/alertmanager.yml', join(import.meta.dirname, '..', FILE))
      .replace(/exec alertmanager .*$/s, 'true');
    const { status, stderr } = spawnSync('sh', ['-c', command], {
      env: { PATH: process.env.PATH, ALERT_WEBHOOK_URL: url },
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([0, '']);
    const { route } = parse(readFileSync(join(directory, 'alertmanager.yml'), 'utf8'));
    return { receiver: route.receiver, url: readFileSync(join(directory, 'alert-webhook-url'), 'utf8') };
  }

  test('posts alerts to ALERT_WEBHOOK_URL', () => {
    const url = 'https://alerts.example.com/hooks?key=a%20b&to=c';
    expect(started(url)).toEqual({ receiver: 'webhook', url });
  });

  test('only shows them without it', () => {
    expect(started('')).toEqual({ receiver: 'none', url: '' });
  });

  test('starts by the same command in Kubernetes', () => {
    const container = manifestsIn('deploy/k8s/base')
      .flatMap(({ spec }) => spec?.template?.spec.containers ?? [])
      .find(({ name }) => name === 'alertmanager');
    expect(container?.args?.at(-1)).toBe(composed);
  });

  test('is where Prometheus sends them', () => {
    const { alerting } = readYaml<{
      alerting: { alertmanagers: { dns_sd_configs: { names: string[]; port: number }[] }[] };
    }>('deploy/prometheus/prometheus.yml');
    const [found] = alerting.alertmanagers[0]?.dns_sd_configs ?? [];
    expect(found).toMatchObject({ names: ['alertmanager'], port: 9093 });
  });

  test('holds back only alerts that exist, for one that exists', () => {
    const { inhibit_rules } = readYaml<{
      inhibit_rules: { source_matchers: string[]; target_matchers: string[] }[];
    }>(FILE);
    const known = new Set(alerts.map(({ alert }) => alert));
    const named = inhibit_rules
      .flatMap(({ source_matchers, target_matchers }) => [...source_matchers, ...target_matchers])
      .flatMap((matcher) =>
        matcher
          .replace(/^alertname =~? /, '')
          .replaceAll('"', '')
          .split('|'),
      );
    expect(named).toContain('StoreDown');
    for (const name of named) expect(known).toContain(name);
  });
});
