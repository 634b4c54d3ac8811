import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DEFAULT_TENANT } from '../../../core/domain/owner.ts';
import type { TurnSlots } from '../../../core/live/turn-slots/turn-slots.ts';
import type { TurnJob } from '../../../core/queue/jobs.ts';

export interface SlotsUnderTest {
  /** With two slots for each owner. */
  slots: TurnSlots;
  /** Lets all leases expire that are not renewed. */
  lapse(): Promise<void>;
  stop(): Promise<void>;
}

/** The contract suite of every adapter. */
export function describeTurnSlots(adapter: string, create: () => Promise<SlotsUnderTest>): void {
  describe(`turn slots contract: ${adapter}`, () => {
    let under: SlotsUnderTest;
    let slots: TurnSlots;
    beforeEach(async () => {
      under = await create();
      slots = under.slots;
    });
    afterEach(() => under.stop());

    const turn = (owner = 'ann', tenant = DEFAULT_TENANT): TurnJob => ({
      ...{ conversationId: uuidv7(), turnId: uuidv7() },
      ...{ owner, tenant },
    });
    const isHeld = async (job: TurnJob) => (await slots.take(job)).isHeld;
    /** Two turns that have slots, and a number of turns that wait. */
    async function full(waiting: number) {
      const [one, two, ...waits] = Array.from({ length: 2 + waiting }, () => turn()) as [TurnJob, TurnJob];
      for (const job of [one, two]) expect(await isHeld(job)).toBe(true);
      for (const job of waits) expect(await isHeld(job)).toBe(false);
      return { one, two, waits: waits as TurnJob[] };
    }

    test('the slots of owners are independent', async () => {
      await full(1);
      expect(await isHeld(turn('bob'))).toBe(true);
    });

    test('the same owner id in two tenants has its own slots, and a turn is admitted with its tenant', async () => {
      const { one, waits } = await full(1);
      const others = Array.from({ length: 3 }, () => turn('ann', 'another')) as [TurnJob, TurnJob, TurnJob];
      expect([await isHeld(others[0]), await isHeld(others[1]), await isHeld(others[2])]).toEqual([
        true,
        true,
        false,
      ]);
      expect(await slots.release(others[0])).toEqual([others[2]]);
      expect(await slots.release(one)).toEqual(waits);
      await under.lapse();
      expect(new Set(await slots.admit())).toEqual(new Set([others[2], ...waits]));
    });

    test('taking again is idempotent: a turn keeps its slot or its place among those that wait', async () => {
      const { one, waits } = await full(2);
      expect(await isHeld(one)).toBe(true);
      expect(await isHeld(waits[1] as TurnJob)).toBe(false);
      expect(await slots.release(one)).toEqual([waits[0]]);
    });

    test('a released slot goes to the oldest turn that waits, never to a newer one', async () => {
      const { one, two, waits } = await full(2);
      expect(await slots.release(one)).toEqual([waits[0]]);
      const newcomer = turn();
      expect(await isHeld(newcomer)).toBe(false);
      expect(await isHeld(waits[0] as TurnJob)).toBe(true);
      expect(await slots.release(two)).toEqual([waits[1]]);
      expect(await slots.release(waits[0] as TurnJob)).toEqual([newcomer]);
    });

    test('a turn that is released while it waits waits no more', async () => {
      const { one, waits } = await full(2);
      expect(await slots.release(waits[0] as TurnJob)).toEqual([]);
      expect(await slots.release(one)).toEqual([waits[1]]);
    });

    test('the slot of a dead speaker goes to a turn that waits', async () => {
      const { one, two, waits } = await full(1);
      expect(await slots.admit()).toEqual([]);
      await under.lapse();
      expect(await slots.admit()).toEqual(waits);
      expect(await isHeld(waits[0] as TurnJob)).toBe(true);
      // Another speaker takes over the turn of the dead one.
      expect(await isHeld(one)).toBe(true);
      expect(await isHeld(two)).toBe(false);
    });

    test('a speaker that renews its lease keeps the slot, also after the slot was lost', async () => {
      const { one, two } = await full(1);
      await under.lapse();
      await slots.renew(one);
      await slots.renew(two);
      expect(await slots.admit()).toEqual([]);
    });

    test('a turn that was admitted and did not take its slot is admitted again', async () => {
      const { one, waits } = await full(1);
      expect(await slots.release(one)).toEqual(waits);
      expect(await slots.admit()).toEqual([]);
      expect(await slots.isWaiting(waits[0] as TurnJob)).toBe(true);
      await under.lapse();
      expect(await slots.admit()).toEqual(waits);
    });

    test('a turn waits from its refusal until it has a slot or is released', async () => {
      const { one, waits } = await full(1);
      const [waiting] = waits as [TurnJob];
      expect(await slots.isWaiting(waiting)).toBe(true);
      expect(await slots.isWaiting(one)).toBe(false);
      const admitted = () => Promise.all([one, waiting].map((turn) => slots.isAdmitted(turn)));
      expect(await admitted()).toEqual([false, false]);
      await slots.release(one);
      expect(await admitted()).toEqual([false, true]);
      await slots.take(waiting);
      expect(await admitted()).toEqual([false, false]);
      expect(await slots.isWaiting(waiting)).toBe(false);
    });

    test('a turn that finds free slots admits the turns that waited before it', async () => {
      const { waits } = await full(1);
      await under.lapse();
      const newcomer = turn();
      expect(await slots.take(newcomer)).toEqual({ isHeld: true, admitted: waits });
    });

    test('clearing an owner leaves none of their turns, and those of others', async () => {
      const { one, waits } = await full(2);
      const others = Array.from({ length: 3 }, () => turn('ann', 'another')) as [TurnJob, TurnJob, TurnJob];
      for (const job of others) await slots.take(job);
      expect(await slots.clear({ owner: 'ann', tenant: DEFAULT_TENANT })).toBe(2);
      expect(await slots.isWaiting(waits[0] as TurnJob)).toBe(false);
      expect(await slots.release(one)).toEqual([]);
      expect(await slots.clear({ owner: 'ann', tenant: DEFAULT_TENANT })).toBe(0);
      expect(await slots.release(others[0])).toEqual([others[2]]);
    });

    test('an owner and a tenant may have any name', async () => {
      const name = 'a:b}{ü%/ 1';
      const jobs = Array.from({ length: 3 }, () => turn(name, name)) as [TurnJob, TurnJob, TurnJob];
      for (const job of jobs) await slots.take(job);
      expect(await slots.release(jobs[0])).toEqual([jobs[2]]);
    });
  });
}
