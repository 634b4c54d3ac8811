import { afterEach, expect, it, vi } from 'vitest';
import { AT, activeTurn, MODEL, partial, said, TIMEOUT } from '../../../packages/client/src/testing.ts';
import { ThreadDocument } from '../gql/graphql.ts';
import { createUrqlClient } from '../graphql/client.ts';
import { throughCache } from './through-cache.ts';

afterEach(() => void vi.unstubAllGlobals());

/** A client in front of a server that gives this answer; null: it cannot be reached. */
function clientOf(answer: object | null) {
  vi.stubGlobal('fetch', async () => {
    if (answer === null) throw new TypeError('Failed to fetch');
    return Response.json(answer);
  });
  const urql = createUrqlClient('http://test/graphql');
  const thread = () =>
    urql.readQuery(ThreadDocument, { id: 'c1' }, { requestPolicy: 'cache-only' })?.data?.conversation;
  return { ...throughCache(urql, 'c1'), thread };
}

const CONVERSATION = {
  ...{ __typename: 'Conversation', id: 'c1', title: null, status: 'ACTIVE', messageCount: 1 },
  ...{ lastMessagePreview: null, createdAt: AT, updatedAt: AT, lastActivityAt: AT, pacing: 'HUMAN' },
  ...{ readingWpm: null, provider: 'openrouter', model: MODEL, failure: null, queuedMessages: [] },
  messages: {
    __typename: 'MessageConnection',
    nodes: [said('u1')],
    pageInfo: { __typename: 'PageInfo', hasPreviousPage: false, startCursor: null },
  },
  latestEventCursor: 'e5',
  activeTurn: activeTurn('t1', { text: 'Hello' }),
};

it('what is loaded is in the cache, and events change it there', async () => {
  const { load, store, thread } = clientOf({ data: { conversation: CONVERSATION } });
  expect(await load('c1')).toMatchObject({ conversation: { latestEventCursor: 'e5' } });
  expect(thread()?.messages.nodes).toMatchObject([{ id: 'u1', failure: null }]);
  const failure = { ...TIMEOUT, turnId: 't1' };
  store({
    ...{ __typename: 'TurnFailed', cursor: 'e6', at: AT, turnId: 't1', failure },
    partial: partial('t1', 'Hell'),
  });
  await vi.waitFor(
    () =>
      expect(thread()?.messages.nodes).toMatchObject([
        { id: 'u1', failure: { code: 'TIMEOUT' } },
        { id: 't1', role: 'ASSISTANT', status: 'INTERRUPTED', content: 'Hell', answeredBy: { name: 'M' } },
      ]),
    { interval: 1, timeout: 60_000 },
  );
});

it('a conversation that does not exist is null', async () => {
  expect(await clientOf({ data: { conversation: null } }).load('c1')).toEqual({ conversation: null });
});

it('a server that cannot be reached, or limits its callers, is a problem', async () => {
  expect(await clientOf(null).load('c1')).toMatchObject({ problem: { retryable: true }, waitMs: 0 });
  const extensions = { code: 'RATE_LIMITED', retryAfterMs: 1_500 };
  const limited = clientOf({ data: null, errors: [{ message: '', extensions }] });
  expect(await limited.load('c1')).toMatchObject({ problem: { retryable: true }, waitMs: 1_500 });
});
