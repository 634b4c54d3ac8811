import { setImmediate as nextTurn } from 'node:timers/promises';
import { beforeEach, describe, expect, test } from 'vitest';
import { LoopTurns } from './loop-turns.ts';

describe('starts that are spread over turns of the event loop', () => {
  let now: number;
  let turnMs: number;
  let turns: LoopTurns;
  beforeEach(() => {
    now = 0;
    turnMs = 0;
    // Each read of the clock is in another turn.
    turns = new LoopTurns(() => {
      now += turnMs;
      return now;
    });
  });

  /** What had started after each turn in which something did. */
  async function startsOf(count: number): Promise<number[][]> {
    const started: number[] = [];
    for (let i = 0; i < count; i++) void turns.next().then(() => started.push(i));
    expect(started).toEqual([]);
    const seen: number[][] = [];
    while (started.length < count) {
      const before = started.length;
      await nextTurn();
      if (started.length > before) seen.push(started.slice(before));
    }
    return seen;
  }

  test('are one in a turn, in their order, however many came at once', async () => {
    expect(await startsOf(4)).toEqual([[0], [1], [2], [3]]);
  });

  test('are more in a turn where turns are long', async () => {
    turnMs = 10;
    expect(await startsOf(7)).toEqual([[0, 1, 2], [3, 4, 5], [6]]);
  });

  test('are one in a turn again when none has waited for a while', async () => {
    await startsOf(2);
    expect(await startsOf(2)).toEqual([[0], [1]]);
  });
});
