import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Call, Rate, Rates } from '../../../core/live/rates/rates.ts';

export interface RatesUnderTest {
  rates: Rates;
  /** The same counters in another process; null where processes share nothing. */
  other: Rates | null;
  /** Lets half of a window of 10 s pass. */
  halfWindow(): Promise<void>;
  stop(): Promise<void>;
}

/** The contract suite of every adapter. */
export function describeRates(adapter: string, create: () => Promise<RatesUnderTest>): void {
  describe(`rates contract: ${adapter}`, () => {
    let under: RatesUnderTest;
    let rates: Rates;
    beforeEach(async () => {
      under = await create();
      rates = under.rates;
    });
    afterEach(() => under.stop());

    const TWO: Rate = { name: 'two', most: 2, seconds: 10 };
    const MANY: Rate = { name: 'many', most: 1_000, seconds: 10 };
    const two = (key = 'ann') => ({ rate: TWO, key });
    const isAllowed = async (...calls: Call[]) => (await rates.take(...calls)) === null;
    async function used(key = 'ann') {
      for (const _ of [1, 2]) expect(await isAllowed(two(key))).toBe(true);
    }

    test('a key is refused beyond its limit, and others are not', async () => {
      await used();
      expect(await rates.take(two())).toMatchObject({ rate: TWO });
      expect(await isAllowed(two('bob'))).toBe(true);
      expect(await isAllowed({ rate: { ...TWO, name: 'another' }, key: 'ann' })).toBe(true);
    });

    test('a refusal says when the window ends, and refused calls do not prolong it', async () => {
      await used();
      const { retryAfterMs = 0 } = (await rates.take(two())) ?? {};
      expect(retryAfterMs).toBeGreaterThan(9_000);
      expect(retryAfterMs).toBeLessThanOrEqual(10_000);
      await under.halfWindow();
      const { retryAfterMs: left = 0 } = (await rates.take(two())) ?? {};
      expect(left).toBeGreaterThan(0);
      expect(left).toBeLessThanOrEqual(5_000);
      await under.halfWindow();
      await used();
      expect(await isAllowed(two())).toBe(false);
    });

    test('of several keys one that is over its limit is enough', async () => {
      await used('bob');
      expect(await rates.take({ rate: MANY, key: 'ann' }, two('bob'))).toMatchObject({ rate: TWO });
    });

    test('a key that is over its limit uses up nothing of those that follow it', async () => {
      const office: Rate = { name: 'office', most: 6, seconds: 10 };
      const call = (key: string) => rates.take(two(key), { rate: office, key: 'office' });
      for (let i = 0; i < 20; i++) await call('ann');
      expect(await call('bob')).toBe(null);
    });

    test('a limit of 0 is none', async () => {
      for (let i = 0; i < 5; i++)
        expect(await isAllowed({ rate: { ...TWO, most: 0 }, key: 'ann' })).toBe(true);
    });

    test('a cleared key begins a new window', async () => {
      await isAllowed(two());
      await rates.clear(two());
      await used();
    });

    test('a key may be any text', async () => {
      const key = 'a:b}{ü%/ 1\n';
      await used(key);
      expect(await isAllowed(two(key))).toBe(false);
    });

    test('calls at once are counted one by one', async () => {
      const allowed = await Promise.all(Array.from({ length: 20 }, () => isAllowed(two())));
      expect(allowed.filter(Boolean)).toHaveLength(2);
    });

    test('processes that share a store share the limit', async ({ skip }) => {
      if (!under.other) return skip();
      await used();
      expect(await under.other.take(two())).toMatchObject({ rate: TWO });
    });
  });
}
