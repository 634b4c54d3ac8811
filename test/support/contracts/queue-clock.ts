import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Clock } from '../../../core/clock/clock.ts';
import { LOCAL_OWNER } from '../../../core/domain/owner.ts';
import type { JobBackend } from '../../../core/queue/job-backend.ts';
import type { Processor } from '../../../core/queue/job-consumer.ts';
import { type TurnJob, turnJob } from '../../../core/queue/jobs.ts';
import { HOUR_MS, machines, rightNow } from '../clocks.ts';

const OFF: [string, number][] = [
  ['an hour ahead', HOUR_MS],
  ['an hour behind', -HOUR_MS],
];
export const MIXES = OFF.flatMap(([adds, adder]) =>
  OFF.map(([runs, runner]) => ({ adds, adder, runs, runner })),
);
/** The pairs whose clocks differ most; they also reveal a fault in a single one. */
export const OPPOSITE = MIXES.filter(({ adder, runner }) => adder !== runner);

/** Long enough that a slow store renews the lock in time. In milliseconds. */
const LOCK_MS = 2_000;

/**
 * The contract suite of the queues, on every store, with wrong clocks of machines. `create` makes another process on the same
 * store, which uses this clock.
 */
export function describeJobsOffTime(
  store: string,
  create: (clock: Clock) => Promise<JobBackend>,
  mixes = MIXES,
): void {
  describe.each(mixes)(
    `job contract: ${store}, added by a process $adds, run by one $runs`,
    ({ adder, runner }) => {
      let on: ReturnType<typeof machines>['on'];
      let opened: (() => Promise<void>)[];
      let job: typeof turnJob;
      let data: TurnJob;
      beforeEach(() => {
        const made = machines();
        on = made.on;
        opened = [async () => made.stop()];
        // A queue of its own, so that no test runs the jobs of another.
        job = { ...turnJob, queue: `off-time-${uuidv7()}`, tries: { attempts: 3, waitMs: 40 } };
        data = { conversationId: uuidv7(), turnId: uuidv7(), ...LOCAL_OWNER };
      });
      afterEach(async () => {
        for (const stop of opened.reverse()) await stop();
      });

      async function process(offsetMs: number): Promise<JobBackend> {
        const backend = await on(offsetMs, () => create({ now: rightNow }));
        opened.push(() => on(offsetMs, () => backend.stop()));
        return backend;
      }
      async function producer() {
        const backend = await process(adder);
        return on(adder, () => backend.producer(job));
      }
      /** Runs jobs. Returns the times at which they began, in milliseconds since the call. */
      async function run(work: Processor<TurnJob> = async () => {}, offsetMs = runner): Promise<number[]> {
        const begun: number[] = [];
        const since = performance.now();
        const backend = await process(offsetMs);
        await on(offsetMs, () =>
          backend
            .consumer(
              job,
              (...given) => {
                begun.push(performance.now() - since);
                return work(...given);
              },
              { concurrency: 2, lockMs: LOCK_MS },
            )
            .start(),
        );
        return begun;
      }
      const runsOf = (begun: number[]) => expect.poll(() => begun.length, { interval: 10, timeout: 60_000 });

      test('a timer fires at its time', async () => {
        const jobs = await producer();
        const fired = await run();
        const armed = performance.now();
        await on(adder, () => jobs.arm(data, 200));
        await runsOf(fired).toBe(1);
        expect(performance.now() - armed).toBeGreaterThan(150);
      });

      test('a timer that was armed before any consumer runs fires at its time', async () => {
        const jobs = await producer();
        await on(adder, () => jobs.arm(data, 100));
        await runsOf(await run()).toBe(1);
      });

      test('a job that fails runs again after its delay', async () => {
        const jobs = await producer();
        const tries = await run(async (_job, { attempt }) => {
          if (attempt < 3) throw new Error('not yet');
        });
        await on(adder, () => jobs.add(data));
        await runsOf(tries).toBe(3);
        expect((tries[2] ?? 0) - (tries[0] ?? 0)).toBeGreaterThan(100);
      });

      test('a schedule keeps its interval when any process sets it again', async () => {
        const jobs = await producer();
        await on(adder, () => jobs.schedule(data, 100));
        const ran = await run();
        await runsOf(ran).toBeGreaterThanOrEqual(2);
        await on(adder, () => jobs.schedule(data, 100));
        const own = (await process(runner)).producer(job);
        await on(runner, () => own.schedule(data, 100));
        const before = ran.length;
        await runsOf(ran).toBeGreaterThanOrEqual(before + 2);
        // Six runs take half a second: they did not come all at once.
        expect((ran.at(-1) ?? 0) / 100).toBeGreaterThan(ran.length - 3);
      });

      // Independent of the process that added the job, so it runs once for each runner.
      if (adder === runner || mixes === OPPOSITE)
        test('a job stays with its worker after its lock time, as seen by a worker with a correct clock', async () => {
          const jobs = await producer();
          let finish = () => {};
          const kept = await run(() => new Promise((resolve) => (finish = resolve)));
          await on(adder, () => jobs.add(data));
          await runsOf(kept).toBe(1);
          const taken = await run(async () => {}, 0);
          const until = performance.now() + 1.5 * LOCK_MS;
          await expect
            .poll(() => taken.length > 0 || performance.now() > until, { interval: 20, timeout: 60_000 })
            .toBe(true);
          expect([kept.length, taken.length]).toEqual([1, 0]);
          finish();
        });

      test('the waiting time of a job is measured', async () => {
        const jobs = await producer();
        await on(adder, () => jobs.add(data));
        const reader = await process(runner);
        on(runner, () => reader.producer(job));
        const [counted] = await on(runner, () => reader.counts());
        expect(counted?.counts).toMatchObject({ waiting: 1 });
        expect(counted?.oldestWaitingMs).toBeLessThan(60_000);
      });
    },
  );
}
