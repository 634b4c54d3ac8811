import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastCpuMs } from '../../test/support/cpu-time.ts';
import { type Chunk, joined, type Spoken, spokenBy } from '../../test/support/paced-speech.ts';
import { SeededRandom } from '../../test/support/seeded-random.ts';
import { CATCH_UP_SCALE_MS, drainTime, MAX_LAG_MS, speechRate } from './catch-up.ts';
import { FRAME_MS, JITTER_MS, MAX_HOLD_MS, Pacer, UNIT_MS } from './pacer.ts';

/** The rounding error of sums of milliseconds. */
const EPSILON_MS = 1e-6;

function speak(chunks: readonly Chunk[], options: { random?: () => number; every?: number } = {}): Spoken[] {
  const pacer = new Pacer({ pacing: 'HUMAN', random: options.random ?? (() => 0.5) });
  return spokenBy(pacer, chunks, options.every);
}

/** The longest time between the production and the speaking of a code unit. */
function worstLag(chunks: readonly Chunk[], spoken: readonly Spoken[]): number {
  let length = 0;
  const ends = spoken.map((said) => {
    length += said.text.length;
    return { time: said.at, end: length };
  });
  let worst = 0;
  let produced = 0;
  let at = 0;
  let next = 0;
  for (const { text, after } of chunks) {
    at += after;
    produced += text.length;
    while (next < ends.length - 1 && (ends[next]?.end ?? 0) < produced) next++;
    worst = Math.max(worst, (ends[next]?.time ?? 0) - at);
  }
  return worst;
}

const words = fc.constantFrom(
  ...[
    'Hello',
    ', ',
    'world',
    '. ',
    ' and',
    ' so',
    'on ',
    '!',
    ' 3.14',
    '\n',
    '今天天气很好我们去公园',
    '。',
    'สวัสดีครับ',
    '👍🏽',
    'a b c. ',
  ],
  ...['word '.repeat(40), 'One, two. '.repeat(120), '天气'.repeat(60), 'x'.repeat(90)],
);
const production: fc.Arbitrary<Chunk[]> = fc.array(
  fc.record({
    text: words,
    after: fc.oneof(
      fc.integer({ min: 0, max: 20 }),
      fc.integer({ min: 0, max: 2_000 }),
      fc.double({ min: 0, max: 60, noNaN: true }),
    ),
  }),
  { minLength: 1, maxLength: 60 },
);

