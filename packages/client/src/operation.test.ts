import { parse, print } from 'graphql';
import { expect, it } from 'vitest';
import { ConversationEventsDocument } from './gql/graphql.ts';
import list from './gql/persisted-documents.json' with { type: 'json' };
import { payloadOf } from './operation.ts';

/** The words of a document in any order: the list has fields and variables sorted by name. */
const wordsOf = (document: string) =>
  print(parse(document))
    .split(/[\s,()]+/)
    .sort();

it('an operation is sent as its document, and the hash under which a list has the same one', () => {
  const variables = { conversationId: 'c' };
  const payload = payloadOf('ConversationEvents', ConversationEventsDocument, variables);
  expect(payload).toMatchObject({ operationName: 'ConversationEvents', variables });
  const { persistedQuery } = payload.extensions as {
    persistedQuery: { version: number; sha256Hash: string };
  };
  expect(persistedQuery.version).toBe(1);
  const listed = new Map(Object.entries(list)).get(`sha256:${persistedQuery.sha256Hash}`) ?? '';
  expect(wordsOf(payload.query ?? '')).toEqual(wordsOf(listed));
});
