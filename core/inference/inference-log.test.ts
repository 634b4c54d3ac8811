import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LOCAL_OWNER } from '../domain/owner.ts';
import { createLog } from '../telemetry/log.ts';
import { InferenceLog } from './inference-log.ts';
import type { InferenceRecord } from './inference-record.ts';

const log = createLog({ level: 'silent', format: 'json' });

describe('the log of calls to models', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test('an unavailable queue delays no call, and gets all records in order when it is available again', async () => {
    let isUnavailable = true;
    const queued: InferenceRecord[] = [];
    const inferences = new InferenceLog({
      log,
      jobs: {
        add: async (record) => {
          if (isUnavailable) throw new Error('unavailable');
          queued.push(record);
        },
      },
    });
    const records = Array.from({ length: 50 }, () => record());
    for (const each of records) inferences.record(each);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(queued).toEqual([]);
    isUnavailable = false;
    await vi.advanceTimersByTimeAsync(1_000);
    expect(queued).toEqual(records);
    expect(inferences.lost).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('records beyond the limit are lost, and counted', async () => {
    const inferences = new InferenceLog({ log, jobs: { add: () => Promise.reject(new Error('down')) } });
    for (let i = 0; i < 2_100; i++) inferences.record(record());
    expect(inferences.lost).toBe(100);
    await inferences.stop();
    expect(inferences.lost).toBe(2_100);
  });

  test('a record that the queue refuses is lost, counted, and does not block the others', async () => {
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

  test('fewer records with long texts are kept, so that memory is bounded', async () => {
    const losses: number[] = [];
    const jobs = { add: () => Promise.reject(new Error('unavailable')) };
    const inferences = new InferenceLog({ log, jobs, onLost: (count) => losses.push(count) });
    for (let i = 0; i < 250; i++) inferences.record(record({ output: 'x'.repeat(65_536) }));
    expect(inferences.lost).toBe(6);
    expect(losses).toEqual([1, 1, 1, 1, 1, 1]);
    await inferences.stop();
  });
});

function record(words: Partial<InferenceRecord> = {}): InferenceRecord {
  return {
    ...LOCAL_OWNER,
    ...{ id: uuidv7(), conversationId: null, messageId: null, model: 'm', provider: 'p', status: 'SUCCESS' },
    ...{ latencyMs: 1, timeToFirstTokenMs: null, inputTokens: 1, outputTokens: 1, tokensEstimated: false },
    ...{ errorCode: null, errorMessage: null, input: null, output: null, at: 0 },
    ...words,
  };
}
