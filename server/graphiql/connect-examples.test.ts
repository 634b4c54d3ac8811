/// <reference lib="dom" />
import { parse } from 'graphql';
import { describe, expect, test } from 'vitest';
import { connectExamples } from './connect-examples.ts';
import { EXAMPLE_TABS, MARK } from './example-tabs.ts';

class FakeSocket extends EventTarget {}

/** A page with this in its storage, and the examples connected in it. */
function openPage(stored: Record<string, string> = {}) {
  const items = new Map(Object.entries(stored));
  const localStorage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
  };
  const page = { localStorage, WebSocket: FakeSocket as unknown as typeof WebSocket };
  const { onTabChange, connectionParams } = connectExamples(page, MARK);
  const socket = new page.WebSocket('ws://127.0.0.1/graphql');
  /** The message as GraphiQL receives it. */
  const receive = (data: string): string => {
    let received = '';
    socket.addEventListener('message', (event) => {
      received = event.data;
    });
    socket.dispatchEvent(new MessageEvent('message', { data }));
    return received;
  };
  return { items, onTabChange, connectionParams, receive, socket };
}

const next = (event: object, more: object = {}) =>
  JSON.stringify({ id: '1', type: 'next', payload: { data: { conversationEvents: event }, ...more } });

const added = (turnId: string, offset: number, text: string) => ({
  ...{ __typename: 'TurnTextAdded', cursor: `c.${offset}`, turnId, offset, text },
});

describe('what GraphiQL is shown of an event', () => {
  const shown = (page: ReturnType<typeof openPage>, event: object) => {
    const { data, extensions } = JSON.parse(page.receive(next(event))).payload;
    expect(data).toEqual({ conversationEvents: event });
    return extensions?.answerSoFar;
  };

  test('the text of its turn so far stands beside data, which stays as it is', () => {
    const page = openPage();
    expect(shown(page, added('a', 0, 'Bees '))).toBe('Bees ');
    expect(shown(page, added('a', 5, 'dance.'))).toBe('Bees dance.');
    expect(shown(page, added('b', 0, 'Ants'))).toBe('Ants');
  });

  test('text that is replayed is not added twice', () => {
    const page = openPage();
    for (const event of [added('a', 0, 'Bees '), added('a', 5, 'dance')]) shown(page, event);
    expect(shown(page, added('a', 0, 'Bees dance'))).toBe('Bees dance');
    expect(shown(page, added('a', 10, '.'))).toBe('Bees dance.');
  });

  test('an answer whose beginning was not received is not shown as if it were whole', () => {
    const page = openPage();
    expect(shown(page, added('a', 5, 'dance'))).toBeUndefined();
    expect(shown(page, added('a', 10, '.'))).toBeUndefined();
  });

  test('extensions of the server stay', () => {
    const message = openPage().receive(next(added('a', 0, 'Bees'), { extensions: { cost: 1 } }));
    expect(JSON.parse(message).payload.extensions).toEqual({ cost: 1, answerSoFar: 'Bees' });
  });

  test.each([
    ['another event', next({ __typename: 'TurnStarted', turnId: 'a' })],
    ['a selection without the offset', next({ __typename: 'TurnTextAdded', turnId: 'a', text: 'Bees' })],
    ['an error', JSON.stringify({ id: '1', type: 'error', payload: [{ message: 'No.' }] })],
    ['a result without data', JSON.stringify({ id: '1', type: 'next', payload: { data: null } })],
    ['an acknowledgement', '{"type": "connection_ack"}'],
    ['what is not JSON', 'Bees'],
  ])('%s is passed on unchanged', (_name, message) => {
    expect(openPage().receive(message)).toBe(message);
  });
});