describe('speaking at human pace', () => {
  it('the joined utterances are the produced text, and no text is due before the text that precedes it', () => {
    fc.assert(
      fc.property(production, fc.integer(), (chunks, seed) => {
        const spoken = speak(chunks, { random: seeded(seed) });
        expect(joined(spoken)).toBe(joined(chunks));
        let last = Number.NEGATIVE_INFINITY;
        for (const { dueAt, tokens } of spoken) {
          expect(dueAt).toBeGreaterThanOrEqual(last - EPSILON_MS);
          expect(tokens).toBeGreaterThan(0);
          last = dueAt;
        }
      }),
    );
  });

  it('everything is spoken within the longest lag, also after the model has finished', () => {
    fc.assert(
      fc.property(production, fc.integer(), (chunks, seed) => {
        const spoken = speak(chunks, { random: seeded(seed) });
        expect(worstLag(chunks, spoken)).toBeLessThanOrEqual(MAX_LAG_MS + EPSILON_MS);
      }),
      { numRuns: 150 },
    );
  });

  it('new text never delays queued text', () => {
    fc.assert(
      fc.property(production, fc.integer(), (chunks, seed) => {
        const pacer = new Pacer({ pacing: 'HUMAN', random: seeded(seed) });
        let now = 0;
        for (const { text, after } of chunks) {
          now += after;
          while (pacer.take(now) !== null);
          const before = pacer.nextDueAt();
          pacer.push(text, now);
          if (before !== null) expect(pacer.nextDueAt()).toBeLessThanOrEqual(before + EPSILON_MS);
        }
      }),
    );
  });

  it('a slow listener gets everything in order, late by at most its own interval', () => {
    fc.assert(
      fc.property(production, fc.integer({ min: 1, max: 700 }), (chunks, every) => {
        const spoken = speak(chunks, { every });
        expect(joined(spoken)).toBe(joined(chunks));
        expect(worstLag(chunks, spoken)).toBeLessThanOrEqual(MAX_LAG_MS + every + EPSILON_MS);
      }),
    );
  });

  it('ten thousand words at once are spoken within the longest lag, in at most one utterance per frame', () => {
    const spoken = speak([{ text: 'word '.repeat(10_000), after: 0 }]);
    expect(spoken.at(-1)?.at).toBeLessThanOrEqual(MAX_LAG_MS);
    expect(spoken.length).toBeLessThanOrEqual(MAX_LAG_MS / FRAME_MS + 1);
    expect(spoken.reduce((sum, said) => sum + said.tokens, 0)).toBe(10_000);
  });

  it('with a small backlog, a unit comes after the time of the unit before it and its pause', () => {
    fc.assert(
      fc.property(fc.integer(), (seed) => {
        const spoken = speak([{ text: 'One two, three four. Five six', after: 0 }], { random: seeded(seed) });
        const gaps = spoken.slice(1).map((said, i) => said.at - (spoken[i]?.at ?? 0));
        const pauses = [0, 120, 0, 250, 0];
        expect(gaps).toHaveLength(5);
        for (const [i, gap] of gaps.entries()) {
          expect(gap - (pauses[i] ?? 0)).toBeGreaterThanOrEqual(UNIT_MS - JITTER_MS - EPSILON_MS);
          expect(gap - (pauses[i] ?? 0)).toBeLessThanOrEqual(UNIT_MS + JITTER_MS + EPSILON_MS);
        }
      }),
    );
  });

  it('the time of a unit varies with the random numbers', () => {
    const beat = (random: number) => speak([{ text: 'One two', after: 0 }], { random: () => random })[1]?.at;
    expect(beat(0)).toBe(UNIT_MS - JITTER_MS);
    expect(beat(0.5)).toBe(UNIT_MS);
    expect(beat(1)).toBe(UNIT_MS + JITTER_MS);
  });

  it('the first word is spoken as soon as it is complete, and so is one after a silence', () => {
    const pacer = new Pacer({ pacing: 'HUMAN' });
    pacer.push('Hello ', 1_000);
    expect(pacer.take(1_000)).toBeNull();
    pacer.push('there', 1_010);
    expect(pacer.take(1_010)).toEqual({ text: 'Hello ', tokens: 1, dueAt: 1_010 });
    expect(pacer.take(2_000)?.text).toBe('there');
    pacer.push(' now and', 9_000);
    expect(pacer.take(9_000)?.text).toBe(' now ');
  });

  it('a pause is kept before text that is produced during it', () => {
    const pacer = new Pacer({ pacing: 'HUMAN', random: () => 0.5 });
    pacer.push('Yes. N', 0);
    expect(pacer.take(0)?.text).toBe('Yes. ');
    pacer.push('o. x', 100);
    expect(pacer.nextDueAt()).toBeCloseTo(UNIT_MS + 250);
  });

  it('a word that may be incomplete is held back up to the longest wait, and then spoken', () => {
    const pacer = new Pacer({ pacing: 'HUMAN' });
    pacer.push('Hel', 50);
    expect(pacer.nextDueAt()).toBe(50 + MAX_HOLD_MS);
    expect(pacer.idle).toBe(false);
    expect(pacer.take(50 + MAX_HOLD_MS - 1)).toBeNull();
    expect(pacer.take(50 + MAX_HOLD_MS)?.text).toBe('Hel');
    expect(pacer.nextDueAt()).toBeNull();
    expect(pacer.idle).toBe(true);
    expect(pacer.done).toBe(false);
  });

  it('a late utterance has the time at which its text was due', () => {
    const pacer = new Pacer({ pacing: 'HUMAN', random: () => 0.5 });
    pacer.push('One two three four ', 0);
    pacer.finish(0);
    expect(pacer.take(65)).toEqual({ text: 'One two three ', tokens: 3, dueAt: 0 });
    expect(pacer.take(500)).toEqual({ text: 'four ', tokens: 1, dueAt: 90 });
    expect(pacer.done).toBe(true);
  });

  it('a clock that steps back counts as standing still', () => {
    const pacer = new Pacer({ pacing: 'HUMAN', random: () => 0.5 });
    pacer.push('One two three', 1_000);
    expect(pacer.take(500)?.text).toBe('One ');
    expect(pacer.take(0)).toBeNull();
    pacer.finish(0);
    expect(pacer.take(1_030)?.text).toBe('two ');
    expect(pacer.take(1_060)?.text).toBe('three');
  });

  it('each unit costs the same, however many are queued', () => {
    const time = (count: number) => {
      const words = Array.from({ length: count }, () => ({ text: 'word ', after: 1 }));
      return leastCpuMs(() => speak(words));
    };
    // Quadratic time would be a hundred times as long.
    expect(time(10_000)).toBeLessThan(50 * Math.max(1, time(1_000)));
  });
});

