import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { freePort } from './servers/free-port.ts';

export interface PrometheusOptions {
  /** The URLs of what is scraped, by job. */
  jobs: Readonly<Record<string, string>>;
  scrapeMs: number;
  /** A file of rules, evaluated every `evaluateMs`. */
  rules?: { text: string; evaluateMs: number };
}

/** An alert that fires. */
export interface FiringAlert {
  labels: Readonly<Record<string, string>>;
  annotations: Readonly<Record<string, string>>;
  /** When its condition became true, in Unix milliseconds. */
  since: number;
}

/** A real Prometheus with its data in a folder of its own. */
export interface Prometheus {
  /** The values of a query now. Rejects with Prometheus' own error. */
  query(expr: string): Promise<number[]>;
  firing(): Promise<FiringAlert[]>;
  stop(): void;
}

/** Starts it. It is ready when this resolves. */
export async function startPrometheus({ jobs, scrapeMs, rules }: PrometheusOptions): Promise<Prometheus> {
  const directory = mkdtempSync(join(tmpdir(), 'taskflow-prometheus-'));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const scrapes = Object.entries(jobs).map(
    ([name, target]) =>
      `  - job_name: ${name}\n    static_configs: [{ targets: ['${new URL(target).host}'] }]\n`,
  );
  if (rules) writeFileSync(join(directory, 'rules.yml'), rules.text);
  writeFileSync(
    join(directory, 'prometheus.yml'),
    `global: { scrape_interval: ${scrapeMs}ms, scrape_timeout: ${scrapeMs}ms, evaluation_interval: ${rules?.evaluateMs ?? scrapeMs}ms }
rule_files: [${rules ? 'rules.yml' : ''}]
scrape_configs:
${scrapes.join('')}`,
  );
  const child = spawn(
    'prometheus',
    [
      `--config.file=${join(directory, 'prometheus.yml')}`,
      `--storage.tsdb.path=${join(directory, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ],
    { stdio: 'ignore' },
  );
  await vi.waitFor(async () => expect((await fetch(`${url}/-/ready`)).status).toBe(200), 60_000);
  return {
    async query(expr) {
      const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expr)}`);
      const { status, error, data } = await response.json();
      if (status !== 'success') throw new Error(`${expr}: ${error}`);
      return data.result.map(({ value }: { value: [number, string] }) => Number(value[1]));
    },
    async firing() {
      const { data } = await (await fetch(`${url}/api/v1/alerts`)).json();
      const alerts: (Omit<FiringAlert, 'since'> & { state: string; activeAt: string })[] = data.alerts;
      return alerts
        .filter(({ state }) => state === 'firing')
        .map(({ labels, annotations, activeAt }) => ({ labels, annotations, since: Date.parse(activeAt) }));
    },
    stop() {
      child.kill('SIGKILL');
      rmSync(directory, { recursive: true, force: true });
    },
  };
}
