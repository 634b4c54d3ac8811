import type { ConversationEvent } from '@taskflow/client/core';
import { afterEach, expect, it, vi } from 'vitest';
import {
  AT,
  activeTurn,
  answer,
  MODEL,
  partial,
  said,
  TIMEOUT,
} from '../../../packages/client/src/testing.ts';
import {
  ConversationChangesDocument,
  ConversationEventsDocument,
  type ConversationItemFragment,
  ConversationsDocument,
  LoadThreadDocument,
  type MessagePartsFragment,
  ThreadDocument,
  type TurnCause,
} from '../gql/graphql.ts';
import { createUrqlClient } from './client.ts';
import { push } from './pushed-exchange.ts';

const item = (id: string, title = id): ConversationItemFragment => ({
  __typename: 'Conversation',
  id,
  title,
  status: 'ACTIVE',
  messageCount: 0,
  lastMessagePreview: null,
  createdAt: AT,
  updatedAt: AT,
  lastActivityAt: AT,
});
const page = (nodes: object[], typename: string, end: string | null) => ({
  __typename: `${typename}Connection`,
  edges: nodes.map((node, at) => ({ __typename: `${typename}Edge`, cursor: `${end}-${at}`, node })),
  pageInfo: {
    __typename: 'PageInfo',
    hasNextPage: end !== null,
    hasPreviousPage: false,
    startCursor: `start-${end}`,
    endCursor: end,
  },
});

/** A client as in the page, whose server answers every operation with `answer`. */
function clientAnswering(answer: (variables: Record<string, unknown>) => object) {
  const fetched: string[] = [];
  vi.stubGlobal('fetch', async (_input: unknown, init: RequestInit) => {
    const { operationName, variables } = JSON.parse(String(init.body));
    fetched.push(operationName);
    return Response.json({ data: answer(variables) });
  });
  return { client: createUrqlClient('http://test/graphql'), fetched };
}

afterEach(() => void vi.unstubAllGlobals());

const loaded = (messages: object[], change: object) => ({
  conversation: {
    ...item('c1'),
    pacing: 'HUMAN',
    readingWpm: null,
    provider: 'openrouter',
    model: MODEL,
    messages: {
      __typename: 'MessageConnection',
      nodes: messages,
      pageInfo: { __typename: 'PageInfo', hasPreviousPage: false, startCursor: null },
    },
    failure: null,
    latestEventCursor: 'e0',
    activeTurn: null,
    queuedMessages: [],
    ...change,
  },
});

async function threadAfter(messages: object[], events: ConversationEvent[], change: object = {}) {
  const { client, fetched } = clientAnswering(() => loaded(messages, change));
  await client.query(LoadThreadDocument, { id: 'c1' }, { requestPolicy: 'network-only' }).toPromise();
  for (const event of events) {
    const variables = { conversationId: 'c1', after: event.cursor };
    await push(client, ConversationEventsDocument, variables, { conversationEvents: event });
  }
  const read = client.readQuery(ThreadDocument, { id: 'c1' }, { requestPolicy: 'cache-only' });
  expect(fetched).toEqual(['LoadThread']);
  return read?.data?.conversation;
}

const idsOf = (thread: Awaited<ReturnType<typeof threadAfter>>) => thread?.messages.nodes.map((it) => it.id);
const failuresOf = (thread: Awaited<ReturnType<typeof threadAfter>>) =>
  thread?.messages.nodes.map((it) => it.failure?.code ?? null);

const asked = (message: MessagePartsFragment) =>
  ({ cursor: 'e1', at: AT, __typename: 'MessageAdded', message }) as const;
const started = (turnId: string, cause: TurnCause = 'USER_MESSAGE') =>
  ({ cursor: 'e2', at: AT, __typename: 'TurnStarted', turnId, cause, model: MODEL, fallback: null }) as const;
const failed = (turnId: string, stored: MessagePartsFragment | null) => {
  const failure = { ...TIMEOUT, turnId };
  return { cursor: 'e3', at: AT, __typename: 'TurnFailed', turnId, failure, partial: stored } as const;
};

it('what a session loads is what a thread reads', async () => {
  expect(idsOf(await threadAfter([said('u1')], []))).toEqual(['u1']);
});

