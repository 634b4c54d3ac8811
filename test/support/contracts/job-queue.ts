import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { DEFAULT_TENANT, LOCAL_OWNER } from '../../../core/domain/owner.ts';
import type { JobBackend } from '../../../core/queue/job-backend.ts';
import type { Processor } from '../../../core/queue/job-consumer.ts';
import type { JobProducer, Verdict } from '../../../core/queue/job-producer.ts';
import { type TimerJob, type TurnJob, timerJob, turnJob } from '../../../core/queue/jobs.ts';

/** The contract suite of the queues on every store. `create` makes another process on the same, initially empty store. */
export function describeJobs(store: string, create: () => Promise<JobBackend>): void {
  describe(`job contract: ${store}`, () => {
    let backend: JobBackend;
    const others: JobBackend[] = [];
    beforeEach(async () => {
      backend = await create();
    });
    afterEach(async () => {
      for (const other of others.splice(0)) await other.stop();
      await backend.stop();
    });

    /** Runs turns. Returns a record of what ran, which can be awaited. */
    async function run(process: Processor<TurnJob> = async () => {}, on = backend): Promise<Ran<TurnJob>> {
      const ran = new Ran<TurnJob>();
      const consumer = on.consumer(
        turnJob,
        (data, context) => ran.through(data, () => process(data, context)),
        {
          concurrency: 5,
          lockMs: 1_000,
        },
      );
      await consumer.start();
      return ran;
    }
    const owner = { owner: 'ann', tenant: DEFAULT_TENANT };
    const job = (): TurnJob => ({ conversationId: uuidv7(), turnId: uuidv7(), ...owner });

    test('a job that is added runs once, with its data', async () => {
      const ran = await run();
      const added = job();
      await backend.producer(turnJob).add(added);
      await ran.times(1);
      expect(ran.jobs).toEqual([added]);
    });

    test('a job that waits is not added twice', async () => {
      const jobs = backend.producer(turnJob);
      const [twice, once] = [job(), job()];
      for (const added of [twice, twice, once]) await jobs.add(added);
      const ran = await run();
      await ran.times(2);
      expect(ran.jobs.map(({ turnId }) => turnId).sort()).toEqual([twice.turnId, once.turnId].sort());
    });

    test('a job that runs is not added again', async () => {
      const jobs = backend.producer(turnJob);
      const added = job();
      let finish = () => {};
      const ran = await run(() => new Promise((resolve) => (finish = resolve)));
      await jobs.add(added);
      await ran.times(1);
      await jobs.add(added);
      expect(await jobs.isAlive(added)).toBe(true);
      finish();
      await expect.poll(() => jobs.isAlive(added), { interval: 10 }).toBe(false);
      expect(ran.jobs).toHaveLength(1);
    });

    test('a job that is done is removed, and can be added again', async () => {
      const jobs = backend.producer(turnJob);
      const added = job();
      const ran = await run();
      await jobs.add(added);
      await ran.times(1);
      await expect.poll(() => jobs.isAlive(added), { interval: 10 }).toBe(false);
      await jobs.add(added);
      await ran.times(2);
    });

    test('waiting, active and delayed jobs are counted', async () => {
      const [turns, timers] = [backend.producer(turnJob), backend.producer(timerJob)];
      const inState = async (queue: string, state: 'waiting' | 'active' | 'delayed') =>
        (await backend.counts()).find((one) => one.queue === queue)?.counts[state];
      const [waiting, delayed] = [await inState('turns', 'waiting'), await inState('timers', 'delayed')];
      await turns.add(job());
      expect(await inState('turns', 'waiting')).toBe(Number(waiting) + 1);
      await timers.arm({ kind: 'typing-lapse', conversationId: uuidv7() }, 60_000);
      expect(await inState('timers', 'delayed')).toBe(Number(delayed) + 1);
      let finish = () => {};
      const ran = await run(() => new Promise((resolve) => (finish = resolve)));
      await ran.times(1);
      expect(await inState('turns', 'active')).toBe(1);
      expect(await inState('turns', 'waiting')).toBe(0);
      finish();
    });

    test('a job that fails runs again', async () => {
      let tries = 0;
      const ran = await run(async () => {
        tries += 1;
        if (tries === 1) throw new Error('not yet');
      });
      await backend.producer(turnJob).add(job());
      await ran.times(2);
      expect(tries).toBe(2);
    });

    test('a job with a limit of attempts fails after the last one, and is kept with its reason', async () => {
      const few = { ...turnJob, queue: 'few', tries: { attempts: 3, waitMs: 10 } };
      const tries: number[] = [];
      const consumer = backend.consumer(
        few,
        async (_job, { attempt }) => {
          tries.push(attempt);
          throw new Error('never');
        },
        { concurrency: 1 },
      );
      await consumer.start();
      const jobs = backend.producer(few);
      const added = job();
      await jobs.add(added);
      const failed = async () =>
        (await backend.counts()).find(({ queue }) => queue === 'few')?.counts.failed ?? 0;
      await expect.poll(failed, { timeout: 60_000 }).toBeGreaterThan(0);
      expect(tries).toEqual([1, 2, 3]);
      expect(await jobs.failureOf(added)).toBe('never');
      await jobs.removeFailed(added);
      expect(await failed()).toBe(0);
    });

    test('a job whose worker stops without finishing it is run by another', async () => {
      const ran = await run(async (_job, { signal }) => {
        await new Promise((resolve) => signal.addEventListener('abort', resolve, { once: true }));
        throw new Error('handed over');
      });
      const jobs = backend.producer(turnJob);
      const added = job();
      await jobs.add(added);
      await ran.times(1);
      const other = await create();
      others.push(other);
      await backend.stop();
      const again = await run(undefined, other);
      await again.times(1);
      expect(again.jobs).toEqual([added]);
    });

    test('a job that its consumer cannot parse fails for good, with the reason', async () => {
      const lax = backend.producer({ ...turnJob, schema: z.any(), id: () => 'unreadable' });
      await lax.add({ conversationId: 'x' });
      const ran = await run();
      await expect.poll(() => lax.failureOf({})).toContain('its data cannot be read');
      expect(ran.jobs).toEqual([]);
    });

    test.each([
      ['owners', {}, LOCAL_OWNER],
      ['tenants', { owner: 'ann' }, owner],
    ])('a job of a version without %s has an owner, in the default tenant', async (_, has, becomes) => {
      const before = { conversationId: uuidv7(), turnId: uuidv7(), ...has };
      const old = backend.producer({ ...turnJob, schema: z.any(), id: () => before.turnId });
      await old.add(before);
      const ran = await run();
      await ran.times(1);
      expect(ran.jobs).toEqual([{ ...before, ...becomes }]);
    });

    test('onDone can add the same job again', async () => {
      const jobs = backend.producer(turnJob);
      const added = job();
      let runs = 0;
      const consumer = backend.consumer(turnJob, async () => void runs++, {
        concurrency: 1,
        onDone: (data) => void (runs === 1 && jobs.add(data)),
      });
      await consumer.start();
      await jobs.add(added);
      await expect.poll(() => runs).toBe(2);
    });

    test('invalid data is refused when the job is added', async () => {
      const wrong = { ...job(), conversationId: 'x' };
      await expect(backend.producer(turnJob).add(wrong)).rejects.toThrow();
    });

    test('jobs in every state are judged by their data, and removed unless they run', async () => {
      const kind = { ...turnJob, queue: `judged-${uuidv7()}`, tries: { attempts: 1, waitMs: 1 } };
      const jobs = backend.producer(kind);
      const [failed, running] = [job(), job()];
      const taken = new Ran<TurnJob>();
      let finish = () => {};
      const process = async ({ turnId }: TurnJob) => {
        if (turnId === failed.turnId) throw new Error('never');
        await new Promise<void>((resolve) => (finish = resolve));
      };
      const consumer = backend.consumer(kind, (data) => taken.through(data, () => process(data)), {
        concurrency: 1,
      });
      await consumer.start();
      await jobs.add(failed);
      await expect.poll(() => jobs.failureOf(failed)).toBe('never');
      await jobs.add(running);
      await taken.times(2);
      const [kept, ...waiting] = Array.from({ length: 121 }, job) as [TurnJob, ...TurnJob[]];
      for (const each of [...waiting.slice(60), kept, ...waiting.slice(0, 60)]) await jobs.add(each);
      await jobs.arm(job(), 3_600_000);
      const judge = async (data: readonly unknown[]) =>
        data.map((each) => ((each as TurnJob).turnId === kept.turnId ? 'keep' : 'remove') as Verdict);
      expect(await jobs.removeAll(judge)).toEqual({ removed: 122, running: 1 });
      expect(await jobs.failureOf(failed)).toBeUndefined();
      await jobs.dropEvents();
      finish();
      await taken.times(3);
      expect(taken.jobs.at(-1)).toEqual(kept);
      expect(await jobs.removeAll(judge)).toEqual({ removed: 0, running: 0 });
      finish();
    });

    describe('timers', () => {
      let jobs: JobProducer<TimerJob>;
      let fired: Ran<TimerJob>;
      const idle = (turnId: string | null = null): TimerJob => ({
        kind: 'idle',
        conversationId,
        turnId,
        nudged: false,
      });
      let conversationId: string;
      let whenFired: () => Promise<void>;
      beforeEach(async () => {
        conversationId = uuidv7();
        fired = new Ran<TimerJob>();
        jobs = backend.producer(timerJob);
        whenFired = async () => {};
        const consumer = backend.consumer(timerJob, (data) => fired.through(data, () => whenFired()), {
          concurrency: 5,
        });
        await consumer.start();
      });

      test('a timer that is armed again fires once, at the time and with the data of the last arming', async () => {
        const last = uuidv7();
        for (const turnId of [uuidv7(), uuidv7(), last]) await jobs.arm(idle(turnId), 250);
        const armed = performance.now();
        expect(await jobs.isArmed(idle())).toBe(true);
        await fired.times(1);
        expect(performance.now() - armed).toBeGreaterThan(200);
        expect(fired.jobs).toEqual([idle(last)]);
        await expect.poll(() => jobs.isArmed(idle()), { interval: 5 }).toBe(false);
      });

      test('a timer that is disarmed does not fire', async () => {
        await jobs.arm(idle(), 1_500);
        expect(await jobs.disarm(idle())).toBe(true);
        expect(await jobs.disarm(idle())).toBe(false);
        const witness: TimerJob = { kind: 'typing-lapse', conversationId };
        await jobs.arm(witness, 1_600);
        await fired.times(1);
        expect(fired.jobs).toEqual([witness]);
      });

      test('a timer that has fired can be armed again', async () => {
        await jobs.arm(idle(), 50);
        await fired.times(1);
        await jobs.arm(idle(), 50);
        await fired.times(2);
      });

      test('a timer that is armed while it fires, even several times, fires once more, as it was armed last', async () => {
        const last = uuidv7();
        whenFired = async () => {
          whenFired = async () => {};
          for (const turnId of [uuidv7(), last]) await jobs.arm(idle(turnId), 150);
        };
        await jobs.arm(idle(), 50);
        await fired.times(2);
        expect(fired.jobs.at(-1)).toEqual(idle(last));
        const witness: TimerJob = { kind: 'typing-lapse', conversationId };
        await jobs.arm(witness, 300);
        await fired.times(3);
        expect(fired.jobs.at(-1)).toEqual(witness);
      });
    });
  });
}

/** A record of the jobs that ran. */
class Ran<T> {
  readonly jobs: T[] = [];
  #wake: (() => void) | null = null;

  async through(job: T, process: () => Promise<void>): Promise<void> {
    this.jobs.push(job);
    this.#wake?.();
    await process();
  }

  async times(count: number): Promise<void> {
    while (this.jobs.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }
}
