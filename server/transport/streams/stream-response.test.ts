import type { ExecutionResult } from 'graphql';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { EVENT_STREAM } from './event-stream.ts';
import { MULTIPART } from './multipart.ts';
import { streamResponse } from './stream-response.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

test.each([
  ['event stream', EVENT_STREAM, 12_000],
  ['multipart response', MULTIPART, 5_000],
])('a silent %s is kept alive until its reader leaves, who ends its source', async (_, format, everyMs) => {
  const returned = vi.fn();
  const { response, read } = begin(silent(returned), format);
  expect(await read()).toBe(format.opening);
  for (let beat = 0; beat < 2; beat++) {
    await vi.advanceTimersByTimeAsync(everyMs);
    expect(await read()).toBe(format.heartbeat);
  }
  await response.cancel();
  expect(returned).toHaveBeenCalledOnce();
  expect(vi.getTimerCount()).toBe(0);
});

test('a reader that does not read is sent no heartbeats', async () => {
  const { response, read } = begin(
    silent(() => {}),
    EVENT_STREAM,
  );
  await vi.advanceTimersByTimeAsync(60_000);
  await read();
  await vi.advanceTimersByTimeAsync(0);
  expect(await Promise.race([read(), Promise.resolve('nothing')])).toBe('nothing');
  await response.cancel();
});

test('a source that ends, or breaks, stops the heartbeats', async () => {
  const { read } = begin(
    (async function* () {
      yield { data: { a: 1 } };
    })(),
    EVENT_STREAM,
  );
  const all = [await read(), await read(), await read()];
  expect(all).toEqual([':\n\n', 'event: next\ndata: {"data":{"a":1}}\n\n', 'event: complete\ndata:\n\n']);
  const broken = begin(
    // biome-ignore lint/correctness/useYield: it breaks first
    (async function* (): AsyncGenerator<ExecutionResult> {
      throw new Error('broken');
    })(),
    EVENT_STREAM,
  );
  await broken.read();
  await expect(broken.read()).rejects.toThrow('broken');
  expect(vi.getTimerCount()).toBe(0);
});

function begin(source: AsyncIterable<ExecutionResult>, format: typeof EVENT_STREAM) {
  const { body } = streamResponse(source, format, () => null, globalThis);
  const reader = (body as ReadableStream<Uint8Array>).getReader();
  const decoder = new TextDecoder();
  return { response: reader, read: async () => decoder.decode((await reader.read()).value) };
}

function silent(onReturn: () => void): AsyncIterableIterator<ExecutionResult> {
  return {
    next: () => new Promise(() => {}),
    return: async () => {
      onReturn();
      return { value: undefined, done: true };
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
