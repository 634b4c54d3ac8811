import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { arch, cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import type { Outcome, Scenario } from './scenario.ts';

const ROOT = join(import.meta.dirname, '..');
const LOCK: Lock = JSON.parse(
  readFileSync(join(import.meta.dirname, 'delivery', 'peers', 'package-lock.json'), 'utf8'),
);
/** Kept by hand. */
const CHANGES = readFileSync(join(import.meta.dirname, 'what-was-changed.md'), 'utf8');
const PEERS = [
  '@apollo/server',
  'graphql-yoga',
  'mercurius',
  'graphql-ws',
  'graphql-redis-subscriptions',
  'mqemitter-redis',
  'graphql',
  'ws',
  'ioredis',
];

/** The page on performance: goals and what was measured, then each scenario. `options`: those of the command. */
export function pageOf(
  outcomes: readonly (readonly [Scenario, Outcome])[],
  options: readonly string[],
): string {
  const findings = outcomes.flatMap(([, outcome]) => outcome.findings);
  return `${[
    '# Performance',
    '',
    'Written by `npm run bench`, which runs every scenario of `bench/` and takes some minutes. TaskFlow is the built product on PostgreSQL and Redis; peers are the small servers of `bench/delivery/peers`, as their documentation shows them. All processes, the listeners and the stores among them, share the machine, with whatever else it does: compare ratios of one run, which alternates between the servers, and not numbers of two machines.',
    '',
    ...machine(),
    `- Run as \`npm run bench${options.length > 0 ? ` -- ${options.join(' ')}` : ''}\`, with a load of ${loadavg()[0]?.toFixed(1)} on the machine at its end`,
    '',
    '## Goals',
    '',
    '| what | goal | measured | |',
    '|---|---|---|---|',
    ...findings.map(
      ({ what, goal, measured, isReached }) =>
        `| ${what} | ${goal} | ${measured} | ${isReached ? 'reached' : '**not reached**'} |`,
    ),
    ...outcomes.flatMap(([{ name, title, method }, { details }]) => [
      '',
      `## ${title}`,
      '',
      `${method} \`npm run bench -- --only ${name}\``,
      '',
      ...details,
    ]),
    '',
    CHANGES.trimEnd(),
  ].join('\n')}\n`;
}

export function writePage(page: string): void {
  writeFileSync(join(ROOT, 'docs', 'performance.md'), page);
}

function machine(): string[] {
  const [cpu] = cpus();
  const version = (name: string) => `${name} ${LOCK.packages[`node_modules/${name}`]?.version}`;
  return [
    `- Machine: ${cpus().length} cores (${cpu?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, ${process.platform} ${arch()}`,
    `- Node ${process.versions.node}, ${firstLine('redis-server', '--version')}, ${firstLine('postgres', '--version')}`,
    `- Peers: ${PEERS.map(version).join(', ')}`,
    `- Commit ${firstLine('git', 'rev-parse', '--short', 'HEAD')}, ${new Date().toISOString().slice(0, 10)}`,
  ];
}

function firstLine(command: string, ...args: string[]): string {
  try {
    return execFileSync(command, args, { cwd: ROOT, encoding: 'utf8' }).split('\n')[0] ?? '';
  } catch {
    return `${command} unknown`;
  }
}

interface Lock {
  packages: Record<string, { version?: string }>;
}
