import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WrittenData } from '../../graphql/compiled/written-data.ts';
import { jsonParts } from './json-parts.ts';

test('the parts of a value are its JSON, whatever it is', () => {
  const withDates = fc.anything({ values: [fc.string(), fc.date({ noInvalidDate: true }), fc.double()] });
  fc.assert(
    fc.property(fc.record({ data: withDates, errors: withDates }), fc.nat(40), (value, part) => {
      expect([...jsonParts(value, part)].join('')).toBe(JSON.stringify(value));
    }),
  );
});

test.each([
  ['many rows', { rows: Array.from({ length: 1_000 }, (_, id) => ({ id, role: 'USER' })) }],
  ['many fields', Object.fromEntries(Array.from({ length: 1_000 }, (_, n) => [`a${n}`, 'x'.repeat(20)]))],
  [
    'a field with the name of a method',
    { toJSON: 'x', rows: Array.from({ length: 1_000 }, () => ({ id: 1 })) },
  ],
])('no part is much longer than the length of a part, of %s', (_what, value) => {
  const parts = [...jsonParts(value, 1_000)];
  expect(parts.join('')).toBe(JSON.stringify(value));
  for (const part of parts) expect(part.length).toBeLessThan(2_100);
});

test('a part is made when it is taken', () => {
  const read = new Set<number>();
  const rows = [0, 1, 2].map((n) => ({
    get text() {
      read.add(n);
      return 'x'.repeat(1_000);
    },
  }));
  const parts = jsonParts(rows, 1_000);
  parts.next();
  expect([...read]).toEqual([0]);
});

test('what is written already is divided between characters', () => {
  const json = JSON.stringify({ rows: ['a😀😀', '😀b', 'é😀'] });
  const parts = [...jsonParts(new WrittenData(json), 3)];
  expect(parts.join('')).toBe(json);
  expect(parts.length).toBeGreaterThan(5);
  for (const part of parts) expect(part.isWellFormed()).toBe(true);
});
