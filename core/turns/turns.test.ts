import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { UnavailableError } from '../errors.ts';
import { createLog } from '../telemetry/log.ts';
import { ANSWER_WITHIN_MS } from './deadline.ts';
import { Turns } from './turns.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test('an end that comes too late to be stored is told to nobody', async () => {
  const told: string[] = [];
  const feed = {
    state: async () => ({}),
    interrupt: async () => void told.push('interrupted'),
    append: async () => void told.push('ended'),
  };
  let ended: Promise<unknown> = Promise.resolve();
  const store = {
    end: (_id: string, _owner: string, _status: string, tell: (ending: boolean) => Promise<unknown>) => {
      ended = new Promise((resolve) => setTimeout(resolve, ANSWER_WITHIN_MS + 1)).then(() => tell(true));
      return ended;
    },
  };
  const log = createLog({ level: 'silent', format: 'json' });
  const turns = new Turns({ store, feed, log } as never);
  const refused = expect(turns.end('conversation', 'owner')).rejects.toThrow(UnavailableError);
  await vi.advanceTimersByTimeAsync(ANSWER_WITHIN_MS);
  await refused;
  const late = expect(ended).rejects.toThrow(UnavailableError);
  await vi.advanceTimersByTimeAsync(1);
  await late;
  expect(told).toEqual([]);
});
