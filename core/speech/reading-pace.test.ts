import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Chunk, joined, type Spoken, spokenBy } from '../../test/support/paced-speech.ts';
import { MAX_HOLD_MS, MAX_LINE_HOLD_MS, Pacer } from './pacer.ts';

/** The rounding error of sums of milliseconds. */
const EPSILON_MS = 1e-6;

/** Reads a text that a model produces. Returns when each part was shown. */
function read(chunks: readonly Chunk[], readingWpm = 300): Pick<Spoken, 'text' | 'at'>[] {
  const spoken = spokenBy(new Pacer({ pacing: 'READING', readingWpm }), chunks);
  return spoken.map(({ text, at }) => ({ text, at }));
}

const atOnce = (text: string) => [{ text, after: 0 }];

/** A text with as many words, in sentences of twelve words with a comma each. */
function prose(words: number): string {
  const mark = (n: number) => (n % 12 === 11 ? '. ' : n % 12 === 5 ? ', ' : ' ');
  return Array.from({ length: words }, (_, n) => `word${mark(n)}`).join('');
}

/** Seconds from the first word to the end of the last. */
function secondsOf(text: string, readingWpm?: number): number {
  const last = read(atOnce(`${text}\nx`), readingWpm).at(-1);
  return (last?.at ?? 0) / 1000;
}

