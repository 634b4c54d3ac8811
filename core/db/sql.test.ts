import { expect, test } from 'vitest';
import { Sql, withSql } from './sql.ts';

const page = (order: string, take: number) =>
  ((strings: TemplateStringsArray, ...values: (string | number | Sql)[]) => withSql(strings, values))`
    a = ${'x'} ORDER BY a ${new Sql(order)}, b ${new Sql(order)} LIMIT ${take}`;

test('words of SQL become part of the statement, values do not', () => {
  const { pieces, values } = page('ASC', 3);
  expect(pieces.map((piece) => piece.trim())).toEqual(['a =', 'ORDER BY a ASC, b ASC LIMIT', '']);
  expect(values).toEqual(['x', 3]);
});

test('the same words are the same statement, others another one', () => {
  expect(page('ASC', 1).pieces).toBe(page('ASC', 2).pieces);
  expect(page('ASC', 1).pieces).not.toEqual(page('DESC', 1).pieces);
});

test('a text of a caller stays a value, whatever it says', () => {
  const strings = Object.assign(['a = ', ''], { raw: [] });
  expect(withSql(strings, ["'; DROP TABLE a"])).toEqual({ pieces: strings, values: ["'; DROP TABLE a"] });
});
