import { expect, test, vi } from 'vitest';
import { checkReadiness, NotReadyError, storesUp } from './readiness.ts';

const working = { part: 'database', check: async () => {}, describe: String } as const;

test('resolves if every part is ready', async () => {
  await expect(checkReadiness([working])).resolves.toBeUndefined();
});

test('names each part that is not ready, with its reason, also one that does not answer in time', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const broken = {
    part: 'redis',
    check: () => Promise.reject(new Error('x')),
    describe: () => 'It is full.',
  } as const;
  const silent = {
    part: 'queue',
    check: () => new Promise(() => {}),
    describe: () => 'It does not answer.',
  } as const;
  const failure = checkReadiness([working, broken, silent]).catch((error: unknown) => error);
  await vi.advanceTimersByTimeAsync(1_900);
  vi.useRealTimers();
  expect(await failure).toBeInstanceOf(NotReadyError);
  expect(await failure).toMatchObject({
    parts: [
      { part: 'redis', reason: 'It is full.' },
      { part: 'queue', reason: 'It does not answer.' },
    ],
  });
});

test('says of each store whether it takes writes, also of one that does not answer in time', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const silent = { part: 'redis', check: () => new Promise(() => {}), describe: String } as const;
  const queue = { part: 'queue', check: async () => {}, describe: String } as const;
  const measured = storesUp([working, silent, queue]);
  await vi.advanceTimersByTimeAsync(900);
  vi.useRealTimers();
  expect([...(await measured)]).toEqual([
    ['postgresql', true],
    ['redis', false],
  ]);
});