describe('the variables of a tab', () => {
  const marked = (values: object) => `${MARK}\n${JSON.stringify(values, null, 2)}`;
  const created = (id: string) => ({
    response: JSON.stringify({
      data: { createConversation: { conversation: { id, latestEventCursor: `${id}.1` } } },
    }),
  });
  const tab = (variables: string | null) => ({ variables, response: null });

  test('get the conversation that another tab has created, and its cursor where they have one', () => {
    const tabs = [created('a'), ...EXAMPLE_TABS.slice(1).map(({ variables }) => tab(variables ?? null))];
    openPage().onTabChange({ tabs, activeTabIndex: 0 });
    expect(tabs.slice(1)).toEqual([
      tab(marked({ conversationId: 'a' })),
      tab(marked({ conversationId: 'a', after: 'a.1' })),
    ]);
  });

  test('follow the newest conversation, and keep what else they hold', () => {
    const { onTabChange } = openPage();
    const [first, follower] = [created('a'), tab(marked({ conversationId: 'Run tab 1 first', text: 'Hi' }))];
    onTabChange({ tabs: [first, follower], activeTabIndex: 0 });
    Object.assign(first, created('b'));
    onTabChange({ tabs: [first, follower], activeTabIndex: 0 });
    expect(follower.variables).toBe(marked({ conversationId: 'b', text: 'Hi' }));
  });

  test('keep another cursor for the same conversation', () => {
    const own = marked({ conversationId: 'a', after: 'a.7' });
    const tabs = [created('a'), tab(own)];
    openPage().onTabChange({ tabs, activeTabIndex: 0 });
    expect(tabs[1]).toEqual(tab(own));
  });

  test.each([
    ['without the mark', '{ "conversationId": "x" }'],
    ['that are not JSON', `${MARK}\n{ "conversationId": `],
    ['that there are none of', null],
  ])('%s are not changed', (_name, variables) => {
    const tabs = [created('a'), tab(variables)];
    openPage().onTabChange({ tabs, activeTabIndex: 0 });
    expect(tabs[1]).toEqual(tab(variables));
  });

  const afterReload = (tabs: object[], activeTabIndex: number, query: string, variables: string) => {
    const { items } = openPage({
      'taskflow:conversation': JSON.stringify({ id: 'b', latestEventCursor: 'b.1' }),
      'graphiql:tabState': JSON.stringify({ tabs, activeTabIndex }),
      'graphiql:query': query,
      'graphiql:variables': variables,
    });
    return {
      ...JSON.parse(items.get('graphiql:tabState') ?? ''),
      variables: items.get('graphiql:variables'),
    };
  };
  const create = { ...tab(null), query: 'mutation' };
  const old = marked({ conversationId: 'a' });
  const current = marked({ conversationId: 'b' });
  const send = { ...tab(old), query: 'send' };

  test('follow the conversation after a reload, even if they were stored before it was created', () => {
    expect(afterReload([create, send], 1, 'send', old)).toEqual({
      tabs: [create, { ...send, variables: current }],
      activeTabIndex: 1,
      variables: current,
    });
  });

  test('are those of the query after a reload, even if those of the tab before were stored', () => {
    expect(afterReload([create, send], 1, 'mutation', old)).toMatchObject({
      activeTabIndex: 0,
      variables: '',
    });
    expect(afterReload([create, send], 0, 'send', '')).toMatchObject({
      activeTabIndex: 1,
      variables: current,
    });
  });
});

test('every example fits into the editor of a window of 1280 pixels', () => {
  const lines = EXAMPLE_TABS.flatMap(({ query }) => query.split('\n'));
  expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(50);
  for (const { query } of EXAMPLE_TABS) expect(() => parse(query)).not.toThrow();
});

describe('a socket of GraphiQL', () => {
  const paramsOf = (tabState: object | null) =>
    openPage(tabState ? { 'graphiql:tabState': JSON.stringify(tabState) } : {}).connectionParams();
  const headers = (value: string | null) => ({
    tabs: [{ headers: '{}' }, { headers: value }],
    activeTabIndex: 1,
  });

  test.each(['authorization', 'Authorization'])(
    "sends the token below Headers of the open tab, as '%s'",
    (name) => {
      expect(paramsOf(headers(JSON.stringify({ [name]: 'Bearer t', other: 'x' })))).toEqual({
        authorization: 'Bearer t',
      });
    },
  );

  test.each([null, headers(null), headers(''), headers('{ "auth'), headers('{"x-y": "z"}')])(
    'sends no token where there is none: %j',
    (tabState) => expect(paramsOf(tabState)).toEqual({}),
  );

  test('says why it was closed where GraphiQL shows the event as JSON', () => {
    class FakeClose extends Event {
      get code() {
        return 4401;
      }
      get reason() {
        return 'UNAUTHENTICATED';
      }
    }
    const event = new FakeClose('close');
    openPage().socket.dispatchEvent(event);
    expect(JSON.parse(JSON.stringify(event))).toMatchObject({ code: 4401, reason: 'UNAUTHENTICATED' });
  });
});

describe('the token below Headers of one tab', () => {
  const token = (name: string) => JSON.stringify({ Authorization: `Bearer ${name}` });
  const tab = (headers: string | null) => ({ headers, variables: null, response: null });

  test('serves the tabs without headers, until there is a newer one, and the sockets', () => {
    const { onTabChange, connectionParams } = openPage();
    const tabs = [tab(token('a')), tab(null), tab('')];
    onTabChange({ tabs, activeTabIndex: 0 });
    expect(tabs.map(({ headers }) => headers)).toEqual([token('a'), token('a'), token('a')]);
    Object.assign(tabs[2] ?? {}, { headers: token('b') });
    onTabChange({ tabs, activeTabIndex: 2 });
    expect(tabs.map(({ headers }) => headers)).toEqual([token('b'), token('b'), token('b')]);
    expect(connectionParams()).toEqual({ authorization: 'Bearer b' });
  });

  test('leaves other headers as they are', () => {
    const tabs = [tab(token('a')), tab('{}'), tab(token('c'))];
    openPage().onTabChange({ tabs, activeTabIndex: 0 });
    expect(tabs.map(({ headers }) => headers)).toEqual([token('a'), '{}', token('c')]);
  });
});
