import { describe, expect, test } from 'vitest';
import { type Keyset, type PageQuery, readPage, readPageAround } from './page.ts';

const numbers: Keyset<number, number> = {
  keyOf: (number) => number,
  encode: String,
  decode: (cursor) => (/^\d+$/.test(cursor) ? Number(cursor) : null),
};

/** A list of the numbers from 1 to `length`. */
function listOf(length: number) {
  const all = Array.from({ length }, (_, index) => index + 1);
  return async ({ after, before, take, backwards }: PageQuery<number>) => {
    const range = all.filter((n) => (after === null || n > after) && (before === null || n < before));
    return (backwards ? range.reverse() : range).slice(0, take);
  };
}

describe('the page around a row', () => {
  const around = (row: number, length: number) => readPageAround({}, numbers, row, listOf(length));

  test.each([
    ['in the middle of a long list', 50, 100, 40, 59, true, true],
    ['first in a long list', 1, 100, 1, 10, true, false],
    ['last in a long list', 100, 100, 90, 100, false, true],
    ['in a list that fits', 3, 5, 1, 5, false, false],
    ['with just ten before it', 11, 100, 1, 20, true, false],
    ['with just nine after it', 91, 100, 81, 100, false, true],
  ])('%s', async (_where, row, length, from, to, hasNextPage, hasPreviousPage) => {
    const { edges, pageInfo } = await around(row, length);
    expect(edges.map(({ node }) => node)).toEqual(Array.from({ length: to - from + 1 }, (_, i) => from + i));
    expect(pageInfo).toEqual({
      hasNextPage,
      hasPreviousPage,
      startCursor: String(from),
      endCursor: String(to),
    });
  });

  test('continues at its cursors, in both directions', async () => {
    const { pageInfo } = await around(50, 100);
    const next = await readPage({ first: 5, after: pageInfo.endCursor }, numbers, listOf(100));
    expect(next.edges.map(({ node }) => node)).toEqual([60, 61, 62, 63, 64]);
    const previous = await readPage({ last: 5, before: pageInfo.startCursor }, numbers, listOf(100));
    expect(previous.edges.map(({ node }) => node)).toEqual([35, 36, 37, 38, 39]);
  });

  test.each([{ first: 1 }, { last: 1 }, { after: '1' }, { before: '1' }])(
    'cannot be combined with %j',
    async (args) => {
      await expect(readPageAround(args, numbers, 5, listOf(9))).rejects.toMatchObject({
        extensions: { code: 'BAD_USER_INPUT', argument: 'around' },
      });
    },
  );
});