it('messages that events bring are added in order, each once', async () => {
  const done = {
    cursor: 'e2',
    at: AT,
    __typename: 'TurnCompleted',
    turnId: 'a1',
    message: answer('a1', 'Hello'),
  } as const;
  const events = [asked(said('u1')), done];
  expect(idsOf(await threadAfter([answer('a0', 'Yes?')], [...events, ...events]))).toEqual([
    'a0',
    'u1',
    'a1',
  ]);
});

it('a message that is published late goes where the server has it', async () => {
  const newer = said('u2', { createdAt: '2026-01-01T00:00:09Z' });
  const older = said('u1', { createdAt: '2026-01-01T00:00:05Z' });
  expect(idsOf(await threadAfter([answer('a0', 'Yes?'), newer], [asked(older)]))).toEqual(['a0', 'u1', 'u2']);
});

it('an answer that was cut off is added as it is stored, and not at all before its first word', async () => {
  const cut = {
    cursor: 'e1',
    at: AT,
    __typename: 'TurnInterrupted',
    turnId: 'a1',
    interruptionReason: 'CANCELLED',
  } as const;
  expect(idsOf(await threadAfter([said('u1')], [{ ...cut, partial: null }]))).toEqual(['u1']);
  const thread = await threadAfter([said('u1')], [{ ...cut, partial: partial('a1', 'Hel') }]);
  expect(thread?.messages.nodes.at(-1)).toMatchObject({ id: 'a1', content: 'Hel', status: 'INTERRUPTED' });
});

it('a failed answer leaves its failure with the message that it answers, and what was spoken of it', async () => {
  const live = await threadAfter(
    [said('u0'), answer('a0', 'Hi')],
    [asked(said('u1')), started('t1'), failed('t1', partial('t1', 'Hel'))],
  );
  expect(failuresOf(live)).toEqual([null, null, 'TIMEOUT', null]);
  expect(live).toMatchObject({ failure: null, activeTurn: null });
  const stored = [said('u0'), answer('a0', 'Hi'), said('u1', { failure: TIMEOUT }), partial('t1', 'Hel')];
  expect(live).toEqual(await threadAfter(stored, []));
});

it('a failed greeting or nudge leaves its failure with the conversation, until the user says something', async () => {
  const greeting = [started('t1', 'GREETING'), failed('t1', null)];
  expect(await threadAfter([], greeting)).toMatchObject({ failure: { code: 'TIMEOUT' } });
  expect(await threadAfter([], [...greeting, asked(said('u1'))])).toMatchObject({ failure: null });
  const nudge = await threadAfter(
    [said('u1'), answer('a1', 'Hi')],
    [started('t2', 'IDLE_NUDGE'), failed('t2', null)],
  );
  expect(nudge).toMatchObject({ failure: { turnId: 't2' } });
  expect(failuresOf(nudge)).toEqual([null, null]);
});

it('the cause of a turn that was pending or spoken when the thread was loaded is known', async () => {
  const greeting = activeTurn('t1', { state: 'PENDING', startedAt: null, cause: 'GREETING' });
  const thread = await threadAfter([], [failed('t1', null)], { activeTurn: greeting });
  expect(thread).toMatchObject({ failure: { turnId: 't1' } });
});

it('a regeneration removes the failure; a nudge does not', async () => {
  const messages = [said('u1', { failure: TIMEOUT })];
  expect(failuresOf(await threadAfter(messages, [started('t2', 'IDLE_NUDGE')]))).toEqual(['TIMEOUT']);
  expect(failuresOf(await threadAfter(messages, [started('t2', 'REGENERATION')]))).toEqual([null]);
});

it('title, model, pacing and status follow their events, and writing makes an ended conversation active', async () => {
  const model = { __typename: 'Model', id: 'm2', name: 'M2' } as const;
  const changes = [
    {
      cursor: 'e1',
      at: AT,
      __typename: 'ConversationUpdated',
      title: 'New',
      model,
      pacing: 'READING',
      readingWpm: 450,
    },
    { cursor: 'e3', at: AT, __typename: 'ConversationEnded', endReason: 'IDLE_TIMEOUT' },
  ] as const;
  expect(await threadAfter([], [...changes])).toMatchObject({
    ...{ title: 'New', model, pacing: 'READING', readingWpm: 450, status: 'COMPLETED' },
  });
  expect(await threadAfter([], [...changes, asked(said('u1'))])).toMatchObject({ status: 'ACTIVE' });
});

