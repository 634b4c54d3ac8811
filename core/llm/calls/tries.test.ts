import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type LlmAbortError, LlmError } from '../errors/errors.ts';
import type { LlmChunk, LlmRequest } from './client.ts';
import { withTries } from './tries.ts';

const THOUGHT = '(thinks)';

/** What each try does, in order; further tries do what the last one does. */
type Plan = (LlmError | LlmAbortError | readonly (string | LlmError)[])[];

describe('a call to a model is retried', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** The call's text and error, and when each try began, in milliseconds after the first. */
  async function call(plan: Plan, signal = new AbortController().signal) {
    const begun = Date.now();
    const tries: number[] = [];
    const llm = withTries(
      {
        provider: 'openai',
        async *stream(): AsyncGenerator<LlmChunk> {
          tries.push(Date.now() - begun);
          const step = plan[Math.min(tries.length, plan.length) - 1] ?? [];
          if (step instanceof Error) throw step;
          for (const piece of step) {
            if (piece instanceof Error) throw piece;
            yield piece === THOUGHT ? { type: 'thinking' } : { type: 'text', text: piece };
          }
        },
      },
      { random: () => 1, now: Date.now },
    );
    let text = '';
    const heard = (async () => {
      for await (const chunk of llm.stream({ model: 'm', messages: [], signal } satisfies LlmRequest))
        if (chunk.type === 'text') text += chunk.text;
    })().then(
      () => null,
      (error: Error) => error,
    );
    await vi.runAllTimersAsync();
    return { error: await heard, text, tries };
  }

  test.each(['RATE_LIMITED', 'SERVICE_UNAVAILABLE', 'TIMEOUT'] as const)(
    'after %s before its first text',
    async (code) => {
      const { error, text, tries } = await call([new LlmError(code, 'busy'), ['Hello']]);
      expect({ error, text, tries }).toEqual({ error: null, text: 'Hello', tries: [0, 500] });
    },
  );

  test('not after a transient fault if the server forbids it', async () => {
    const { tries } = await call([new LlmError('SERVICE_UNAVAILABLE', 'no', { mayTryAgain: false })]);
    expect(tries).toEqual([0]);
  });

  test('after thoughts, which are not published', async () => {
    const { text, tries } = await call([[THOUGHT, new LlmError('SERVICE_UNAVAILABLE', 'busy')], ['Hello']]);
    expect({ text, tries }).toEqual({ text: 'Hello', tries: [0, 500] });
  });

  test.each([
    'QUOTA_EXCEEDED',
    'MODEL_NOT_FOUND',
    'PERMISSION_DENIED',
    'CONTENT_BLOCKED',
    'UNKNOWN',
  ] as const)('not after %s', async (code) => {
    const { error, tries } = await call([new LlmError(code, 'no')]);
    expect(error).toMatchObject({ code });
    expect(tries).toEqual([0]);
  });

  test('with growing waits, the last one within ten seconds of the first', async () => {
    const { error, tries } = await call([new LlmError('SERVICE_UNAVAILABLE', 'down')]);
    expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
    expect(tries).toEqual([0, 500, 1_500, 3_500, 7_500]);
  });

  test('not before the time that the provider asks for', async () => {
    const { tries, error } = await call([
      new LlmError('RATE_LIMITED', 'busy', { retryAfterMs: 7_000 }),
      ['x'],
    ]);
    expect({ tries, error }).toEqual({ tries: [0, 7_000], error: null });
  });

  test('not when the provider asks for more than ten seconds', async () => {
    const { tries, error } = await call([new LlmError('RATE_LIMITED', 'busy', { retryAfterMs: 10_500 })]);
    expect(tries).toEqual([0]);
    expect(error).toMatchObject({ code: 'RATE_LIMITED' });
  });

  test('never after its first text', async () => {
    const { tries, text, error } = await call([
      ['Half', new LlmError('SERVICE_UNAVAILABLE', 'cut', { partial: true })],
    ]);
    expect({ tries, text }).toEqual({ tries: [0], text: 'Half' });
    expect(error).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  test('not after an abort, also during a wait', async () => {
    const abort = new AbortController();
    setTimeout(() => abort.abort(), 200);
    const { tries, error } = await call([new LlmError('RATE_LIMITED', 'busy')], abort.signal);
    expect(tries).toEqual([0]);
    expect(error).not.toBeNull();
    expect(vi.getTimerCount()).toBe(0);
  });
});
