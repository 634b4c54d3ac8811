import { setImmediate as nextTurn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { OwnersReads } from './owners-reads.ts';

/** Begins reads of an owner, which wait until `end` is called. */
function begin(reads: OwnersReads, owner: string, count: number) {
  const state = { begun: 0, end: () => {} };
  const ended = new Promise<void>((resolve) => {
    state.end = resolve;
  });
  const all = Array.from({ length: count }, () =>
    reads.run({ owner, tenant: 'default' }, () => {
      state.begun++;
      return ended;
    }),
  );
  return { state, all: Promise.all(all) };
}

test('reads of one owner beyond their share wait, and those of another owner do not', async () => {
  const reads = new OwnersReads(2);
  const ann = begin(reads, 'ann', 5);
  const bob = begin(reads, 'bob', 1);
  await nextTurn();
  expect([ann.state.begun, bob.state.begun]).toEqual([2, 1]);
  ann.state.end();
  await ann.all;
  expect(ann.state.begun).toBe(5);
});

test('a read that fails makes room for the next one', async () => {
  const reads = new OwnersReads(1);
  const ann = { owner: 'ann', tenant: 'default' };
  await expect(reads.run(ann, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await reads.run(ann, async () => 'read')).toBe('read');
});

test('without a limit no read waits', async () => {
  const { state } = begin(new OwnersReads(0), 'ann', 50);
  await nextTurn();
  expect(state.begun).toBe(50);
});
