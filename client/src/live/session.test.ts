import type { Client as UrqlClient } from '@urql/core';
import type { SubscribePayload } from 'graphql-ws';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ThreadDocument } from '../gql/graphql.ts';
import { createUrqlClient } from '../graphql/client.ts';
import type { ConversationEvent } from './live-state.ts';
import { Session } from './session.ts';

const AT = '2026-01-01T00:00:00Z';

interface Subscription {
  after: unknown;
  open: boolean;
  emit(event: object): void;
  refuse(): void;
}

let urql: UrqlClient;
let replies: (object | 'unreachable')[];
let loads: number;
let opened: Subscription[];
let pauses: number;
let session: Session;
const outbox = { claim: vi.fn(), settle: vi.fn() };

beforeEach(() => {
  replies = [];
  opened = [];
  loads = 0;
  pauses = 0;
  vi.stubGlobal('fetch', async () => {
    loads += 1;
    const reply = replies.length > 1 ? replies.shift() : replies[0];
    if (reply === 'unreachable') throw new TypeError('Failed to fetch');
    return Response.json({ data: { conversation: reply ?? null } });
  });
  urql = createUrqlClient('http://test/graphql');
  session = new Session('c1', {
    urql,
    outbox,
    typing: { isOwn: false },
    socket: { subscribe },
    pause: async () => {
      pauses += 1;
    },
    schedule: (callback) => {
      callback();
      return () => {};
    },
  });
});

afterEach(() => {
  session.stop();
  vi.unstubAllGlobals();
});

function subscribe<Data>(
  payload: SubscribePayload,
  sink: { next(value: { data: Data }): void; error(e: unknown): void },
) {
  const subscription: Subscription = {
    after: payload.variables?.after,
    open: true,
    emit: (event) => sink.next({ data: { conversationEvents: event } as Data }),
    refuse: () => sink.error([{ message: 'no', extensions: { code: 'BAD_USER_INPUT' } }]),
  };
  opened.push(subscription);
  return () => {
    subscription.open = false;
  };
}

const model = { __typename: 'Model', id: 'm', name: 'M' };
const conversation = (latestCursor: string, text: string | null) => ({
  __typename: 'Conversation',
  id: 'c1',
  title: null,
  status: 'ACTIVE',
  messageCount: 0,
  lastMessagePreview: null,
  createdAt: AT,
  updatedAt: AT,
  lastActivityAt: AT,
  pacing: 'HUMAN',
  provider: 'openrouter',
  model,
  messages: {
    __typename: 'MessageConnection',
    edges: [],
    pageInfo: { __typename: 'PageInfo', hasPreviousPage: false, startCursor: null },
  },
  latestCursor,
  activeTurn:
    text === null ? null : { __typename: 'Turn', id: 't1', text, startedAt: AT, model, fallback: null },
  lastFailure: null,
});
const token = (cursor: string, text: string, offset: number): ConversationEvent => ({
  __typename: 'AiToken',
  cursor,
  at: AT,
  turnId: 't1',
  text,
  offset,
});
const following = (count: number) => vi.waitFor(() => expect(opened).toHaveLength(count), { interval: 1 });

it('starts with what has been spoken and goes on from there', async () => {
  replies = [conversation('e5', 'Hello')];
  session.start();
  await following(1);
  expect(opened[0]?.after).toBe('e5');
  opened[0]?.emit(token('e6', ', you', 5));
  expect(session.live.getSnapshot()?.turn?.text).toBe('Hello, you');
  expect(session.getPhase()).toEqual({ name: 'live' });
});

it('a reset loads the conversation again and goes on after its new cursor', async () => {
  replies = [conversation('e5', 'Hello'), conversation('f9', 'Hello, again')];
  session.start();
  await following(1);
  opened[0]?.emit({ __typename: 'FeedReset', cursor: 'f1', at: AT });
  expect(opened[0]?.open).toBe(false);
  await following(2);
  expect(opened[1]?.after).toBe('f9');
  expect(session.live.getSnapshot()?.turn?.text).toBe('Hello, again');
  expect(session.live.getSnapshot()?.stale).toBe(false);
});

it('a gap in the text loads the conversation again', async () => {
  replies = [conversation('e5', 'Hello'), conversation('e9', 'Hello, you there')];
  session.start();
  await following(1);
  opened[0]?.emit(token('e8', ' there', 10));
  await following(2);
  expect(session.live.getSnapshot()?.turn?.text).toBe('Hello, you there');
});

it('a refused cursor loads the conversation again, not in a hot loop', async () => {
  replies = [conversation('e5', null)];
  session.start();
  await following(1);
  opened[0]?.refuse();
  await following(2);
  expect(pauses).toBe(0);
  opened[1]?.refuse();
  await following(3);
  expect(pauses).toBe(1);
});

it('an unreachable server is asked until it answers, and the trouble is told', async () => {
  replies = ['unreachable', 'unreachable', conversation('e1', null)];
  const problems: unknown[] = [];
  session.subscribe(() => problems.push(session.getPhase()));
  session.start();
  await following(1);
  expect(loads).toBe(3);
  expect(problems).toContainEqual({
    name: 'loading',
    problem: { text: expect.any(String), retryable: true },
  });
});

it('what was heard of an answer that failed stays when the next one begins', async () => {
  replies = [conversation('e5', 'Hello')];
  session.start();
  await following(1);
  const failed = { turnId: 't1', code: 'TIMEOUT', errorText: 'Too slow.', retryable: true };
  opened[0]?.emit({ __typename: 'AiError', cursor: 'e6', at: AT, ...failed });
  opened[0]?.emit({
    __typename: 'AiStarted',
    cursor: 'e7',
    at: AT,
    turnId: 't2',
    cause: 'USER_MESSAGE',
    model,
  });
  expect(session.live.getSnapshot()?.turn?.id).toBe('t2');
  const thread = () =>
    urql.readQuery(ThreadDocument, { id: 'c1' }, { requestPolicy: 'cache-only' })?.data?.conversation;
  const shown = { role: 'ASSISTANT', status: 'INTERRUPTED', content: 'Hello', model: { name: 'M' } };
  await vi.waitFor(
    () => expect(thread()?.messages.edges.map(({ node }) => node)).toMatchObject([{ id: 't1', ...shown }]),
    { interval: 1 },
  );
});

it('a conversation that does not exist is missing, for good', async () => {
  session.start();
  await vi.waitFor(() => expect(session.getPhase()).toEqual({ name: 'missing' }), { interval: 1 });
  expect(opened).toEqual([]);
});

it('a stopped session follows no more', async () => {
  replies = [conversation('e5', 'Hello')];
  session.start();
  await following(1);
  session.stop();
  expect(opened[0]?.open).toBe(false);
  expect(session.getPhase()).toEqual({ name: 'stopped' });
});
