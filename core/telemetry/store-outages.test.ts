import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { databaseFault } from '../db/unavailable.ts';
import type { StoreName } from '../domain/errors.ts';
import { redisFault } from '../redis/errors.ts';
import { type Component, componentLog, createLog } from './log.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** The lines of a process whose stores are unavailable as long as `isAway`. */
function loggingProcess(level: 'info' | 'debug' = 'info') {
  const lines: Record<string, unknown>[] = [];
  const to = { write: (line: string) => void lines.push(JSON.parse(line)) };
  const log = createLog({ level, format: 'json', to, now: () => Date.now() });
  const state = { isAway: true };
  const check = async () => {
    if (state.isAway) throw new Error('unavailable');
  };
  const stop = log.outages?.watch({
    checks: new Map<StoreName, () => Promise<void>>([
      ['PostgreSQL', check],
      ['Redis', check],
    ]),
    onOver: (store, outage) => log.info({ store, ...outage }, `${store} is available again`),
  });
  return { log, lines, state, stop };
}

const refused = (port: number) =>
  Object.assign(new Error(`connect ECONNREFUSED 127.0.0.1:${port}`), { code: 'ECONNREFUSED' });
const ofDatabase = () => databaseFault(refused(5432));
const ofRedis = () => redisFault(refused(6379));

test('two stores that are unavailable for a minute have at most 20 lines, and one each when they are back', async () => {
  const { log, lines, state, stop } = loggingProcess();
  const components: Component[] = ['queue', 'redis', 'database', 'turns', 'timers', 'sweep'];
  for (let second = 0; second < 60; second++) {
    for (const component of components)
      for (let each = 0; each < 5; each++) {
        componentLog(log, component).warn({ err: ofDatabase(), each }, 'queue error');
        componentLog(log, component).error({ err: ofRedis(), each }, 'presence was not updated');
      }
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(lines.length).toBeGreaterThanOrEqual(2);
  expect(lines.length).toBeLessThanOrEqual(20);
  expect(lines[0]).toMatchObject({
    component: 'queue',
    msg: 'PostgreSQL is unavailable: queue error',
    err: { cause: { code: 'ECONNREFUSED' } },
  });
  expect(lines.at(-1)).toMatchObject({ faults: expect.any(Number) });
  expect(JSON.stringify(lines)).not.toContain('stack');
  lines.length = 0;
  state.isAway = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(lines.map(({ msg }) => msg).sort()).toEqual([
    'PostgreSQL is available again',
    'Redis is available again',
  ]);
  expect(lines[0]).toMatchObject({ ms: 59_000, faults: 1_800 });
  stop?.();
});

test('a store that fails again after it was back has a line at once', async () => {
  const { log, lines, state, stop } = loggingProcess();
  log.warn({ err: ofRedis() }, 'first');
  state.isAway = false;
  await vi.advanceTimersByTimeAsync(10_000);
  log.warn({ err: ofRedis() }, 'second');
  expect(lines.map(({ msg }) => msg)).toEqual([
    'Redis is unavailable: first',
    'Redis is available again',
    'Redis is unavailable: second',
  ]);
  stop?.();
});

test('one that fails now and then, though it passes its checks, has no two lines for each fault', async () => {
  const { log, lines, state, stop } = loggingProcess();
  state.isAway = false;
  for (let second = 0; second < 60; second++) {
    log.warn({ err: ofDatabase() }, 'a statement took too long');
    await vi.advanceTimersByTimeAsync(1_000);
  }
  expect(lines.length).toBeLessThanOrEqual(4);
  stop?.();
});

test('each fault has a line at debug level', () => {
  const { log, lines, stop } = loggingProcess('debug');
  for (let each = 0; each < 3; each++) log.warn({ err: ofRedis() }, 'presence was not updated');
  expect(lines.map(({ level }) => level)).toEqual([40, 20, 20]);
  stop?.();
});

test('other errors are logged each time, with their stacks', () => {
  const { log, lines, stop } = loggingProcess();
  for (let each = 0; each < 3; each++) log.error({ err: new Error('a bug') }, 'failed');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toMatchObject({ err: { stack: expect.stringContaining('store-outages.test') } });
  stop?.();
});
