import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { openApp } from '../core/app.ts';
import { loadConfig } from '../core/config/config.ts';
import { DEFAULT_TENANT } from '../core/domain/owner.ts';
import type { InferenceRecord } from '../core/inference/inference-record.ts';
import { createLog } from '../core/telemetry/log.ts';
import { medianOf } from './delivery/rounds.ts';
import { atLeast, type Scenario } from './scenario.ts';
import { type BenchSystem, startBenchSystem } from './system.ts';

const SENTENCE = 'The meeting with Ann Miller was moved to Tuesday, so please send the figures before that. ';
/** Characters of the prompt and of the answer. */
const SIZES = { short: 90, long: 2_700 };
const STORED_WITHIN_MS = 120_000;
const ADDERS = 20;

export const calls: Scenario = {
  name: 'calls',
  title: 'The log of calls to models',
  method: `Records are added to the queue as servers and workers add them, and a worker redacts and stores them; records in the table divided by the processor time of the worker. Short ones have a prompt and an answer of ${SIZES.short} characters each, long ones of ${SIZES.long}.`,
  async run({ rounds = 3, count = 2_000 }) {
    const system = await startBenchSystem({ WORKER_GRACE_MS: '1' });
    const app = await openApp({
      config: loadConfig({ ...system.env, LOG_LEVEL: 'silent' }),
      log: createLog({ level: 'silent', format: 'json' }),
      service: 'taskflow',
    });
    const add = (record: InferenceRecord) => app.inferenceJobs.add(record);
    const database = new pg.Client({ connectionString: String(system.env.DATABASE_URL) });
    await database.connect();
    const stored = async () =>
      Number((await database.query('SELECT count(*)::int AS stored FROM inference_logs')).rows[0].stored);
    try {
      const measured = { short: [] as number[], long: [] as number[] };
      await store({ system, add, stored }, SIZES.short, 1_000);
      for (let round = 0; round < rounds; round++)
        for (const size of ['short', 'long'] as const)
          measured[size].push(await store({ system, add, stored }, SIZES[size], count));
      const all = (values: readonly number[]) => values.map((value) => value.toFixed(0)).join(', ');
      return {
        findings: [
          atLeast(
            'short records of calls that a worker core stores a second',
            1_500,
            medianOf(measured.short),
          ),
          atLeast('long records of calls that a worker core stores a second', 600, medianOf(measured.long)),
        ],
        details: [`Rounds of ${count} records: short ${all(measured.short)}; long ${all(measured.long)}.`],
      };
    } finally {
      await database.end();
      await app.stop();
      await system.stop();
    }
  },
};

interface Log {
  system: BenchSystem;
  add(record: InferenceRecord): Promise<void>;
  /** How many records are in the table. */
  stored(): Promise<number>;
}

/** Adds records and resolves when all are stored, with their number per second of the worker's processor time. */
async function store({ system, add, stored }: Log, characters: number, count: number): Promise<number> {
  const before = { stored: await stored(), cpu: system.worker.cpuSeconds() };
  const late = performance.now() + STORED_WITHIN_MS;
  let left = count;
  const adder = async () => {
    while (left-- > 0) await add(recordOf(characters));
  };
  await Promise.all(Array.from({ length: ADDERS }, adder));
  while ((await stored()) - before.stored < count) {
    if (performance.now() > late) throw new Error('records were lost');
    await delay(50);
  }
  return count / (system.worker.cpuSeconds() - before.cpu);
}

function recordOf(characters: number): InferenceRecord {
  const text = SENTENCE.repeat(Math.ceil(characters / SENTENCE.length)).slice(0, characters);
  return {
    ...{ id: uuidv7(), tenant: DEFAULT_TENANT, owner: null, conversationId: null, messageId: null },
    ...{ model: 'bench', provider: 'bench', status: 'SUCCESS', latencyMs: 900, timeToFirstTokenMs: 120 },
    ...{ inputTokens: 20, outputTokens: 20, tokensEstimated: false, errorCode: null, errorMessage: null },
    ...{ input: text, output: text, at: Date.now() },
  };
}
