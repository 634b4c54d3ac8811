import { expect, test } from 'vitest';
import { NOTHING_SAID } from '../core/domain/texts.ts';
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
])('quotations of the originals are removed: %j', (text, kept) => {
  expect(unquoted(text, ASKED)).toBe(kept);
});

test('the placeholder of a user who has said nothing does not count as an original', () => {
  const text = 'Conversation roles must alternate; the user has joined';
  expect(unquoted(text, [NOTHING_SAID, 'roles must alternate'])).toBe(
    'Conversation […]; the user has joined',
  );
});

test('a long original is searched in linear time', () => {
  const long = 'x'.repeat(2_000_000);
  expect(unquoted('y'.repeat(500), [long])).toBe('y'.repeat(500));
});
