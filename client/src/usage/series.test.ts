import { expect, it } from 'vitest';
import { RANGES, windowOf } from './range.ts';
import { callsOver, errorsOver, latencyOver, modelsOf, type Stats, tokensOver, totalsOf } from './series.ts';

const TIMEOUT = { __typename: 'InferenceErrorCount', code: 'TIMEOUT', count: 1 } as const;
const window = { from: 0, to: 180_000, bucketMs: 60_000 };
const stats = (minute: number, modelId: string, more: Partial<Stats> = {}): Stats => ({
  __typename: 'InferenceStats',
  start: new Date(minute * 60_000).toISOString(),
  modelId,
  ...{ requests: 4, errors: 1, aborted: 1, inputTokens: 10, outputTokens: 5 },
  ...{ latencyP50Ms: 100, latencyP95Ms: 200, latencyP99Ms: 300, errorsByCode: [TIMEOUT] },
  ...more,
});
const some = [stats(0, 'a'), stats(0, 'b', { inputTokens: 100 }), stats(2, 'a', { requests: 9 })];

it('calls are counted by outcome, also in buckets without any', () => {
  const { keys, points } = callsOver(some, window);
  expect(keys).toEqual(['SUCCESS', 'ERROR', 'ABORTED']);
  expect(points).toEqual([
    { start: 0, SUCCESS: 4, ERROR: 2, ABORTED: 2 },
    { start: 60_000, SUCCESS: 0, ERROR: 0, ABORTED: 0 },
    { start: 120_000, SUCCESS: 7, ERROR: 1, ABORTED: 1 },
  ]);
});

it('tokens are by model, the largest first', () => {
  expect(tokensOver(some, window).keys).toEqual(['b', 'a']);
  expect(tokensOver(some, window).points[0]).toEqual({ start: 0, a: 15, b: 105 });
});

it('errors are by code, and without any there are no keys', () => {
  expect(errorsOver(some, window).points.map(({ TIMEOUT }) => TIMEOUT)).toEqual([2, 0, 1]);
  expect(errorsOver([stats(0, 'a', { errorsByCode: [] })], window).keys).toEqual([]);
});

it('latency is of one model, with gaps where it was not called', () => {
  expect(latencyOver(some, window, 'b').points.map(({ p95 }) => p95)).toEqual([200, null, null]);
});

it('models and totals', () => {
  const { compare } = new Intl.Collator('en');
  expect(modelsOf(some, compare)).toEqual(['a', 'b']);
  const asMany = [stats(0, 'b', { requests: 1 }), stats(0, 'a', { requests: 1 })];
  expect(modelsOf(asMany, (a, b) => -compare(a, b))).toEqual(['b', 'a']);
  expect(modelsOf(asMany, compare)).toEqual(['a', 'b']);
  expect(totalsOf(some)).toEqual({ calls: 17, errors: 3, tokens: 135 });
});

it('a range ends with the bucket of now', () => {
  const now = Date.UTC(2026, 0, 2, 10, 30, 15);
  expect(windowOf(RANGES.hour, now)).toEqual({
    from: Date.UTC(2026, 0, 2, 9, 31),
    to: Date.UTC(2026, 0, 2, 10, 31),
  });
});
