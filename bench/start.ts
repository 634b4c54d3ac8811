import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { medianOf } from './delivery/rounds.ts';
import { type BenchProcess, startProcess } from './process.ts';
import { atMost, type Scenario } from './scenario.ts';

const START = join(import.meta.dirname, '..', 'scripts', 'start.mjs');
/** Without the stores of the environment: the embedded ones. */
const ABSENT = { DATABASE_URL: undefined, REDIS_URL: undefined };

export const start: Scenario = {
  name: 'start',
  title: 'The start of the embedded system',
  method:
    'scripts/start.mjs, which is npm start without npm, with an empty folder of data: the first start creates the database, the later ones find it. From the start of the process until it logs that it is ready. RSS of the process right after that, with the embedded database inside it.',
  async run({ rounds = 3 }) {
    const folder = await mkdtemp(join(tmpdir(), 'taskflow-start-'));
    try {
      const first = await startOnce(folder);
      const later: Started[] = [];
      for (let i = 0; i < rounds; i++) later.push(await startOnce(folder));
      const seconds = medianOf(later.map(({ readyMs }) => readyMs)) / 1_000;
      const megabytes = medianOf(later.map(({ rss }) => rss)) / 1e6;
      return {
        findings: [
          atMost('RSS of the embedded npm start when it is ready', 300, megabytes, ' MB'),
          atMost('second start of the embedded npm start', 4, seconds, ' s'),
        ],
        details: [
          `First start ${(first.readyMs / 1_000).toFixed(1)} s, ${(first.rss / 1e6).toFixed(0)} MB; later ones ${later
            .map(({ readyMs, rss }) => `${(readyMs / 1_000).toFixed(1)} s and ${(rss / 1e6).toFixed(0)} MB`)
            .join(', ')}.`,
        ],
      };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};

interface Started {
  readyMs: number;
  rss: number;
}

async function startOnce(folder: string): Promise<Started> {
  const env = {
    ...process.env,
    ...ABSENT,
    DATA_DIR: folder,
    PORT: '0',
    METRICS_PORT: '0',
    LOG_FORMAT: 'json',
  };
  const product: BenchProcess = await startProcess(START, env);
  const rss = await product.ask('rss');
  await product.stop();
  return { readyMs: product.readyMs, rss };
}
