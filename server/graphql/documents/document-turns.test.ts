import { setImmediate as nextTurn } from 'node:timers/promises';
import pLimit from 'p-limit';
import { beforeEach, expect, test, vi } from 'vitest';
import { loadConfig } from '../../../core/config/config.ts';
import { MemoryRates } from '../../../core/live/rates/memory.ts';
import { CallersBudget } from '../../limits/callers-budget.ts';
import type { CallersShare } from '../../limits/callers-shares.ts';
import { Limits } from '../../limits/limits.ts';
import { LoopTurns } from '../../limits/loop-turns.ts';
import { DocumentTurns } from './document-turns.ts';

const env = { AUTH_JWT_SECRET: 'a secret of at least thirty-two bytes', OPERATIONS_PER_OWNER: '3' };
const limits = () =>
  new Limits({
    config: loadConfig(env),
    rates: new MemoryRates(),
    refusals: { record: () => new Error('refused') } as never,
  });

let isBusy: boolean;
let shares: Map<string, CallersShare>;
let turns: DocumentTurns;
beforeEach(() => {
  isBusy = true;
  shares = new Map();
  turns = new DocumentTurns({
    documents: { isKnown: (text) => text === 'known' },
    shares: { of: ({ owner }) => shareOf(owner) },
    limits: limits(),
  });
});

function shareOf(owner: string): CallersShare {
  const share = shares.get(owner) ?? {
    limit: pLimit(1),
    starts: new LoopTurns(),
    budget: new CallersBudget({ share: 0, burstMs: 500, isBusy: () => isBusy, now: () => 0 }),
  };
  shares.set(owner, share);
  return share;
}

const originOf = (owner: string) => ({
  owner: { owner, tenant: 'default' },
  address: '192.0.2.1',
  connection: null,
});
const useUp = (owner: string) => shareOf(owner).budget.use(501);

/** Whether its turn has come. */
async function hasTurn(text: string, owner: string): Promise<boolean> {
  let isOver = false;
  void turns.next(text, originOf(owner)).then(() => {
    isOver = true;
  });
  await nextTurn();
  return isOver;
}

test('a caller who has used up their share waits with the next unknown one, and others do not', async () => {
  expect(await hasTurn('unknown', 'ann')).toBe(true);
  useUp('ann');
  expect(await hasTurn('unknown', 'ann')).toBe(false);
  expect(await hasTurn('known', 'ann')).toBe(true);
  expect(await hasTurn('unknown', 'bob')).toBe(true);
});

test('those that wait have their turns in order, one in a turn of the event loop', async () => {
  useUp('ann');
  const done: number[] = [];
  const waiting = [0, 1, 2].map((n) => turns.next('unknown', originOf('ann')).then(() => done.push(n)));
  isBusy = false;
  let before = 0;
  while (done.length < 3) {
    await nextTurn();
    expect(done.length - before).toBeLessThanOrEqual(1);
    before = done.length;
  }
  await Promise.all(waiting);
  expect(done).toEqual([0, 1, 2]);
});

test('more than an owner may have running are refused', async () => {
  useUp('ann');
  const waiting = [0, 1, 2].map(() => turns.next('unknown', originOf('ann')));
  await expect(turns.next('unknown', originOf('ann'))).rejects.toThrow('refused');
  isBusy = false;
  await Promise.all(waiting);
});

test("the time that a document takes is its caller's, also of one that is refused", () => {
  const use = vi.spyOn(shareOf('ann').budget, 'use');
  const refuse = () => {
    throw new Error('no document');
  };
  expect(turns.charged(originOf('ann').owner, () => 'parsed')).toBe('parsed');
  expect(() => turns.charged(originOf('ann').owner, refuse)).toThrow('no document');
  expect(use.mock.calls.map(([ms]) => ms)).toEqual([expect.any(Number), expect.any(Number)]);
});
