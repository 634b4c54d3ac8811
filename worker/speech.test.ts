import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { SeededRandom } from '../test/support/seeded-random.ts';
import { speak } from './speech.ts';

const MAX_BEAT_MS = 5;

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'], now: 0 });
  // The pace of speech is random.
  const pace = new SeededRandom(1);
  vi.spyOn(Math, 'random').mockImplementation(() => pace.next());
});
afterEach(() => {
  vi.restoreAllMocks();
  vi.useRealTimers();
});

/** Speaks words that a model produces, each after so many milliseconds. Returns when each was spoken, and how late. */
async function spoken(gapsMs: readonly number[]) {
  const turn = speaking(gapsMs);
  await vi.runAllTimersAsync();
  return turn;
}

/** The same, where the caller moves the clock: one mover for all turns, as two would move it past what the others do. */
async function speaking(gapsMs: readonly number[], offsetMs = 0) {
  const said: { text: string; at: number }[] = [];
  const late: number[] = [];
  let looks = 0;
  const now = () => {
    looks++;
    return Date.now();
  };
  const over = speak(
    async function* () {
      for (const [n, gap] of gapsMs.entries()) {
        await new Promise((resolve) => setTimeout(resolve, gap + (n === 0 ? offsetMs : 0)));
        yield `word${n} `;
      }
    },
    {
      ...{ pacing: 'HUMAN', readingWpm: 300, now, signal: new AbortController().signal },
      say: async (text) => {
        said.push({ text, at: now() });
        return true;
      },
      onSaid: (lagMs) => late.push(lagMs),
    },
  );
  expect(await over).toBe('whole');
  return { said, late, looks, text: said.map(({ text }) => text).join('') };
}

const words = (count: number) => Array.from({ length: count }, (_, n) => `word${n} `).join('');

describe('speech at human pace', () => {
  test.each([0, 3, 17, 50])(
    'says every word once and in order, at most a beat late (a word every %i ms)',
    async (gap) => {
      const { late, text } = await spoken(Array.from({ length: 100 }, () => gap));
      expect(text).toBe(words(100));
      expect(Math.max(...late)).toBeLessThanOrEqual(MAX_BEAT_MS + 1);
    },
  );

  test('of many turns falls on the same beats, so that their words are written together', async () => {
    const turns = [0, 1, 2, 3, 4].map((offset) =>
      speaking(
        Array.from({ length: 50 }, () => 20),
        offset,
      ),
    );
    await vi.runAllTimersAsync();
    for (const [offset, { said }] of (await Promise.all(turns)).entries()) {
      // The first word is said when the model has produced it, and what is due when it has ended is said then.
      const endedAt = 50 * 20 + offset;
      const rest = said.slice(1).filter(({ at }) => at !== endedAt);
      expect(rest.filter(({ at }) => at % MAX_BEAT_MS !== 0)).toEqual([]);
      expect(rest.length).toBeGreaterThan(20);
    }
  });

  test('wakes up for no chunk that changes nothing', async () => {
    const { said, looks } = await spoken(Array.from({ length: 200 }, () => 1));
    // It looks at the clock for each chunk, and when it wakes up, says something and waits again.
    expect(looks - 200).toBeLessThanOrEqual(6 * said.length);
  });
});

describe('speech at a reader’s pace', () => {
  /** Speaks a text that is produced at once. `until`: when the rest is fast-forwarded. */
  async function read(text: string, readingWpm: number, until?: number) {
    const hurry = new AbortController();
    if (until !== undefined) setTimeout(() => hurry.abort(), until);
    const said: { text: string; at: number }[] = [];
    const over = speak(
      async function* () {
        yield text;
      },
      {
        ...({ pacing: 'READING', readingWpm, now: () => Date.now() } as const),
        ...{ signal: new AbortController().signal, fastForward: hurry.signal },
        say: async (part) => said.push({ text: part, at: Date.now() }) > 0,
      },
    );
    await vi.runAllTimersAsync();
    expect(await over).toBe('whole');
    return said;
  }

  test('says each word at its time, a beat late at most', async () => {
    const said = await read(words(600), 300);
    expect(said).toHaveLength(600);
    for (const [n, { at }] of said.entries()) {
      expect(at).toBeGreaterThanOrEqual(n * 200);
      expect(at).toBeLessThanOrEqual(n * 200 + MAX_BEAT_MS + 1);
    }
  });

  test('says the rest at once when it is fast-forwarded', async () => {
    const said = await read(words(600), 150, 1_000);
    expect(said.map(({ at }) => at)).toEqual([0, 405, 805, 1_000]);
    expect(said.map(({ text }) => text).join('')).toBe(words(600));
  });
});

describe('speech that is left to another job', () => {
  async function leaving(isLeft: boolean) {
    const said: string[] = [];
    const asked: number[] = [];
    const outcome = speak(
      async function* () {
        yield words(40);
      },
      {
        ...{
          pacing: 'READING',
          readingWpm: 300,
          now: () => Date.now(),
          signal: new AbortController().signal,
        },
        say: async (text) => {
          said.push(text);
          return true;
        },
        leave: async ({ fault, leftMs }) => {
          expect(fault).toBeNull();
          asked.push(leftMs());
          // By the faked clock, which runs to the last timer.
          await new Promise((resolve) => setTimeout(resolve, 1_950));
          return isLeft;
        },
      },
    );
    await vi.runAllTimersAsync();
    return { outcome: await outcome, text: said.join(''), asked };
  }

  test('is spoken until it is left, and not longer', async () => {
    expect(await leaving(true)).toEqual({ outcome: 'left', text: words(10), asked: [39 * 200] });
  });

  test('is spoken to its end if it is not', async () => {
    expect(await leaving(false)).toEqual({ outcome: 'whole', text: words(40), asked: [39 * 200] });
  });
});
