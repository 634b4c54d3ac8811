import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { leastCpuMs } from '../../test/support/cpu-time.ts';
import { lookUpOf, termsOf } from './index-terms.ts';
import { matchesIn } from './matching.ts';
import { readQuery, type SearchQuery } from './search-query.ts';
import { searchedLine, snippetOf } from './snippet.ts';

const noStems = () => [];
const ALICE = { owner: 'alice', tenant: 'acme' };
const words = fc.string({
  unit: fc.constantFrom(...'aAbzéßñ0 -"“」.\t', '京', '大', 'カ', 'ｶﾞ', 'हि', 'ย', '😀', '\u0301', 'İ', 'Σ'),
  maxLength: 60,
});

function queryOf(text: string): SearchQuery | null {
  const query = readQuery(text);
  return 'fault' in query ? null : query;
}

describe('a query', () => {
  test.each([
    ['one two', [['one'], ['two']], []],
    ['"one two" three', [['one', 'two'], ['three']], []],
    ['one -two -"three four"', [['one']], [['two'], ['three', 'four']]],
    ['“one two', [['one', 'two']], []],
    ['well-known', [['well'], ['known']], []],
    ['PDF文件', [['pdf'], ['文件']], []],
  ])('%s', (text, wanted, unwanted) => {
    const query = queryOf(text);
    const texts = (needles: SearchQuery['wanted'] = []) =>
      needles.map(({ tokens }) => tokens.map((token) => token.text));
    expect([texts(query?.wanted), texts(query?.unwanted)]).toEqual([wanted, unwanted]);
  });

  test('has the beginning of a word only at its end, outside quotes', () => {
    const prefixes = (text: string) => queryOf(text)?.wanted.map(({ isPrefix }) => isPrefix);
    expect(prefixes('one two')).toEqual([false, true]);
    expect([prefixes('one '), prefixes('"one"'), prefixes('o'), prefixes('on -two')]).toEqual([
      [false],
      [false],
      [false],
      [false],
    ]);
  });

  test('of any text is one that PostgreSQL can read, or a fault', () => {
    fc.assert(
      fc.property(words, (text) => {
        const query = queryOf(text);
        if (!query) return;
        expect(query.wanted.length).toBeGreaterThan(0);
        const { any, exact } = lookUpOf(query, ALICE, noStems);
        for (const lookUp of [any, exact])
          expect(lookUp).toMatch(/^(?:!?\((?:'[^'\\\s]+'(?::\*)?(?: [&|] )?)+\)(?: & )?)+$/u);
      }),
    );
  });
});

test('the ranges of any match are in order, apart, and cut no character', () => {
  fc.assert(
    fc.property(words, words, (text, asked) => {
      const query = queryOf(asked);
      const line = searchedLine(`${text} ${asked} ${text}`);
      const matches = query && query.unwanted.length === 0 ? matchesIn(line, query, noStems) : null;
      if (!matches) return;
      const snippet = snippetOf(line, matches);
      let before = 0;
      for (const { start, end } of snippet.matches) {
        expect(start).toBeGreaterThanOrEqual(before);
        expect(end).toBeGreaterThan(start);
        expect(end).toBeLessThanOrEqual(snippet.text.length);
        expect(snippet.text.slice(start, end).isWellFormed()).toBe(true);
        before = end;
      }
      expect(snippet.matches.length).toBeGreaterThan(0);
    }),
  );
});

test('a word of any text finds it, and is in the index', () => {
  fc.assert(
    fc.property(words, (text) => {
      const line = searchedLine(text);
      for (const word of line.split(/[\s"“」-]+/u)) {
        const query = queryOf(`"${word}"`);
        if (!query) continue;
        expect(matchesIn(line, query, noStems), word).not.toBeNull();
        const terms = new Set(termsOf(line, noStems));
        for (const { kind, text: token } of query.wanted.flatMap(({ tokens }) => tokens))
          if (kind === 'word') expect(terms).toContain(token);
      }
    }),
  );
});

test.each([
  ['brackets', '[a'],
  ['emphasis', '_a*b'],
  ['marks', 'e\u0301\u0302'],
  ['Chinese', '京大学'],
  ['words', 'abc def '],
])('a long message of %s is read in linear time', async (_what, unit) => {
  const text = unit.repeat(20_000);
  const query = queryOf('abc def 京大学') as SearchQuery;
  const ms = await leastCpuMs(() => {
    const line = searchedLine(text);
    termsOf(line, noStems);
    matchesIn(line, query, noStems);
  });
  expect(ms).toBeLessThan(500);
});
