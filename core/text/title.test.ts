import fc from 'fast-check';
import { expect, it } from 'vitest';
import { TITLE_GRAPHEMES, titleFrom } from './title.ts';

/** Any UTF-16, including lone surrogates and unassigned code points. */
const anyText = (maxLength: number) =>
  fc.array(fc.nat(0x10ffff), { maxLength }).map((points) => String.fromCodePoint(...points));

const graphemes = (text: string): string[] =>
  Array.from(new Intl.Segmenter('und', { granularity: 'grapheme' }).segment(text), ({ segment }) => segment);

it('a short message is its own title', () => {
  expect(titleFrom('How do tides work?')).toBe('How do tides work?');
});

it('white space and control characters become single spaces', () => {
  expect(titleFrom('  a\n\n b\t\u0000\u3000c  ')).toBe('a b c');
});

it('a long message is cut after 80 characters, without a space at the cut', () => {
  expect(titleFrom('x'.repeat(200))).toBe('x'.repeat(80));
  expect(titleFrom(`${'x'.repeat(79)} y`)).toBe('x'.repeat(79));
});

it.each(['👨‍👩‍👧‍👦', '👩🏽‍❤️‍💋‍👨🏻', '👍🏽', '🇮🇳', 'क्षि', 'e\u0301', '한'])(
  '%j counts as one and is never cut',
  (one) => {
    const kept = graphemes(titleFrom(one.repeat(100)));
    expect(kept).toEqual(graphemes(one.repeat(100)).slice(0, 80));
  },
);

it('a letter with thousands of combining marks does not make the title long', () => {
  expect(titleFrom(`a${'\u0301'.repeat(30_000)}`).length).toBe(80 * 16);
  expect(titleFrom(`ab${'\u0301'.repeat(30_000)}`)).toBe('a');
});

it('direction overrides are removed, direction marks stay', () => {
  expect(titleFrom('a\u202Eb\u2066c\u200F')).toBe('abc\u200F');
});

it('any message gives one trimmed, well-formed line that is its own title', () => {
  fc.assert(
    fc.property(anyText(300), (text) => {
      const title = titleFrom(text);
      expect(title).toBe(title.trim());
      expect(title.isWellFormed()).toBe(true);
      expect(title).not.toMatch(/\p{Cc}/u);
      expect(graphemes(title).length).toBeLessThanOrEqual(TITLE_GRAPHEMES);
      expect(titleFrom(title)).toBe(title);
    }),
  );
});
