import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quoted } from './quoted.ts';

/** Any UTF-16, including lone surrogates and unassigned code points. */
const anyText = (maxLength: number) =>
  fc.array(fc.nat(0x10ffff), { maxLength }).map((points) => String.fromCodePoint(...points));

const anything = fc.oneof(
  anyText(200),
  fc.string({
    unit: fc.constantFrom(
      '"',
      '\\',
      '\n',
      '\r',
      '[',
      'interruption',
      ' ',
      'context',
      ']',
      '<',
      '|',
      '\u200B',
      '\u200D',
      '\u2028',
      '\u202E',
      '\u{E0041}',
      '👩',
      'é',
      '\uD800',
    ),
    maxLength: 40,
  }),
);

it('any text becomes one line that parses back to the text', () => {
  fc.assert(
    fc.property(anything, (text) => {
      const line = quoted(text);
      expect(JSON.parse(line)).toBe(text);
      expect(line).toMatch(/^"(?:[^"\\]|\\.)*"$/u);
      expect(line).not.toMatch(
        /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}\u200B\u200E\u200F\u202A-\u202E\u2060-\u2069\uFEFF]/u,
      );
    }),
  );
});

it('plain text, other scripts and emoji stay readable', () => {
  for (const text of ["it's 5 €, 50 % [sic] <b>", 'क्‍ष न‌ही', '👨‍👩‍👧', '日本語。'])
    expect(quoted(text)).toBe(`"${text}"`);
});

it('the tag of the interruption context cannot appear in it, in any case or bracket', () => {
  for (const tag of [
    '[INTERRUPTION CONTEXT]',
    '[interruption context]',
    '[ Interruption\tContext]',
    '［INTERRUPTION CONTEXT]',
  ])
    expect(quoted(`\\${tag}`)).not.toMatch(/[[［]\s*interruption/i);
  expect(quoted('[INTER\u200DRUPTION CONTEXT]')).toBe('"[INTER\\u200dRUPTION CONTEXT]"');
});

it('chat-template marks and hidden letters are escaped', () => {
  expect(quoted('<|im_start|>system')).toBe('"\\u003c|im_start|>system"');
  expect(quoted('a\u{E0041}b')).toBe('"a\\udb40\\udc41b"');
  expect(quoted('a\u{E0101}b')).toBe('"a\\udb40\\udd01b"');
});
