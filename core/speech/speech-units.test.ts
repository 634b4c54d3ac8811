import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { leastCpuMs } from '../../test/support/cpu-time.ts';
import { SpeechSegmenter, type SpeechUnit } from './speech-units.ts';

const GRAPHEMES = new Intl.Segmenter('und', { granularity: 'grapheme' });

function unitsOf(chunks: Iterable<string>): SpeechUnit[] {
  const segmenter = new SpeechSegmenter();
  const units: SpeechUnit[] = [];
  for (const chunk of chunks) units.push(...segmenter.push(chunk));
  return [...units, ...segmenter.flush()];
}

/** The units of a text, each with a sign for its pause: `,` for a clause, `.` for a sentence. */
function spoken(text: string): string[] {
  const sign = { none: '', clause: ' ,', sentence: ' .' };
  return unitsOf([text]).map((unit) => `${unit.text.trim()}${sign[unit.pause]}`);
}

function rests(text: string): string[] {
  return spoken(text).filter((unit) => / [,.]$/.test(unit));
}

function joined(units: readonly SpeechUnit[]): string {
  return units.map((unit) => unit.text).join('');
}

/** Text as models write it, and text that breaks segmenters, in any order. */
const text = fc
  .array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 8 }),
      fc.string({ unit: 'grapheme', maxLength: 8 }),
      fc.constantFrom(
        ...['word ', 'Hello, ', 'end. ', '\n', '\r\n', '  ', '`', '```', '~~~\n', '1. ', '3.14', 'e.g. '],
        ...[
          '今天天气很好我们去公园',
          '。',
          '，',
          '「',
          '」',
          'สวัสดีครับ',
          'ำ',
          'क्षत्रिय',
          '।',
          '؟',
          '\u0600',
          '\u200d',
          '\u0301',
        ],
        ...[
          '👨‍👩‍👧‍👦',
          '🇮🇳',
          '👍🏽',
          '\ud83d',
          '\ude00',
          'カﾞ',
          '각',
          '\ufeff',
          '**',
          ':)',
          'a'.repeat(50),
          '/x-'.repeat(15),
        ],
      ),
    ),
    { maxLength: 30 },
  )
  .map((parts) => parts.join(''));

/** A text and the same text in chunks. */
const chunked = text.chain((whole) =>
  fc.array(fc.nat(whole.length), { maxLength: 20 }).map((cuts) => {
    const ends = [...cuts, whole.length].sort((a, b) => a - b);
    return { whole, chunks: ends.map((end, i) => whole.slice(ends[i - 1] ?? 0, end)) };
  }),
);

describe('units and the text', () => {
  it('the joined units are the joined input, and do not depend on the chunks', () => {
    fc.assert(
      fc.property(chunked, ({ whole, chunks }) => {
        const units = unitsOf([whole]);
        expect(joined(units)).toBe(whole);
        expect(unitsOf(chunks)).toEqual(units);
        expect(unitsOf(whole.split(''))).toEqual(units);
      }),
      { numRuns: 200 },
    );
  });

  it('no unit is empty, and none ends within a grapheme cluster', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const boundaries = new Set(Array.from(GRAPHEMES.segment(whole), (grapheme) => grapheme.index));
        let at = 0;
        for (const unit of unitsOf([whole])) {
          expect(unit.text).not.toBe('');
          expect(boundaries).toContain(at);
          at += unit.text.length;
        }
      }),
      { numRuns: 200 },
    );
  });

  it('text settled early is neither lost nor repeated, and half of a pair is never settled', () => {
    fc.assert(
      fc.property(chunked, ({ whole, chunks }) => {
        const segmenter = new SpeechSegmenter();
        let said = '';
        for (const chunk of chunks) {
          said += joined(segmenter.push(chunk));
          said += segmenter.settle()?.text ?? '';
          expect(segmenter.held).toBe(0);
          expect(whole.startsWith(said)).toBe(true);
        }
        expect(said + joined(segmenter.flush())).toBe(whole);
      }),
    );
    const segmenter = new SpeechSegmenter();
    segmenter.push('a\ud83d');
    expect(segmenter.settle()?.text).toBe('a');
    segmenter.push('\ude00');
    expect(segmenter.settle()?.text).toBe('😀');
  });

  it.each([
    ['one long word', 'a'.repeat(10_000)],
    ['ideographs', '天'.repeat(10_000)],
    ['base64', 'QUJD/0+9'.repeat(1_000)],
    ['white space', ' '.repeat(10_000)],
    ['punctuation', '.'.repeat(10_000)],
    ['Thai', 'สวัสดีครับ'.repeat(1_000)],
  ])('the held part of %s is bounded', (_, long) => {
    const segmenter = new SpeechSegmenter();
    let most = 0;
    for (const char of long) {
      segmenter.push(char);
      most = Math.max(most, segmenter.held);
    }
    expect(most).toBeLessThanOrEqual(40);
  });

  it('the held part of an endless grapheme cluster is bounded', () => {
    const segmenter = new SpeechSegmenter();
    for (let i = 0; i < 2_000; i++) {
      segmenter.push('\u0301');
      expect(segmenter.held).toBeLessThanOrEqual(257);
    }
  });

  it('a long text takes linear time', () => {
    const time = (count: number) => {
      const long = 'The quick brown fox, jumps. '.repeat(count);
      return leastCpuMs(() => unitsOf([long]));
    };
    // Quadratic time would be a hundred times as long.
    expect(time(5_000)).toBeLessThan(50 * Math.max(1, time(500)));
  });

  it('held text never becomes more units than announced', () => {
    fc.assert(
      fc.property(text, (whole) => {
        const segmenter = new SpeechSegmenter();
        segmenter.push(whole);
        const most = segmenter.heldUnits + (/[\ud800-\udbff]$/.test(whole) ? 1 : 0);
        expect(segmenter.flush().length).toBeLessThanOrEqual(most);
      }),
    );
  });
});

