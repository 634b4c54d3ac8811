import { afterEach, expect, it, vi } from 'vitest';
import {
  ConversationChangesDocument,
  ConversationEventsDocument,
  type ConversationItemFragment,
  ConversationsDocument,
  LoadThreadDocument,
  ThreadDocument,
} from '../gql/graphql.ts';
import type { ConversationEvent } from '../live/live-state.ts';
import { createUrqlClient } from './client.ts';
import { push } from './pushed-exchange.ts';

const AT = '2026-01-01T00:00:00Z';

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
const message = (id: string, content: string, role: 'USER' | 'ASSISTANT' = 'ASSISTANT') => ({
  __typename: 'Message' as const,
  id,
  role,
  content,
  status: 'COMPLETED' as const,
  createdAt: AT,
  model: null,
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

/** A client whose server gives one kind of answer; everything else is as in the page. */
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

const loaded = (messages: object[]) => ({
  conversation: {
    ...item('c1'),
    pacing: 'HUMAN',
    provider: 'openrouter',
    model: { __typename: 'Model', id: 'm', name: 'M' },
    messages: page(messages, 'Message', null),
    latestCursor: 'e0',
    activeTurn: null,
  },
});

async function threadAfter(messages: object[], events: ConversationEvent[]) {
  const { client, fetched } = clientAnswering(() => loaded(messages));
  await client.query(LoadThreadDocument, { id: 'c1' }, { requestPolicy: 'network-only' }).toPromise();
  for (const event of events) {
    const variables = { conversationId: 'c1', after: event.cursor };
    await push(client, ConversationEventsDocument, variables, { conversationEvents: event });
  }
  const read = client.readQuery(ThreadDocument, { id: 'c1' }, { requestPolicy: 'cache-only' });
  expect(fetched).toEqual(['LoadThread']);
  return read?.data?.conversation;
}

const idsOf = (thread: Awaited<ReturnType<typeof threadAfter>>) =>
  thread?.messages.edges.map((edge) => edge.node.id);

it('what a session loads is what a thread reads', async () => {
  expect(idsOf(await threadAfter([message('u1', 'hi', 'USER')], []))).toEqual(['u1']);
});

it('messages that events bring are added in order, each once', async () => {
  const added = {
    cursor: 'e1',
    at: AT,
    __typename: 'MessageAdded',
    message: message('u1', 'hi', 'USER'),
  } as const;
  const done = {
    cursor: 'e2',
    at: AT,
    __typename: 'AiDone',
    turnId: 'a1',
    message: message('a1', 'Hello'),
  } as const;
  const thread = await threadAfter([message('a0', 'Yes?')], [added, done, added, done]);
  expect(idsOf(thread)).toEqual(['a0', 'u1', 'a1']);
});

it('an answer that was cut off before its first word is not added', async () => {
  const event = {
    cursor: 'e1',
    at: AT,
    __typename: 'AiInterrupted',
    turnId: 'a1',
    reason: 'CANCELLED',
    message: message('a1', ''),
  } as const;
  expect(idsOf(await threadAfter([], [event]))).toEqual([]);
});

it('title, model and status follow their events, and writing makes an ended conversation active', async () => {
  const model = { __typename: 'Model', id: 'm2', name: 'M2' } as const;
  const changes = [
    { cursor: 'e1', at: AT, __typename: 'TitleUpdated', title: 'New' },
    { cursor: 'e2', at: AT, __typename: 'ModelSelected', model },
    { cursor: 'e3', at: AT, __typename: 'ConversationEnded', endReason: 'IDLE_TIMEOUT' },
  ] as const;
  expect(await threadAfter([], [...changes])).toMatchObject({ title: 'New', model, status: 'COMPLETED' });
  const said = {
    cursor: 'e4',
    at: AT,
    __typename: 'MessageAdded',
    message: message('u1', 'x', 'USER'),
  } as const;
  expect(await threadAfter([], [...changes, said])).toMatchObject({ status: 'ACTIVE' });
});

it('the list joins its pages, and follows its changes', async () => {
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

it('reading the first page again forgets the later ones, which no longer join on to it', async () => {
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
