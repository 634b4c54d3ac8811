import { expect, test } from 'vitest';
import { wordFaults } from './word-faults.ts';

test.each([
  ['Whoever reads it is told.', ['Whoever', 'told']],
  ['What is to be published begins anew.', ['is to be', 'anew']],
  ['The store is away; the breaker of a sick model is left alone.', ['away', 'sick', 'left alone']],
  ['forget it, whose speakers are owed a goodbye', ['forget', 'owed', 'goodbye']],
])('a word of the list is found, with its line: %s', (line, words) => {
  const faults = wordFaults('docs/a.md', `Fine.\n${line}\n`);
  expect(faults.map((fault) => /^docs\/a\.md:2: "(.+)": say /.exec(fault)?.[1]).toSorted()).toEqual(
    words.toSorted(),
  );
});

test.each(['untellable', 'forgery', 'stowaway', 'bellow', 'What must be published is pending.'])(
  'part of another word is not: %s',
  (line) => expect(wordFaults('core/a.ts', line)).toEqual([]),
);

test("words that are somebody else's may stay: texts for users and models, generated files, released migrations", () => {
  for (const path of [
    'core/domain/texts.ts',
    'client/src/gql/graphql.ts',
    'prisma/migrations/1/migration.sql',
  ])
    expect(wordFaults(path, 'I told you')).toEqual([]);
});
