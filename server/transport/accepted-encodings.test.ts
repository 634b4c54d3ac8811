import { expect, it } from 'vitest';
import { acceptedEncodings } from './accepted-encodings.ts';

it('an encoding is accepted that is named, or meant by a star, and not refused', () => {
  expect(acceptedEncodings('gzip, deflate, br, zstd')).toEqual(['br', 'gzip']);
  expect(acceptedEncodings('GZIP;q=0.5')).toEqual(['gzip']);
  expect(acceptedEncodings('br; q=0, *')).toEqual(['gzip']);
  expect(acceptedEncodings('*;q=0.1')).toEqual(['br', 'gzip']);
  expect(acceptedEncodings('gzip;q=0.000')).toEqual([]);
  expect(acceptedEncodings('identity')).toEqual([]);
  expect(acceptedEncodings('')).toEqual([]);
  expect(acceptedEncodings(undefined)).toEqual([]);
});
