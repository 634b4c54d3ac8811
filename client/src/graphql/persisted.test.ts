import { parse, print } from 'graphql';
import { afterEach, expect, it, vi } from 'vitest';
import { ConversationEventsDocument, ConversationsDocument, SendMessageDocument } from '../gql/graphql.ts';
import list from '../gql/persisted-documents.json' with { type: 'json' };
import { createUrqlClient } from './client.ts';
import { payloadOf } from './persisted.ts';

afterEach(() => void vi.unstubAllGlobals());

/** Expects a document beside the hash under which the list has the same one. */
function expectBoth(sent: Record<string, unknown>) {
  const { query, extensions } = sent as {
    query: string;
    extensions: { persistedQuery: { version: number; sha256Hash: string } };
  };
  const { version, sha256Hash } = extensions.persistedQuery;
  expect(version).toBe(1);
  const listed = (list as Record<string, string>)[`sha256:${sha256Hash}`] ?? '';
  expect(wordsOf(query)).toEqual(wordsOf(listed));
}

/** The words of a document in any order: the list has fields and variables sorted by name. */
const wordsOf = (document: string) =>
  print(parse(document))
    .split(/[\s,()]+/)
    .sort();

it('queries and mutations send their document and its hash', async () => {
  const sent: Record<string, unknown>[] = [];
  vi.stubGlobal('fetch', async (_input: unknown, init: RequestInit) => {
    sent.push(JSON.parse(String(init.body)));
    return Response.json({ data: null });
  });
  const client = createUrqlClient('http://test/graphql');
  await client.query(ConversationsDocument, { first: 20 }).toPromise();
  await client.mutation(SendMessageDocument, { input: { conversationId: 'c', text: 'Hello' } }).toPromise();
  expect(sent).toHaveLength(2);
  for (const one of sent) expectBoth(one);
});

it('subscriptions send their document and its hash', () => {
  const payload = payloadOf('ConversationEvents', ConversationEventsDocument, { conversationId: 'c' });
  expectBoth(payload as unknown as Record<string, unknown>);
});
