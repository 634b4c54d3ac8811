import { readdirSync, readFileSync } from 'node:fs';
import { compileMessage } from '@lingui/message-utils/compileMessage';
import { describe, expect, it } from 'vitest';
import { valuesIn } from '../../../scripts/text-values.ts';
import { LANGUAGE_CODES } from './languages.ts';

const FOLDER = `${import.meta.dirname}/messages`;
const textsOf = (code: string): Record<string, string> =>
  JSON.parse(readFileSync(`${FOLDER}/${code}.json`, 'utf8'));
const ENGLISH = textsOf('en');

/** They may be the same in every language. */
const NAMES = ['app', 'thread.branches.position'];

/** The categories that each plural of a text distinguishes. */
function pluralsIn(text: string): string[][] {
  const walk = (part: unknown): string[][] => {
    if (!Array.isArray(part)) return [];
    const [, kind, options] = part;
    if (typeof options !== 'object' || options === null) return part.flatMap(walk);
    const inside = Object.values(options).flatMap(walk);
    return kind === 'plural'
      ? [Object.keys(options).filter((key) => !/^\d|^offset/.test(key)), ...inside]
      : inside;
  };
  return walk(compileMessage(text));
}

it('each catalogue belongs to a language', () => {
  expect(readdirSync(FOLDER).toSorted()).toEqual(LANGUAGE_CODES.map((code) => `${code}.json`).toSorted());
});

describe.each(LANGUAGE_CODES)('the catalogue of %s', (code) => {
  const texts = textsOf(code);

  it('has every text, and no other', () => {
    expect(Object.keys(texts)).toEqual(Object.keys(ENGLISH));
    for (const [name, text] of Object.entries(texts)) expect(text.trim(), name).not.toBe('');
  });

  it('puts the same values into each text', () => {
    for (const [name, text] of Object.entries(texts))
      expect(Object.fromEntries(valuesIn(text)), name).toEqual(
        Object.fromEntries(valuesIn(ENGLISH[name] ?? '')),
      );
  });

  it('has for each plural the categories of CLDR for the language', () => {
    const required = new Intl.PluralRules(code).resolvedOptions().pluralCategories.toSorted();
    for (const [name, text] of Object.entries(texts))
      for (const categories of pluralsIn(text)) expect(categories.toSorted(), name).toEqual(required);
    expect(Object.values(texts).flatMap(pluralsIn).length).toBeGreaterThan(10);
  });
});

it.each(LANGUAGE_CODES.filter((code) => code !== 'en'))('the catalogue of %s is translated', (code) => {
  const texts = textsOf(code);
  const same = Object.keys(texts).filter((name) => texts[name] === ENGLISH[name]);
  expect(same.filter((name) => !NAMES.includes(name))).toEqual([]);
});

it('the rule finds a plural without a category, and one inside another', () => {
  expect(pluralsIn('{n, plural, one {# day} other {# days}}')).toEqual([['one', 'other']]);
  expect(pluralsIn('{n, plural, =0 {none} other {{k, plural, other {#}}}}')).toEqual([['other'], ['other']]);
});