describe('smoothness', () => {
  it('the rate is 1 at rest, never falls as the backlog grows, and its square root moves no faster than the backlog', () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 1e6, noNaN: true }),
        fc.double({ min: 0, max: 1e4, noNaN: true }),
        (backlog, more) => {
          const step = Math.sqrt(speechRate(backlog + more)) - Math.sqrt(speechRate(backlog));
          expect(speechRate(0)).toBe(1);
          expect(step).toBeGreaterThanOrEqual(0);
          expect(step).toBeLessThanOrEqual(more / CATCH_UP_SCALE_MS + EPSILON_MS);
        },
      ),
    );
  });

  it('any backlog drains within the longest lag', () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e9, noNaN: true }), (backlog) => {
        expect(drainTime(backlog)).toBeLessThan(MAX_LAG_MS);
      }),
    );
  });

  it.each([25, 20, 12])(
    'a model that gives a word every %i ms is caught up with gradually: the time of a unit differs from the one before by at most a tenth',
    (after) => {
      const chunks = Array.from({ length: 600 }, () => ({ text: 'word ', after }));
      const times = speak(chunks).flatMap(({ at, tokens }) => (tokens === 1 ? [at] : []));
      const beats = times.slice(1).map((at, i) => at - (times[i] ?? 0));
      for (const [i, beat] of beats.entries()) {
        if (i === 0) continue;
        expect(Math.abs(beat / (beats[i - 1] ?? beat) - 1)).toBeLessThan(0.1);
      }
    },
  );

  it('the words of a fast model come a few at a time, at most as fast as it produces them', () => {
    const after = 2;
    const spoken = speak(Array.from({ length: 2_000 }, () => ({ text: 'word ', after })));
    const densest = Math.max(...spoken.map(({ tokens }) => tokens));
    expect(densest).toBeLessThanOrEqual(FRAME_MS / after + 2);
  });
});

describe('speaking at once', () => {
  it('text is due at once, and text that is pushed together is published together', () => {
    const pacer = new Pacer({ pacing: 'INSTANT' });
    pacer.push('Hel', 10);
    pacer.push('lo. ', 11);
    expect(pacer.nextDueAt()).toBe(10);
    expect(pacer.take(12)).toEqual({ text: 'Hello. ', tokens: 2, dueAt: 10 });
    expect(pacer.take(12)).toBeNull();
    pacer.finish(13);
    expect(pacer.done).toBe(true);
  });

  it('half of a surrogate pair waits for the other half, or for the end', () => {
    const pacer = new Pacer({ pacing: 'INSTANT' });
    pacer.push('a\ud83d', 0);
    expect(pacer.take(0)?.text).toBe('a');
    pacer.push('\ude00\ud83d', 1);
    expect(pacer.take(1)?.text).toBe('😀');
    pacer.finish(2);
    expect(pacer.take(2)?.text).toBe('\ud83d');
  });
});

describe('the end', () => {
  it.each(['HUMAN', 'INSTANT'] as const)(
    'finish is idempotent, and text after it is an error (%s)',
    (pacing) => {
      const pacer = new Pacer({ pacing });
      pacer.push('bye', 0);
      expect(pacer.done).toBe(false);
      pacer.finish(1);
      pacer.finish(2);
      expect(pacer.take(1)?.text).toBe('bye');
      expect(pacer.done).toBe(true);
      expect(() => pacer.push('more', 3)).toThrow('after finish');
    },
  );

  it.each(['HUMAN', 'INSTANT'] as const)('a pacer without text is done after finish (%s)', (pacing) => {
    const pacer = new Pacer({ pacing });
    pacer.push('', 0);
    expect(pacer.idle).toBe(true);
    pacer.finish(0);
    expect(pacer.done).toBe(true);
    expect(pacer.take(0)).toBeNull();
  });
});

function seeded(seed: number): () => number {
  const random = new SeededRandom(seed);
  return () => random.next();
}
