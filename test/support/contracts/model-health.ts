import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ModelHealth, PROBE_MS } from '../../../core/live/model-health/model-health.ts';

export interface HealthUnderTest {
  /** Two of them, as two processes would have; the same one where there is but one process. */
  here: ModelHealth;
  there: ModelHealth;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** What every adapter promises. */
export function describeModelHealth(adapter: string, create: () => Promise<HealthUnderTest>): void {
  describe(`the health of models: ${adapter}`, () => {
    let under: HealthUnderTest;
    beforeEach(async () => {
      under = await create();
    });
    afterEach(() => under.stop());

    test('a model of which nothing bad is known may be asked', async () => {
      expect(await under.here.allowRequest('m')).toBe(true);
      expect(under.here.isOpen('m')).toBe(false);
    });

    test('a sick model is not to be asked by anyone, another one is', async () => {
      await under.here.open('m', 1_000);
      await expect.poll(() => under.there.isOpen('m')).toBe(true);
      expect(await under.there.allowRequest('m')).toBe(false);
      expect(await under.there.allowRequest('n')).toBe(true);
    });

    test('once its rest is over one turn may probe it, until that has told or time is up', async () => {
      await under.here.open('m', 1_000);
      await expect.poll(() => under.there.isOpen('m')).toBe(true);
      await under.pass(1_000);
      const asked = await Promise.all([under.here.allowRequest('m'), under.there.allowRequest('m')]);
      expect(asked.filter(Boolean)).toHaveLength(1);
      expect(await under.there.allowRequest('m')).toBe(false);
      await under.pass(PROBE_MS);
      expect(await under.there.allowRequest('m')).toBe(true);
    });

    test('a probe that fails has it rest again; one that is answered has everyone ask again', async () => {
      await under.here.open('m', 1_000);
      await expect.poll(() => under.there.isOpen('m')).toBe(true);
      await under.pass(1_000);
      expect(await under.there.allowRequest('m')).toBe(true);
      await under.there.open('m', 1_000);
      expect(await under.there.allowRequest('m')).toBe(false);
      await under.pass(1_000);
      expect(await under.there.allowRequest('m')).toBe(true);
      await under.there.close('m');
      await expect.poll(() => under.here.isOpen('m')).toBe(false);
      expect(await under.here.allowRequest('m')).toBe(true);
      expect(await under.there.allowRequest('m')).toBe(true);
    });
  });
}
