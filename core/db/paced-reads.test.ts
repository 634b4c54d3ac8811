import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { paceReads } from './paced-reads.ts';

/** How many bytes were delivered in each turn of the event loop in which any were. */
async function deliveredByTurn(chunks: readonly number[], bytesPerTurn: number): Promise<number[]> {
  const stream = new PassThrough({ highWaterMark: 1_000_000 });
  const turns: number[] = [];
  let now = 0;
  stream.on('data', (chunk: Buffer) => {
    now += chunk.length;
  });
  paceReads(stream, bytesPerTurn);
  const ended = once(stream, 'end').then(() => true);
  for (const length of chunks) stream.write(Buffer.alloc(length));
  stream.end();
  while (!(await Promise.race([ended, nextTurn()]))) {
    if (now > 0) turns.push(now);
    now = 0;
  }
  if (now > 0) turns.push(now);
  return turns;
}

test('what is read is delivered in parts, with a turn of the event loop between them', async () => {
  const chunks = Array.from({ length: 20 }, () => 40);
  const turns = await deliveredByTurn(chunks, 50);
  // What is delivered just before a turn of the event loop is counted with it.
  expect(Math.max(...turns)).toBeLessThanOrEqual(160);
  expect(turns.reduce((sum, bytes) => sum + bytes)).toBe(800);
});

test('all of it is delivered, also where it is little', async () => {
  expect((await deliveredByTurn([1, 2, 3], 50)).reduce((sum, bytes) => sum + bytes)).toBe(6);
});
