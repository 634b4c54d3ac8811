import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { StoreUnavailableError } from '../core/domain/errors.ts';
import { LOCAL_OWNER } from '../core/domain/owner.ts';
import { MemoryFeed } from '../core/live/feed/memory.ts';
import type { TurnRest } from '../core/store/turn-rest.ts';
import { createLog } from '../core/telemetry/log.ts';
import { SpokenTurn } from './spoken-turn.ts';
import { type StoringRest, storingRest } from './storing-rest.ts';

const COMPLETED = { type: 'TurnCompleted', usage: null, isTruncated: false } as const;
const FAILED = { type: 'TurnFailed', code: 'TIMEOUT', retryable: true } as const;
const over = new AbortController();
const job = { conversationId: 'c', turnId: 't', ...LOCAL_OWNER };

let storing: StoringRest;
let kept: TurnRest[];
let keep: (rest: TurnRest) => Promise<boolean>;
let fastForward: AbortController;

beforeEach(async () => {
  vi.useFakeTimers();
  const feed = new MemoryFeed();
  kept = [];
  keep = async () => true;
  fastForward = new AbortController();
  const turn = { id: 't', cause: 'USER_MESSAGE', model: 'm', text: 'One ', tokens: 1 } as const;
  const held = { ...turn, epoch: 'e', fencingToken: 1, startSeq: 1, startedAt: 0 };
  storing = storingRest({
    ...{ job, readingWpm: 300, signal: over.signal, fastForward: fastForward.signal },
    spoken: new SpokenTurn(feed, 'c', held, async () => {}),
    rests: {
      keep: (rest) => {
        kept.push(rest);
        return keep(rest);
      },
    },
    endingOf: (fault) => (fault === null ? COMPLETED : fault === 'of the model' ? FAILED : null),
    log: createLog({ level: 'silent', format: 'json' }),
  });
  async function* answer() {
    yield 'two ';
    yield 'thr\0ee';
  }
  const said: string[] = [];
  for await (const text of storing.kept(answer())) said.push(text);
  expect(said).toEqual(['two ', 'thr\0ee']);
});
afterEach(() => vi.useRealTimers());

const leave = (fault: unknown = null, left = 5_000) => storing.leave({ fault, leftMs: () => left });
const rest = {
  ...{ conversationId: 'c', turnId: 't', text: 'One two thr\uFFFDee', spoken: 4, tokens: 1 },
  ...{ model: 'm', fallback: null, readingWpm: 300 },
};

test('the whole text is stored, with how far it is spoken and how it ends', async () => {
  expect(await leave()).toBe(true);
  expect(await leave('of the model')).toBe(true);
  expect(kept).toEqual([
    { ...rest, ending: COMPLETED },
    { ...rest, ending: FAILED },
  ]);
});

test('nothing is stored of a rest that takes less than a second', async () => {
  expect(await leave(null, 999)).toBe(false);
  expect(kept).toEqual([]);
});

test('nothing is stored of a turn that is fast-forwarded, or that is tried again', async () => {
  expect(await leave('another error')).toBe(false);
  fastForward.abort();
  expect(await leave()).toBe(false);
  expect(kept).toEqual([]);
});

test('the rest of a turn that is not pending is not left to another job', async () => {
  keep = async () => false;
  expect(await leave()).toBe(false);
});

test('it is stored as soon as the database is available, if it is long enough then', async () => {
  for (const [left, isKept] of [
    [5_000, true],
    [1_500, false],
  ] as const) {
    let leftMs = left;
    keep = async () => {
      keep = async () => true;
      throw new StoreUnavailableError('unavailable');
    };
    const leaving = storing.leave({ fault: null, leftMs: () => leftMs });
    await vi.advanceTimersByTimeAsync(999);
    leftMs -= 999;
    await vi.advanceTimersByTimeAsync(1);
    expect(await leaving).toBe(isKept);
  }
  expect(kept).toHaveLength(3);
});
