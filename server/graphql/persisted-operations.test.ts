import { describe, expect, test } from 'vitest';
import { PersistedOperations, readPersistedOperations } from './persisted-operations.ts';

const LISTED = '{ viewer { id } }';
const OTHER = '{ models { id } }';
const DOCUMENTS = new Map([['abc', LISTED]]);
const by = (sha256Hash: unknown) => ({ extensions: { persistedQuery: { version: 1, sha256Hash } } });

/** The document that is executed, or the code of the refusal. */
function outcome(mode: 'off' | 'also' | 'only', params: object): unknown {
  try {
    return new PersistedOperations(mode, DOCUMENTS).documentOf(params);
  } catch (error) {
    return (error as { extensions: { code: string } }).extensions.code;
  }
}

const [NOT_FOUND, REQUIRED] = ['PERSISTED_QUERY_NOT_FOUND', 'PERSISTED_QUERY_ID_REQUIRED'];
const NOT_SUPPORTED = 'PERSISTED_QUERY_NOT_SUPPORTED';

describe.each([
  ['a document', { query: OTHER }, { off: OTHER, also: OTHER, only: REQUIRED }],
  ['a listed document without its hash', { query: LISTED }, { off: LISTED, also: LISTED, only: REQUIRED }],
  ['a listed hash', by('abc'), { off: NOT_SUPPORTED, also: LISTED, only: LISTED }],
  ['a listed hash with its algorithm', by('sha256:abc'), { off: NOT_SUPPORTED, also: LISTED, only: LISTED }],
  ['another hash', by('def'), { off: NOT_SUPPORTED, also: NOT_FOUND, only: NOT_FOUND }],
  [
    'another hash with a document',
    { ...by('def'), query: OTHER },
    { off: OTHER, also: OTHER, only: NOT_FOUND },
  ],
  [
    'a listed hash with another document',
    { ...by('abc'), query: OTHER },
    { off: OTHER, also: OTHER, only: LISTED },
  ],
  ['a malformed hash', by(5), { off: NOT_SUPPORTED, also: NOT_FOUND, only: NOT_FOUND }],
  ['nothing', {}, { off: undefined, also: undefined, only: REQUIRED }],
] as const)('%s', (_what, params, expected) => {
  test.each(['off', 'also', 'only'] as const)('is as the mode says: %s', (mode) => {
    expect(outcome(mode, params)).toBe(expected[mode]);
  });
});

test('a file that is no list prevents the start, with its name', () => {
  for (const path of ['no/such/file.json', 'package.json'])
    expect(() => readPersistedOperations('only', path, null)).toThrow(
      `PERSISTED_OPERATIONS_FILE ${path} cannot be read`,
    );
  expect(() => readPersistedOperations('off', 'no/such/file.json', null)).not.toThrow();
});
