import { beforeEach, expect, test } from 'vitest';
import { createLog } from '../telemetry/log.ts';
import { watchClock } from './clock-watch.ts';

let lines: string[];
let offsets: number[];
let tell: (aheadMs: number) => void;
beforeEach(() => {
  [lines, offsets] = [[], []];
  const log = createLog({ level: 'info', format: 'json', to: { write: (line) => void lines.push(line) } });
  tell = watchClock({ log, store: 'Redis', onOffset: (seconds) => offsets.push(seconds) });
});
const said = () =>
  lines.map((line) => {
    const { level, offsetSeconds, store, msg } = JSON.parse(line);
    return { level, offsetSeconds, store, msg };
  });

test('a clock that is off by 2 s or less is right', () => {
  for (const ms of [0, 2_000, -2_000]) tell(ms);
  expect(said()).toEqual([]);
});

test.each([3_600_000, -3_600_000])(
  'one that is off by %i ms is said to be wrong once, and to be right again once',
  (ms) => {
    for (const each of [ms, ms, 12, 12, ms]) tell(each);
    const wrong = { level: 40, offsetSeconds: ms / 1_000, store: 'Redis' };
    expect(said()).toMatchObject([wrong, { level: 30, offsetSeconds: 0 }, wrong]);
  },
);

test('every measurement is told in seconds', () => {
  for (const ms of [1_500, -3_600_000]) tell(ms);
  expect(offsets).toEqual([1.5, -3_600]);
});
