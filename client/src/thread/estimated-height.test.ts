import { expect, test } from 'vitest';
import { estimatedHeight } from './estimated-height.ts';

test('a text of more lines is higher, whether it has line breaks or is long', () => {
  const line = estimatedHeight('one line');
  expect(estimatedHeight('')).toBe(line);
  expect(estimatedHeight('two\nlines')).toBeGreaterThan(line);
  expect(estimatedHeight('word '.repeat(30))).toBe(estimatedHeight('two\nlines'));
});
