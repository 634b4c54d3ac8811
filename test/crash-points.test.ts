import { afterAll, beforeAll, expect, test } from 'vitest';
import { timerJob } from '../core/queue/jobs.ts';
import { type Crash, crash, type Healer } from './crash-points/crash.ts';
import { OPERATIONS, type Operation } from './crash-points/operations.ts';
import type { Stores } from './crash-points/process.ts';
import { describeBackends } from './support/backends.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';

await describeBackends('a crash between any two effects', (backend) => {
  const systems: TestSystem[] = [];
  let stores: { doomed: Stores; healthy: Stores };
  beforeAll(async () => {
    const env = await backend.env();
    const open = async (): Promise<Stores> => {
      const system = await startTestSystem(env, { worker: false });
      systems.push(system);
      return { app: system.app, timerJobs: system.app.backend.producer(timerJob) };
    };
    const healthy = await open();
    // The embedded stores belong to one process: there the other process is a second set of objects on the same stores.
    stores = { healthy, doomed: backend.name === 'embedded' ? healthy : await open() };
  });
  afterAll(async () => {
    for (const system of systems.reverse()) await system.stop();
  });

  test.each(OPERATIONS)('$name ($from): nothing is lost, and nothing is heard twice', async (operation) => {
    const { made, faults } = await crash(stores, operation, { fate: null, healer: 'sweep' });
    expect(faults).toEqual([]);
    const points = crashes(operation, made.length);
    const found: unknown[] = [];
    const tryNext = async (): Promise<void> => {
      for (let point = points.pop(); point; point = points.pop()) {
        const { faults } = await crash(stores, operation, point);
        if (faults.length > 0) found.push({ ...point, effect: made[point.fate?.at ?? 0], faults });
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, tryNext));
    expect(found).toEqual([]);
  });
});

/** How many crashes run at once: each has a conversation of its own. */
const AT_ONCE = 6;

/** Crashes before and after each of so many effects, each repaired by every kind of healer. */
function crashes(operation: Operation, effects: number): Crash[] {
  const healers = healersOf(operation);
  const [first = 'sweep'] = healers;
  return Array.from({ length: effects }, (_, at): Crash[] => [
    ...healers.map((healer): Crash => ({ fate: { at, how: 'dies' }, healer })),
    { fate: { at, how: 'loses the reply' }, healer: first },
  ]).flat();
}

function healersOf({ name, from, deletes }: Operation): Healer[] {
  const isSpoken = from === 'speaking' || from === 'typing' || from === 'queued';
  if (deletes) return isSpoken ? ['sweep', 'speaker'] : ['sweep', 'timer'];
  // A speaker repairs every operation that interrupts it in the same way.
  const isCutOff = isSpoken && (name === 'send' || name === 'end');
  return isCutOff ? ['sweep', 'next operation', 'speaker'] : ['sweep', 'next operation'];
}
