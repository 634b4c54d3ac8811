import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createLog } from '../telemetry/log.ts';
import { InferenceLog } from './inference-log.ts';
import type { InferenceRecord } from './inference-record.ts';

const log = createLog({ level: 'silent', format: 'json' });

describe('the way of a record to the queue', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('a queue that is away delays nobody, and gets all records in order when it is back', async () => {
    let away = true;
    const queued: InferenceRecord[] = [];
    const inferences = new InferenceLog({
      log,
      jobs: {
        add: async (record) => {
          if (away) throw new Error('away');
          queued.push(record);
        },
      },
    });
    const records = Array.from({ length: 50 }, () => record());
    for (const each of records) inferences.record(each);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(queued).toEqual([]);
    away = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(queued).toEqual(records);
    expect(inferences.lost).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('what is more than can wait is lost, and counted', async () => {
    const inferences = new InferenceLog({ log, jobs: { add: () => Promise.reject(new Error('away')) } });
    for (let i = 0; i < 2_100; i++) inferences.record(record());
    expect(inferences.lost).toBe(100);
    await inferences.stop();
    expect(inferences.lost).toBe(2_100);
  });

  test('a record that no queue takes is lost, counted, and keeps no other waiting', async () => {
    const queued: InferenceRecord[] = [];
    const inferences = new InferenceLog({
      log,
      jobs: {
        add: async (each) => {
          if (each.model === 'bad') throw Object.assign(new Error('invalid byte'), { code: '22021' });
          queued.push(each);
        },
      },
    });
    const good = record();
    for (const each of [record({ inputTokens: 1.5 }), record({ model: 'bad' }), good])
      inferences.record(each);
    await inferences.stop();
    expect(queued).toEqual([good]);
    expect(inferences.lost).toBe(2);
  });

  test('long texts wait in fewer records, so that they fill no memory', async () => {
    const told: number[] = [];
    const jobs = { add: () => Promise.reject(new Error('away')) };
    const inferences = new InferenceLog({ log, jobs, onLost: (count) => told.push(count) });
    for (let i = 0; i < 250; i++) inferences.record(record({ output: 'x'.repeat(65_536) }));
    expect(inferences.lost).toBe(6);
    expect(told).toEqual([1, 1, 1, 1, 1, 1]);
    await inferences.stop();
  });
});

function record(words: Partial<InferenceRecord> = {}): InferenceRecord {
  return {
    ...{ id: uuidv7(), conversationId: null, messageId: null, model: 'm', provider: 'p', status: 'SUCCESS' },
    ...{ latencyMs: 1, timeToFirstTokenMs: null, inputTokens: 1, outputTokens: 1, tokensEstimated: false },
    ...{ errorCode: null, errorMessage: null, input: null, output: null, at: 0 },
    ...words,
  };
}
