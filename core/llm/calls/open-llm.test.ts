import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { machineClock } from '../../clock/clock.ts';
import { MemoryModelHealth } from '../../live/model-health/memory.ts';
import { createLog } from '../../telemetry/log.ts';
import { LlmError } from '../errors/errors.ts';
import type { LlmRequest } from './client.ts';
import { guarded } from './open-llm.ts';

describe('calls to a model', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** How many tries were made and recorded, and whether a request is allowed, after `calls` calls with that fault. */
  async function outcomeOf(calls: number, fault: LlmError) {
    const health = new MemoryModelHealth();
    let tries = 0;
    const records: unknown[] = [];
    const llm = guarded(
      {
        provider: 'custom',
        async *stream() {
          tries += 1;
          yield await Promise.reject(fault);
        },
      },
      {
        config: { llmTimeoutMs: 60_000, llmMaxWaitMs: 600_000, modelRestMs: 30_000 },
        ...{ health, log: createLog({ level: 'silent' }) },
        clock: machineClock,
        record: (one) => records.push(one),
      },
    );
    const request: LlmRequest = { model: 'm', messages: [], signal: new AbortController().signal };
    for (let call = 0; call < calls; call++) {
      const failed = llm
        .stream(request)
        [Symbol.asyncIterator]()
        .next()
        .catch(() => {});
      await vi.runAllTimersAsync();
      await failed;
    }
    return { tries, records: records.length, isAllowed: await health.allowRequest('m') };
  }

  test('are counted by the breaker, not their tries; every try is recorded', async () => {
    const down = new LlmError('SERVICE_UNAVAILABLE', 'down');
    const four = await outcomeOf(4, down);
    expect(four).toMatchObject({ isAllowed: true });
    expect(four.tries).toBeGreaterThan(8);
    expect(four.records).toBe(four.tries);
    expect(await outcomeOf(5, down)).toMatchObject({ isAllowed: false });
  });

  test('that a template refuses do not open the breaker', async () => {
    const refused = new LlmError('UNKNOWN', 'roles must alternate', { status: 500, retryable: false });
    expect(await outcomeOf(20, refused)).toEqual({ tries: 20, records: 20, isAllowed: true });
  });
});
