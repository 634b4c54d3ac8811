import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type ModelHealth, PROBE_MS } from '../../../core/live/model-health/model-health.ts';

export interface HealthUnderTest {
  /** Two instances, as in two processes; the same one where there is only one process. */
  here: ModelHealth;
  there: ModelHealth;
  /** Lets time pass. */
  pass(ms: number): Promise<void>;
  stop(): Promise<void>;
}

/** The contract suite of every adapter. */
export function describeModelHealth(adapter: string, create: () => Promise<HealthUnderTest>): void {
  describe(`model health contract: ${adapter}`, () => {
    let under: HealthUnderTest;
    beforeEach(async () => {
      under = await create();
    });
    afterEach(() => under.stop());

    test('the circuit breaker of a model is closed at first', async () => {
      expect(await under.here.allowRequest('m')).toBe(true);
      expect(under.here.isOpen('m')).toBe(false);
    });

    test('while it is open no process may call the model, and other models are not affected', async () => {
      await under.here.open('m', 1_000);
      await expect.poll(() => under.there.isOpen('m')).toBe(true);
      expect(await under.there.allowRequest('m')).toBe(false);
      expect(await under.there.allowRequest('n')).toBe(true);
    });

    test('is shown as open until its rest is over, without another request', async () => {
      await under.here.open('m', 1_000);
      await expect.poll(() => under.there.openModels()).toEqual(['m']);
      await under.pass(999);
      expect(under.there.openModels()).toEqual(['m']);
      await under.pass(1);
      expect([under.here.openModels(), under.there.openModels()]).toEqual([[], []]);
    });

    test('when it is half-open one request may probe the model, and another one only after the probe has timed out', async () => {
      await under.here.open('m', 1_000);
      await expect.poll(() => under.there.isOpen('m')).toBe(true);
      await under.pass(1_000);
      const asked = await Promise.all([under.here.allowRequest('m'), under.there.allowRequest('m')]);
      expect(asked.filter(Boolean)).toHaveLength(1);
      expect(await under.there.allowRequest('m')).toBe(false);
      await under.pass(PROBE_MS);
      expect(await under.there.allowRequest('m')).toBe(true);
    });

    test('a probe that fails opens it again; a probe that succeeds closes it for every process', async () => {
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
