import { setImmediate as nextTurn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { LoopTurns } from './loop-turns.ts';

describe('starts that are spread over turns of the event loop', () => {
  test('are so many in a turn, in their order, however many came at once', async () => {
    const turns = new LoopTurns(2);
    const started: number[] = [];
    for (let i = 0; i < 5; i++) void turns.next().then(() => started.push(i));
    expect(started).toEqual([]);
    const seen: number[][] = [];
    while (started.length < 5) {
      await nextTurn();
      seen.push([...started]);
    }
    expect(seen.slice(-3)).toEqual([
      [0, 1],
      [0, 1, 2, 3],
      [0, 1, 2, 3, 4],
    ]);
  });

  test('begin anew when none has waited for a while', async () => {
    const turns = new LoopTurns(1);
    await turns.next();
    await turns.next();
    expect(await Promise.all([turns.next(), turns.next()])).toHaveLength(2);
  });
});