const TEXTS = fc
  .array(
    fc.constantFrom(
      ...[
        'word ',
        'Yes. ',
        'well, ',
        'so',
        '! ',
        '\n',
        '\n\n',
        '- ',
        '3.14 ',
        '👍🏽 ',
        '\ud83d',
        ' — ',
        '`a` ',
      ],
      ...['今天天气很好', '。', 'สวัสดีครับ', '```ts\n', 'const a = 1;\n', '  }\n', '```\n', 'x'.repeat(90)],
      ...['One, two. Three; four! '.repeat(20), `${'a b c '.repeat(60)}\n`],
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((parts) => parts.join(''));

/** A text in chunks of a few characters, as a model produces it. */
const PRODUCTION = fc
  .tuple(TEXTS, fc.infiniteStream(fc.integer({ min: 1, max: 9 })), fc.integer({ min: 0, max: 900 }))
  .map(([text, lengths, after]) => {
    const chunks: Chunk[] = [];
    for (let at = 0; at < text.length; ) {
      const { value: length } = lengths.next();
      chunks.push({ text: text.slice(at, at + length), after: (at * 7919) % (after + 1) });
      at += length;
    }
    return chunks;
  });

describe('the speed', () => {
  it.each([
    [150, 240],
    [300, 120],
    [900, 40],
  ])('[P-99] 600 words at %i words a minute take %i s, with all their pauses', (wpm, seconds) => {
    expect(secondsOf(prose(600), wpm)).toBeGreaterThan(0.97 * seconds);
    expect(secondsOf(prose(600), wpm)).toBeLessThan(1.03 * seconds);
  });

  it.each(['a, b. c! ', 'No. ', 'word '])('holds for any punctuation (%j)', (words) => {
    const text = words.repeat(600 / words.trim().split(' ').length);
    expect(Math.abs(secondsOf(text) - 120)).toBeLessThan(0.03 * 120);
  });

  it('no word is early, and none is later than two sentences’ ends', () => {
    const mark = fc.constantFrom(' ', ' ', ', ', '. ', '! ');
    fc.assert(
      fc.property(fc.array(mark, { minLength: 2, maxLength: 200 }), (marks) => {
        const shown = read(atOnce(marks.map((after) => `word${after}`).join('')));
        expect(shown).toHaveLength(marks.length);
        for (const [n, { at }] of shown.entries()) {
          expect(at).toBeGreaterThanOrEqual(200 * n - EPSILON_MS);
          expect(at).toBeLessThanOrEqual(200 * (n + 2.5) + EPSILON_MS);
        }
      }),
    );
  });

  it('there is a longer pause after a sentence than after a clause, and a longer one there than after a word', () => {
    const times = read(atOnce('One two, three four. Five')).map(({ at }) => at);
    const [word = 0, clause = 0, , sentence = 0] = times.slice(1).map((at, i) => at - (times[i] ?? 0));
    expect(word).toBe(200);
    expect(clause).toBeGreaterThan(word + 50);
    expect(sentence).toBeGreaterThan(clause + 50);
  });

  it('scripts without spaces are read by characters: 500 a minute', () => {
    expect(secondsOf('今日は天気がいいです'.repeat(50))).toBeCloseTo(60, 5);
    // Seven letters, and three marks above them.
    expect(secondsOf('สวัสดีครับ'.repeat(50))).toBeCloseTo((60 * 7 * 50) / 500, 5);
    expect(secondsOf('今日は天気がいいです'.repeat(50), 900)).toBeCloseTo(20, 5);
  });

  it('what has no words takes the time of one', () => {
    expect(read(atOnce('👍\n---\nx')).map(({ at }) => at)).toEqual([0, 200, 400]);
  });
});

describe('a code block', () => {
  const CODE = '```ts\nfor (const a of list) {\n  run(a);\n}\n\n```\nDone now';

  it('is shown line by line, each for the time of its words', () => {
    expect(read(atOnce(CODE))).toEqual([
      { text: '```ts\n', at: 0 },
      { text: 'for (const a of list) {\n', at: 200 },
      { text: '  run(a);\n', at: 1_200 },
      { text: '}\n', at: 1_600 },
      { text: '\n```\n', at: 1_800 },
      { text: 'Done ', at: 2_000 },
      { text: 'now', at: 2_200 },
    ]);
  });

  it('waits for the end of a line, but not forever', () => {
    const pacer = new Pacer({ pacing: 'READING' });
    pacer.push('```\nconst a', 0);
    expect(pacer.take(0)?.text).toBe('```\n');
    expect(pacer.take(MAX_LINE_HOLD_MS - 1)).toBeNull();
    expect(pacer.take(MAX_LINE_HOLD_MS)?.text).toBe('const a');
    pacer.push(' = 1;\nconst', 1_100);
    expect(pacer.take(2_000)?.text).toBe(' = 1;\n');
  });

  it('has an end to the length of a line', () => {
    const longest = Math.max(...read(atOnce(`\`\`\`\n${'a b '.repeat(500)}`)).map(({ text }) => text.length));
    expect(longest).toBe(240);
  });
});

describe('what continues a text that was heard in part', () => {
  it('is shown line by line in a code block, as it would have been', () => {
    const text = '```ts\nfor (const a of list) {\n  run(a);\n}\n```\nDone now';
    const whole = read(atOnce(text));
    for (let n = 1; n < whole.length; n++) {
      const heard = joined(whole.slice(0, n));
      const pacer = new Pacer({ pacing: 'READING', heard });
      pacer.push(text.slice(heard.length), 0);
      pacer.finish(0);
      const [first, shown] = [whole[n]?.at ?? 0, []] as [number, { text: string; at: number }[]];
      for (let at = pacer.nextDueAt(); at !== null; at = pacer.nextDueAt())
        shown.push({ text: pacer.take(at)?.text ?? '', at: first + at });
      expect(shown).toEqual(whole.slice(n));
    }
  });

  it('takes until its last unit is due', () => {
    const pacer = new Pacer({ pacing: 'READING' });
    expect(pacer.lastDueAt()).toBeNull();
    pacer.push('One two three four', 100);
    pacer.finish(100);
    expect(pacer.lastDueAt()).toBe(700);
    pacer.fastForward(150);
    expect(pacer.lastDueAt()).toBe(150);
    pacer.take(150);
    expect(pacer.lastDueAt()).toBeNull();
  });
});

describe('the model', () => {
  it('[P-99] every character is shown once and in order, whatever the chunks and their times', () => {
    fc.assert(
      fc.property(PRODUCTION, fc.integer({ min: 150, max: 900 }), (chunks, wpm) => {
        expect(joined(read(chunks, wpm))).toBe(joined(chunks));
      }),
    );
  });

  it('that is slower than the reader is waited for no longer than for a whole word', () => {
    const chunks = Array.from({ length: 40 }, (_, n) => ({ text: `word${n} `, after: n === 0 ? 0 : 450 }));
    for (const [n, { at, text }] of read(chunks).entries()) {
      expect(text).toBe(`word${n} `);
      expect(at - 450 * n).toBeLessThanOrEqual(MAX_HOLD_MS);
    }
  });

  it('that has been waited for is not caught up with: the words after it keep their time', () => {
    const shown = read([
      { text: 'One two ', after: 0 },
      { text: 'three four five six', after: 10_000 },
    ]);
    const after = shown.filter(({ at }) => at >= 10_000).map(({ at }) => at - 10_000);
    expect(after).toEqual([0, 200, 400, 600]);
  });

  it('may be ahead without bound', () => {
    const shown = read(Array.from({ length: 10_000 }, () => ({ text: 'word ', after: 1 })));
    expect(shown.at(-1)?.at).toBeGreaterThan(9_999 * 200);
    expect(shown).toHaveLength(10_000);
  });
});

describe('fast forward', () => {
  it.each(['HUMAN', 'READING', 'INSTANT'] as const)(
    '[P-98] makes the rest due at once, and what comes later when it comes (%s)',
    (pacing) => {
      const pacer = new Pacer({ pacing });
      pacer.push('One two, three. Four fi\ud83d', 0);
      const before = pacer.take(0)?.text ?? '';
      pacer.fastForward(5);
      expect(before + (pacer.take(5)?.text ?? '')).toBe('One two, three. Four fi');
      expect(pacer.idle).toBe(true);
      pacer.fastForward(6);
      pacer.push('\ude00ve si', 7);
      expect(pacer.take(7)?.text).toBe('😀ve si');
      pacer.push('x', 8);
      pacer.finish(8);
      expect(pacer.take(8)?.text).toBe('x');
      expect(pacer.done).toBe(true);
    },
  );

  it('loses and repeats nothing, whenever it comes', () => {
    fc.assert(
      fc.property(PRODUCTION, fc.integer({ min: 0, max: 60 }), (chunks, at) => {
        const pacer = new Pacer({ pacing: 'READING' });
        let now = 0;
        let said = '';
        for (const [n, { text, after }] of chunks.entries()) {
          now += after;
          said += pacer.take(now)?.text ?? '';
          pacer.push(text, now);
          if (n === at) pacer.fastForward(now);
        }
        pacer.fastForward(now);
        pacer.finish(now);
        expect(said + (pacer.take(now)?.text ?? '')).toBe(joined(chunks));
        expect(pacer.done).toBe(true);
      }),
    );
  });
});
