import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MemoryModelHealth } from '../../live/model-health/memory.ts';
import { LlmAbortError, LlmError } from '../errors/errors.ts';
import { withBreakers } from './breakers.ts';
import type { Llm, LlmChunk } from './client.ts';

const REST_MS = 30_000;

describe("a model's circuit breaker", () => {
  let health: MemoryModelHealth;
  let llm: Llm;
  let fault: Error | null;
  let changes: string[];
  beforeEach(() => {
    vi.useFakeTimers();
    health = new MemoryModelHealth();
    changes = [];
    llm = withBreakers(
      {
        provider: 'openai',
        async *stream(): AsyncGenerator<LlmChunk> {
          if (fault) throw fault;
          yield { type: 'text', text: 'Hello' };
        },
      },
      { health, restMs: REST_MS, onChange: (model, state) => changes.push(`${model} ${state}`) },
    );
  });
  afterEach(() => void vi.useRealTimers());

  async function ask(outcome: Error | null, times = 1): Promise<void> {
    fault = outcome;
    for (let i = 0; i < times; i++) await heard().catch(() => {});
  }
  async function heard(): Promise<string> {
    let text = '';
    for await (const chunk of llm.stream({ model: 'm', messages: [], signal: new AbortController().signal }))
      if (chunk.type === 'text') text += chunk.text;
    return text;
  }
  const down = new LlmError('SERVICE_UNAVAILABLE', 'down');

  test('opens after five failed calls in a row, and then no request is allowed', async () => {
    await ask(down, 4);
    expect(await health.allowRequest('m')).toBe(true);
    await ask(down);
    expect(await health.allowRequest('m')).toBe(false);
    expect(changes).toEqual(['m open']);
  });

  test('stays closed when an answer comes between the failures', async () => {
    await ask(down, 4);
    await ask(null);
    await ask(down, 4);
    expect(await health.allowRequest('m')).toBe(true);
  });

  test.each([
    new LlmError('CONTENT_BLOCKED', 'no'),
    new LlmError('QUOTA_EXCEEDED', 'no'),
    new LlmError('PERMISSION_DENIED', 'no'),
    new LlmError('CONTEXT_TOO_LONG', 'no'),
    new LlmError('NO_ANSWER', 'no'),
    new LlmError('UNKNOWN', 'the template refused it', { status: 500, retryable: false }),
    new LlmAbortError('no'),
  ])('does not count a fault that is not the fault of the service: $code', async (error) => {
    await ask(error, 20);
    expect(await health.allowRequest('m')).toBe(true);
  });

  test('rejects no call itself', async () => {
    await ask(down, 5);
    fault = null;
    expect(await heard()).toBe('Hello');
  });

  test('closes when a probe succeeds after the open time', async () => {
    await ask(down, 5);
    vi.advanceTimersByTime(REST_MS);
    expect(await health.allowRequest('m')).toBe(true);
    await ask(null);
    expect(await health.allowRequest('m')).toBe(true);
    expect(await health.allowRequest('m')).toBe(true);
    expect(changes).toEqual(['m open', 'm closed']);
  });

  test('opens again when the probe fails', async () => {
    await ask(down, 5);
    vi.advanceTimersByTime(REST_MS);
    await ask(down);
    expect(await health.allowRequest('m')).toBe(false);
    vi.advanceTimersByTime(REST_MS - 1);
    expect(await health.allowRequest('m')).toBe(false);
  });
});