it('an event of a kind that is not known changes nothing', async () => {
  const unknown = { cursor: 'e1', at: AT, __typename: 'SunRisen' } as unknown as ConversationEvent;
  expect(await threadAfter([said('u1')], [unknown])).toEqual(await threadAfter([said('u1')], []));
});

it('the list joins its pages, and applies its changes', async () => {
  const { client, fetched } = clientAnswering(({ after }) => ({
    conversations: after
      ? page([item('c3')], 'Conversation', null)
      : page([item('c1'), item('c2')], 'Conversation', 'p1'),
  }));
  await client.query(ConversationsDocument, { first: 2 }).toPromise();
  await client.query(ConversationsDocument, { first: 2, after: 'p1' }).toPromise();
  const titles = () =>
    client
      .readQuery(ConversationsDocument, { first: 2 })
      ?.data?.conversations.edges.map((edge) => edge.node.title);
  const change = (
    kind: 'CREATED' | 'UPDATED' | 'DELETED',
    conversation: ConversationItemFragment | null,
    id: string,
  ) =>
    push(
      client,
      ConversationChangesDocument,
      {},
      {
        conversationChanges: { __typename: 'ConversationChange', kind, conversationId: id, conversation },
      },
    );

  expect(titles()).toEqual(['c1', 'c2', 'c3']);
  await change('CREATED', item('c4'), 'c4');
  expect(titles()).toEqual(['c4', 'c1', 'c2', 'c3']);
  await change('UPDATED', item('c3', 'renamed'), 'c3');
  expect(titles()).toEqual(['c4', 'c1', 'c2', 'renamed']);
  await change('DELETED', null, 'c3');
  await change('DELETED', null, 'c1');
  expect(titles()).toEqual(['c4', 'c2']);
  expect(fetched).toHaveLength(2);
});

it('a message moves its conversation to the top of the list, another change moves nothing', async () => {
  const { client } = clientAnswering(({ after }) => ({
    conversations: after
      ? page([item('c3')], 'Conversation', null)
      : page([item('c1'), item('c2')], 'Conversation', 'p1'),
  }));
  await client.query(ConversationsDocument, { first: 2 }).toPromise();
  await client.query(ConversationsDocument, { first: 2, after: 'p1' }).toPromise();
  const update = async (id: string, change: Partial<ConversationItemFragment>) => {
    const conversation = { ...item(id), updatedAt: new Date().toISOString(), ...change };
    const conversationChanges = {
      __typename: 'ConversationChange' as const,
      kind: 'UPDATED' as const,
      conversationId: id,
      conversation,
    };
    await push(client, ConversationChangesDocument, {}, { conversationChanges });
    return idsOfList(client);
  };
  expect(await update('c2', { title: 'renamed' })).toEqual(['c1', 'c2', 'c3']);
  expect(await update('c2', { messageCount: 1 })).toEqual(['c2', 'c1', 'c3']);
  expect(await update('c3', { messageCount: 1 })).toEqual(['c3', 'c2', 'c1']);
  expect(await update('c2', { messageCount: 1, status: 'COMPLETED' })).toEqual(['c3', 'c2', 'c1']);
  expect(await update('c9', { messageCount: 4 })).toEqual(['c3', 'c2', 'c1']);
});

it('reading the first page again drops the later ones, which no longer follow it', async () => {
  let first = [item('c1'), item('c2')];
  const { client } = clientAnswering(({ after }) => ({
    conversations: after ? page([item('c3')], 'Conversation', null) : page(first, 'Conversation', 'p1'),
  }));
  const read = (after?: string) =>
    client
      .query(ConversationsDocument, { first: 2, ...(after && { after }) }, { requestPolicy: 'network-only' })
      .toPromise();
  await read();
  await read('p1');
  first = [item('c4'), item('c1')];
  await read();
  expect(idsOfList(client)).toEqual(['c4', 'c1']);
});

function idsOfList(client: ReturnType<typeof createUrqlClient>) {
  const list = client.readQuery(ConversationsDocument, { first: 2 })?.data?.conversations;
  return list?.edges.map((edge) => edge.node.id);
}
