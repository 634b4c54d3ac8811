import { beforeEach, expect, test } from 'vitest';
import { createLog } from '../telemetry/log.ts';
import { watchClock } from './clock-watch.ts';

let lines: string[];
let offsets: number[];
let measured: (aheadMs: number) => void;
beforeEach(() => {
  [lines, offsets] = [[], []];
  const log = createLog({ level: 'info', format: 'json', to: { write: (line) => void lines.push(line) } });
  measured = watchClock({ log, store: 'Redis', onOffset: (seconds) => offsets.push(seconds) });
});
const logged = () =>
  lines.map((line) => {
    const { level, offsetSeconds, store, msg } = JSON.parse(line);
    return { level, offsetSeconds, store, msg };
  });

test('a clock that is off by at most 2 s is right', () => {
  for (const ms of [0, 2_000, -2_000]) measured(ms);
  expect(logged()).toEqual([]);
});

test.each([3_600_000, -3_600_000])(
  'a clock that is off by %i ms is logged as wrong once, and as right again once',
  (ms) => {
    for (const each of [ms, ms, 12, 12, ms]) measured(each);
    const wrong = { level: 40, offsetSeconds: ms / 1_000, store: 'Redis' };
    expect(logged()).toMatchObject([wrong, { level: 30, offsetSeconds: 0 }, wrong]);
  },
);

test('every measurement is reported in seconds', () => {
  for (const ms of [1_500, -3_600_000]) measured(ms);
  expect(offsets).toEqual([1.5, -3_600]);
});
