import { expect, test } from 'vitest';
import { unquoted } from './unquoted.ts';

const ASKED = ['You are helpful.', 'What does the canary sing at night?'];

test.each([
  [
    'Invalid value: "What does the canary sing at night?" is not allowed',
    'Invalid value: "[…]" is not allowed',
  ],
  ['a part: the canary sing', 'a part:[…]'],
  ['the canary is no quotation', 'the canary is no quotation'],
  ['What does the canary sing at night?What does the canary sing at night?', '[…][…]'],
  ['', ''],
  ['short', 'short'],
])('what is quoted of the originals is left out: %j', (text, kept) => {
  expect(unquoted(text, ASKED)).toBe(kept);
});

test('a long original takes no long time', () => {
  const long = 'x'.repeat(2_000_000);
  expect(unquoted('y'.repeat(500), [long])).toBe('y'.repeat(500));
});
