import fc from 'fast-check';
import { expect, it } from 'vitest';
import { leastCpuMs } from '../../test/support/cpu-time.ts';
import { PREVIEW_GRAPHEMES, previewOf } from './preview.ts';

/** Any UTF-16, including lone surrogates and unassigned code points. */
const anyText = (maxLength: number) =>
  fc.array(fc.nat(0x10ffff), { maxLength }).map((points) => String.fromCodePoint(...points));

it.each([
  ['## Plan\n\n1. **Buy** _milk_\n2. Rest', 'Plan 1. Buy milk 2. Rest'],
  ['> quoted\n> twice', 'quoted twice'],
  ['- [x] done\n- [ ] open\n* star', 'done open star'],
  [
    'See [the docs](https://example.com/a "Docs") and <https://example.com>.',
    'See the docs and https://example.com.',
  ],
  ['![a cat](cat.png)', 'a cat'],
  ['Use `npm ci`:\n```sh\nnpm ci\n```\nDone.', 'Use npm ci: npm ci Done.'],
  ['~~old~~ ***new***', 'old new'],
  ['**bold *and italic* text**', 'bold and italic text'],
  ['这是**重要**的', '这是重要的'],
  ['| a | b |\n|---|---|\n| 1 | 2 |', '| a | b | | 1 | 2 |'],
  ['above\n\n---\n\nbelow', 'above below'],
  ['*a* and _b_ and **c**', 'a and b and c'],
])('%j is shown as %j', (text, shown) => {
  expect(previewOf(text)).toBe(shown);
});

it.each([
  '2 * 3 * 4',
  '2*3*4',
  '2**3**4',
  'snake_case_name',
  '__init__.py is',
  'a [b] (c)',
  'C# and F#',
  '~/bin',
  'it costs ~5',
])('%j only looks like Markdown and stays', (text) => {
  expect(previewOf(text)).toBe(text);
});

it('a message that consists only of marks stays as it is', () => {
  expect(previewOf('---')).toBe('---');
  expect(previewOf('```')).toBe('```');
});

it('any amount of leading white space is skipped', () => {
  expect(previewOf(`${'\n'.repeat(10_000)}word`)).toBe('word');
});

it('a long message is cut after 140 whole characters', () => {
  expect(previewOf('word '.repeat(100))).toBe('word '.repeat(28).trim());
  expect(previewOf('👍🏽'.repeat(200))).toBe('👍🏽'.repeat(140));
});

it('any message gives one short, trimmed, well-formed line, which is not empty if the message has words', () => {
  const markdown = fc.string({ unit: fc.constantFrom(...'*_`~[]()<>#|-+ \n\tab1é👍\u0301'), maxLength: 400 });
  fc.assert(
    fc.property(fc.oneof(markdown, anyText(400)), (text) => {
      const preview = previewOf(text);
      expect(preview).toBe(preview.trim());
      expect(preview).not.toMatch(/\p{Cc}|\p{Cs}/u);
      expect([...new Intl.Segmenter().segment(preview)].length).toBeLessThanOrEqual(PREVIEW_GRAPHEMES);
      if (/[a-z]/.test(text)) expect(preview).not.toBe('');
    }),
  );
});

it('no message takes long', () => {
  const ms = leastCpuMs(() => {
    for (const piece of [
      '[',
      '*',
      '_',
      '`',
      '~',
      '-',
      '- ',
      '* a',
      '|-',
      '[a](',
      '<https://',
      ' ',
      '> ',
      '**a',
      '_a',
      '\n',
    ])
      previewOf(`${piece.repeat(32_000)}a`);
  }, 500);
  expect(ms).toBeLessThan(500);
});
