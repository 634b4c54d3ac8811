import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { LoopTurns } from '../limits/loop-turns.ts';
import { Pauses, withPauses } from './pauses.ts';

const oneInATurn = () => new LoopTurns(() => 0, Number.POSITIVE_INFINITY);

/** Takes the items as an executor does, where each is so much work. `done`: the items that are done. */
function take(count: number, msEach: number, turns = oneInATurn()) {
  let workMs = 0;
  const done: number[] = [];
  const pauses = new Pauses(turns, () => workMs);
  const complete = (item: number) => {
    workMs += msEach;
    done.push(item);
  };
  const items = Array.from({ length: count }, (_, n) => n);
  const all = Array.from(withPauses(items, pauses), (item) =>
    item instanceof Promise ? item.then(complete) : complete(item),
  );
  return { done, all: Promise.all(all) };
}

test('a list that is little work is done at once', () => {
  expect(take(100, 0.04).done).toHaveLength(100);
});

test('a list that is much work is done in slices, in order, with a turn of the event loop between them', async () => {
  const { done, all } = take(20, 1);
  const after = [done.length];
  while (done.length < 20) {
    await nextTurn();
    after.push(done.length);
  }
  const steps = after.map((count, n) => count - (after[n - 1] ?? 0));
  expect(Math.max(...steps)).toBe(5);
  expect(done).toEqual(Array.from({ length: 20 }, (_, n) => n));
  await all;
});

test('of two lists that are much work each has its turns, and none has two at once', async () => {
  const turns = oneInATurn();
  const [one, other] = [take(20, 1, turns), take(20, 1, turns)];
  const total = () => one.done.length + other.done.length;
  for (let before = total(); total() < 40; before = total()) {
    await nextTurn();
    expect(total() - before).toBeLessThanOrEqual(5);
    expect(Math.abs(one.done.length - other.done.length)).toBeLessThanOrEqual(5);
  }
  await Promise.all([one.all, other.all]);
});
