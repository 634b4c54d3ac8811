import { parse } from 'graphql';
import { expect, test } from 'vitest';
import { operationOf } from './operation.ts';

test.each([
  ['{ viewer { id } models { id } }', { type: 'query', field: 'viewer' }],
  ['query A { __typename viewer { id } }', { type: 'query', field: 'viewer' }],
  ['mutation { __typename mine: sendMessage { __typename } }', { type: 'mutation', field: 'sendMessage' }],
  [
    'subscription { conversationEvents { __typename } }',
    { type: 'subscription', field: 'conversationEvents' },
  ],
  ['{ __typename }', { type: 'query', field: '__typename' }],
  ['{ ...A } fragment A on Query { viewer { id } }', { type: 'query', field: 'fragment' }],
])('an operation is named by its first field of the schema: %s', (text, named) => {
  expect(operationOf({ document: parse(text) })).toEqual(named);
});
