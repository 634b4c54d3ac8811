import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TurnSlots } from '../../../core/live/turn-slots/turn-slots.ts';
import type { TurnJob } from '../../../core/queue/jobs.ts';

export interface SlotsUnderTest {
  /** With two slots for each owner. */
  slots: TurnSlots;
  /** Lets all leases lapse that are not renewed. */
  lapse(): Promise<void>;
  stop(): Promise<void>;
}

/** What every adapter promises. */
export function describeTurnSlots(adapter: string, create: () => Promise<SlotsUnderTest>): void {
  describe(`the slots of owners' turns: ${adapter}`, () => {
    let under: SlotsUnderTest;
    let slots: TurnSlots;
    beforeEach(async () => {
      under = await create();
      slots = under.slots;
    });
    afterEach(() => under.stop());

    const turn = (owner = 'ann'): TurnJob => ({ conversationId: uuidv7(), turnId: uuidv7(), owner });
    const isHeld = async (job: TurnJob) => (await slots.take(job)).isHeld;
    /** Two that have slots, and as many that wait. */
    async function full(waiting: number) {
      const [one, two, ...waits] = Array.from({ length: 2 + waiting }, () => turn()) as [TurnJob, TurnJob];
      for (const job of [one, two]) expect(await isHeld(job)).toBe(true);
      for (const job of waits) expect(await isHeld(job)).toBe(false);
      return { one, two, waits: waits as TurnJob[] };
    }

    test('an owner has so many, whatever another has', async () => {
      await full(1);
      expect(await isHeld(turn('bob'))).toBe(true);
    });

    test('asking again keeps the slot, and the place of one that waits', async () => {
      const { one, waits } = await full(2);
      expect(await isHeld(one)).toBe(true);
      expect(await isHeld(waits[1] as TurnJob)).toBe(false);
      expect(await slots.release(one)).toEqual([waits[0]]);
    });

    test('a slot that is given up goes to the oldest turn that waits, and no newcomer gets before it', async () => {
      const { one, two, waits } = await full(2);
      expect(await slots.release(one)).toEqual([waits[0]]);
      const newcomer = turn();
      expect(await isHeld(newcomer)).toBe(false);
      expect(await isHeld(waits[0] as TurnJob)).toBe(true);
      expect(await slots.release(two)).toEqual([waits[1]]);
      expect(await slots.release(waits[0] as TurnJob)).toEqual([newcomer]);
    });

    test('one that is not spoken any more gives its wait up', async () => {
      const { one, waits } = await full(2);
      expect(await slots.release(waits[0] as TurnJob)).toEqual([]);
      expect(await slots.release(one)).toEqual([waits[1]]);
    });

    test('the slot of a speaker that died is given to who waits', async () => {
      const { one, two, waits } = await full(1);
      expect(await slots.admit()).toEqual([]);
      await under.lapse();
      expect(await slots.admit()).toEqual(waits);
      expect(await isHeld(waits[0] as TurnJob)).toBe(true);
      // The dead one's turn is taken up by another speaker, and so on.
      expect(await isHeld(one)).toBe(true);
      expect(await isHeld(two)).toBe(false);
    });

    test('who renews keeps the slot, also where it was lost', async () => {
      const { one, two } = await full(1);
      await under.lapse();
      await slots.renew(one);
      await slots.renew(two);
      expect(await slots.admit()).toEqual([]);
    });

    test('one that was admitted and did not come is admitted again', async () => {
      const { one, waits } = await full(1);
      expect(await slots.release(one)).toEqual(waits);
      expect(await slots.admit()).toEqual([]);
      expect(await slots.isWaiting(waits[0] as TurnJob)).toBe(true);
      await under.lapse();
      expect(await slots.admit()).toEqual(waits);
    });

    test('a turn waits from its refusal until it has a slot or is given up', async () => {
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

    test("a newcomer that finds room finds others' turns first", async () => {
      const { waits } = await full(1);
      await under.lapse();
      const newcomer = turn();
      expect(await slots.take(newcomer)).toEqual({ isHeld: true, admitted: waits });
    });

    test('an owner may be called anything', async () => {
      const owner = 'a:b}{ü%/ 1';
      const jobs = [turn(owner), turn(owner), turn(owner)] as [TurnJob, TurnJob, TurnJob];
      for (const job of jobs) await slots.take(job);
      expect(await slots.release(jobs[0])).toEqual([jobs[2]]);
    });
  });
}