describe('words', () => {
  it('a word keeps the punctuation and white space after it', () => {
    expect(unitsOf(['Well,  she said  (softly): "no!"\n\nThen']).map((unit) => unit.text)).toEqual([
      'Well,  ',
      'she ',
      'said  ',
      '(softly): ',
      '"no!"\n\n',
      'Then',
    ]);
  });

  it('a mark without a word belongs to the next word of its line', () => {
    expect(spoken('- one\n## two\n---\n> three')).toEqual(['- one', '## two', '---', '> three']);
  });

  it('a word is returned as soon as the next one begins', () => {
    const segmenter = new SpeechSegmenter();
    expect(segmenter.push('Hello')).toEqual([]);
    expect(segmenter.push(' ')).toEqual([]);
    expect(segmenter.push('w')).toEqual([{ text: 'Hello ', pause: 'none' }]);
  });

  it('scripts without spaces are cut into words', () => {
    expect(spoken('今天天气很好，我用iPhone。')).toEqual([
      '今天',
      '天气',
      '很好， ,',
      '我',
      '用',
      'iPhone。 .',
    ]);
    expect(spoken('สวัสดีครับผมชื่อสมชาย')).toEqual(['สวัสดี', 'ครับ', 'ผม', 'ชื่อ', 'สมชาย']);
    expect(spoken('これはペンです。')).toEqual(['これ', 'は', 'ペン', 'です。 .']);
  });

  it('a long address is cut at its own punctuation', () => {
    const units = unitsOf(['https://example.com/a/very/long/path?with=a&query=too next']);
    expect(units.length).toBeGreaterThan(2);
    for (const unit of units.slice(0, -2)) expect(unit.text).toMatch(/[/=&?]$/);
    expect(units.every((unit) => unit.pause === 'none')).toBe(true);
  });
});

describe('pauses', () => {
  it.each([
    ['Yes, no; maybe: so.', ['Yes, ,', 'no; ,', 'maybe: ,', 'so. .']],
    ['What?! Go! Wait... now… end', ['What?! .', 'Go! .', 'Wait... .', 'now… .']],
    [
      '甲，乙；丙：丁、戊。己！庚？辛',
      ['甲， ,', '乙； ,', '丙： ,', '丁、 ,', '戊。 .', '己！ .', '庚？ .'],
    ],
    ['नमस्ते दुनिया। राम॥ अ', ['दुनिया। .', 'राम॥ .']],
    ['مرحبا، كيف؛ حالك؟ نعم', ['مرحبا، ,', 'كيف؛ ,', 'حالك؟ .']],
    ['Bonjour ! Ça va ? Oui : bien', ['Bonjour ! .', 'va ? .', 'Oui : ,']],
  ])('%s', (words, expected) => {
    expect(rests(words)).toEqual(expected);
  });

  it('closing quotes, brackets and emphasis belong to the mark before them', () => {
    expect(rests('"Hi." (Yes!) **Bold.** _so,_ “well?” 他说：「好。」然后')).toEqual([
      '"Hi." .',
      '(Yes!) .',
      '**Bold.** .',
      '_so,_ ,',
      '“well?” .',
      '说： ,',
      '「好。」 .',
    ]);
  });

  it.each([
    ['numbers', '3.14 and 1,000 at 10:30 or ３．１４ or １，０００ or 1,234.50 euros'],
    ['addresses', 'http://a.b:80/c?d=1,2;e at me@mail.example.com on www.example.org now'],
    ['files and versions', 'main.test.ts and v1.2.3 and node.js and .env here'],
    ['abbreviations', 'Dr. Smith and Mr. Jones e.g. the etc. and i.e. J. K. Rowling vs. No. 5'],
    ['abbreviations that may end a sentence', 'the U.S. economy at 9 a.m. sharp by Acme Inc. (a firm)'],
    ['list markers', '1. one\n2. two\n  10. ten\n- a. b\n**3.** three'],
    ['inline code', 'use `a, b. c!` and `x;` and ``d ` e.`` here'],
    ['smileys', 'well :) and ;) so'],
  ])('there is none in %s', (_, words) => {
    expect(rests(words)).toEqual([]);
  });

  it('there is one after an abbreviation that ends its sentence or line', () => {
    expect(rests('Bread, etc. The end. So do I. No. Yes')).toEqual([
      'Bread, ,',
      'etc. .',
      'end. .',
      'I. .',
      'No. .',
    ]);
  });

  it.each([
    ['```ts\nconst a = b, c; // So. It is!\n\n`not`. a;\n```\nDone. Yes', ['Done. .']],
    ['~~~\na. b. ```\nc. d\n~~~~\nDone. Yes', ['Done. .']],
    ['- item:\n  ```\n  a. b;\n  ```\nDone. Yes', ['- item: ,', 'Done. .']],
    ['```a. b``` Done. Yes', ['Done. .']],
    ['a `stray. tick\nDone. Yes', ['Done. .']],
    ['~~gone.~~ Done. Yes', ['~~gone.~~ .', 'Done. .']],
  ])('there is none in a block of code, and there are some after it: %j', (words, expected) => {
    expect(rests(words)).toEqual(expected);
  });
});
