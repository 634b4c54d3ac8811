import fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstGraphemes, firstUnits, lastUnits } from './graphemes.ts';

const graphemes = (text: string): string[] =>
  Array.from(new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text), ({ segment }) => segment);

const text = fc.string({
  unit: fc.constantFrom('a', ' ', '中', 'e\u0301', '👍🏽', '👨‍👩‍👧‍👦', '🇮🇳', 'क्षि', '\r\n', '한'),
  maxLength: 60,
});

it('the first graphemes are whole and as many as asked for', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 70 }), (whole, max) => {
      expect(firstGraphemes(whole, max)).toBe(graphemes(whole).slice(0, max).join(''));
    }),
  );
});

it('a beginning is the longest of whole graphemes that fits', () => {
  fc.assert(
    fc.property(text, fc.integer({ min: 15, max: 200 }), (whole, max) => {
      const parts = graphemes(whole);
      let expected = '';
      for (const part of parts) {
        if (expected.length + part.length > max) break;
        expected += part;
      }
      expect(firstUnits(whole, max)).toBe(expected);
    }),
  );
});

it('an end is the longest of whole graphemes that fits', () => {
  // The borders between adjacent flags, and in some scripts, depend on the beginning of the text, so there are none here.
  const separate = fc.string({
    unit: fc.constantFrom('a', ' ', '中', 'e\u0301', '👍🏽', '👨‍👩‍👧‍👦'),
    maxLength: 60,
  });
  fc.assert(
    fc.property(separate, fc.integer({ min: 15, max: 200 }), (whole, max) => {
      let expected = '';
      for (const part of graphemes(whole).reverse()) {
        if (expected.length + part.length > max) break;
        expected = part + expected;
      }
      expect(lastUnits(whole, max)).toBe(expected);
    }),
  );
});

it('keeps whole code points of a grapheme that is longer than the limit', () => {
  const marked = `👍${'\u0301'.repeat(200)}`;
  expect(firstUnits(marked, 10)).toBe(marked.slice(0, 10));
  expect(firstUnits(marked, 1)).toBe('');
  expect(lastUnits(marked, 10)).toBe(marked.slice(-10));
  expect(lastUnits('👍', 1)).toBe('');
});
