import { expect, it } from 'vitest';
import { charactersLeft, isSendable, MAX_LENGTH } from './limit.ts';

it('blank texts and texts over the limit cannot be sent', () => {
  expect(isSendable(' \n ')).toBe(false);
  expect(isSendable('x')).toBe(true);
  expect(isSendable(` ${'x'.repeat(MAX_LENGTH)} `)).toBe(true);
  expect(isSendable('x'.repeat(MAX_LENGTH + 1))).toBe(false);
});

it('the number of characters left is shown only near the limit', () => {
  expect(charactersLeft('x'.repeat(29_999))).toBeNull();
  expect(charactersLeft('x'.repeat(31_990))).toBe(10);
  expect(charactersLeft('x'.repeat(32_005))).toBe(-5);
});
