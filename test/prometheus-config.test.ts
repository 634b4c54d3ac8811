import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readText } from './support/deployment.ts';

/** What promtool plays through the rules. */
const PLAYED = ['alerts.test.yml', 'alerts-of-days.test.yml'];

const TOKEN_FILE = '/run/taskflow/metrics-token';
const hasPromtool = spawnSync('promtool', ['--version']).status === 0;
if (!hasPromtool)
  process.stderr.write('SKIPPED: the check of prometheus.yml by promtool, which is not here\n');

describe.skipIf(!hasPromtool)(hasPromtool ? 'promtool' : 'SKIPPED: no promtool', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'taskflow-prometheus-'));
    writeFileSync(join(dir, 'token'), 'a-token');
    writeFileSync(join(dir, 'alerts.yml'), readText('deploy/prometheus/alerts.yml'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  /** The output of promtool for a configuration, with its token file in this directory. */
  function check(config: string): { status: number | null; said: string } {
    const file = join(dir, 'prometheus.yml');
    writeFileSync(file, config.replaceAll(TOKEN_FILE, join(dir, 'token')));
    const { status, stdout, stderr } = spawnSync('promtool', ['check', 'config', file], { encoding: 'utf8' });
    return { status, said: stdout + stderr };
  }

  test('finds nothing wrong with deploy/prometheus/prometheus.yml', () => {
    expect(check(readText('deploy/prometheus/prometheus.yml'))).toMatchObject({
      status: 0,
      said: expect.stringContaining('is valid prometheus config file syntax'),
    });
  });

  test('finds that every alert fires when it should, and at no other time', () => {
    const tests = PLAYED.map((name) => join(import.meta.dirname, '..', 'deploy', 'prometheus', name));
    const { status, stdout, stderr } = spawnSync('promtool', ['test', 'rules', ...tests], {
      encoding: 'utf8',
    });
    expect(stdout + stderr).toContain('SUCCESS');
    expect(status).toBe(0);
  });

  test('has a test that every alert clears', () => {
    const file = played();
    for (const [, name] of readText('deploy/prometheus/alerts.yml').matchAll(/- alert: (\w+)/g)) {
      const raised = file.search(new RegExp(`alertname: ${name}\\n\\s+eval_time: \\w+\\n\\s+exp_alerts:\\n`));
      const after = file.slice(raised).split('\n  - name: ')[0];
      expect(after, name).toMatch(new RegExp(`alertname: ${name}, eval_time: \\w+, exp_alerts: \\[\\]`));
    }
  });

  test('has a test of every alert', () => {
    const names = (text: string, pattern: RegExp) =>
      new Set([...text.matchAll(pattern)].map(([, name]) => name));
    const raised = names(played(), /alertname: (\w+)\n\s+eval_time: \w+\n\s+exp_alerts:\n/g);
    expect(raised).toEqual(names(readText('deploy/prometheus/alerts.yml'), /- alert: (\w+)/g));
  });

  test('would find a misspelt key', () => {
    const misspelt = readText('deploy/prometheus/prometheus.yml').replace('dns_sd_configs', 'dns_sd_config');
    expect(check(misspelt)).toMatchObject({ status: 1, said: expect.stringContaining('dns_sd_config') });
  });
});

function played(): string {
  return PLAYED.map((name) => readText(`deploy/prometheus/${name}`)).join('\n');
}
