import { expect, test } from 'vitest';
import { textFrame } from './text-frame.ts';

/** The examples of RFC 6455, 5.7, and the bounds of each kind of length. */
test.each([
  [0, '8100'],
  [5, '8105'],
  [125, '817d'],
  [126, '817e007e'],
  [256, '817e0100'],
  [65_535, '817effff'],
  [65_536, '817f0000000000010000'],
  [70_000, '817f0000000000011170'],
])('a text of %i bytes begins with its length: %s', (length, header) => {
  const text = 'x'.repeat(length);
  expect(textFrame(text).toString('latin1')).toBe(Buffer.from(header, 'hex').toString('latin1') + text);
});

test('the length is that of its UTF-8', () => {
  const text = 'é漢\u{1f600} \ud800';
  const bytes = Buffer.from(text);
  expect(textFrame(text)).toEqual(Buffer.concat([Buffer.from([0x81, bytes.length]), bytes]));
});
