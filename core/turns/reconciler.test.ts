import { setImmediate as settled } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Reconciler } from './reconciler.ts';

/** A reconciler whose work goes on when it is let, and what has begun, in order. */
function held() {
  const begun: string[] = [];
  const finish = new Map<string, () => void>();
  const reconciler = new Reconciler((id) => {
    begun.push(id);
    return new Promise<void>((resolve) => finish.set(id, resolve));
  });
  return { begun, finish, reconciler };
}

test('of many listeners a few are served at once, in their order, and a call does not wait for them', async () => {
  const { begun, finish, reconciler } = held();
  const all = ['a', 'b', 'c', 'd', 'e', 'f'].map((id) => reconciler.run(id, 'listener'));
  await settled();
  expect(begun).toEqual(['a', 'b', 'c', 'd']);
  void reconciler.run('f', 'call');
  await settled();
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'f']);
  finish.get('b')?.();
  await all[1];
  await settled();
  expect(begun).toEqual(['a', 'b', 'c', 'd', 'f', 'e']);
});

test('who waits for the same feed waits for one reconciliation, and the next begins another', async () => {
  const { begun, finish, reconciler } = held();
  const [one, two] = [reconciler.run('a', 'listener'), reconciler.run('a', 'listener')];
  await settled();
  finish.get('a')?.();
  await Promise.all([one, two]);
  expect(begun).toEqual(['a']);
  void reconciler.run('a', 'listener');
  await settled();
  expect(begun).toEqual(['a', 'a']);
});

test('one that fails makes room for the next', async () => {
  const outcomes: string[] = [];
  const reconcile = async (id: string) => {
    if (id !== 'fine') throw new Error(id);
  };
  const reconciler = new Reconciler(reconcile, (outcome) => outcomes.push(outcome));
  const failed = ['1', '2', '3'].map((id) => reconciler.run(id, 'listener'));
  for (const run of failed) await expect(run).rejects.toThrow();
  await expect(reconciler.run('fine', 'listener')).resolves.toBeUndefined();
  expect(outcomes).toEqual(['failed', 'failed', 'failed', 'done']);
});
