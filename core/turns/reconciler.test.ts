import { setImmediate as settled } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { Reconciler } from './reconciler.ts';

/** A reconciler whose runs end when `finish` is called, and the ids of the runs that have begun, in order. */
function controlled() {
  const begun: string[] = [];
  const finish = new Map<string, () => void>();
  const reconciler = new Reconciler((id) => {
    begun.push(id);
    return new Promise<void>((resolve) => finish.set(id, resolve));
  });
  return { begun, finish, reconciler };
}

test('reconciles a few listeners at once, in their order, and a call does not wait for them', async () => {
  const { begun, finish, reconciler } = controlled();
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

test('concurrent requests for one feed share a reconciliation, and a later one begins another', async () => {
  const { begun, finish, reconciler } = controlled();
  const [one, two] = [reconciler.run('a', 'listener'), reconciler.run('a', 'listener')];
  await settled();
  finish.get('a')?.();
  await Promise.all([one, two]);
  expect(begun).toEqual(['a']);
  void reconciler.run('a', 'listener');
  await settled();
  expect(begun).toEqual(['a', 'a']);
});

test('a failed reconciliation makes room for the next', async () => {
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
