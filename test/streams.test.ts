import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { StoreUnavailableError } from '../core/domain/errors.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import * as ask from './support/protocol-documents.ts';
import { StreamReader } from './support/stream-reader.ts';

/** The promises of docs/protocol.md about streamed responses. */
let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ IDLE_NUDGE_MS: '3600000' });
  system.upstream.answerAll('Well, hello there.');
});
afterAll(() => system.stop());

const EVENTS =
  'subscription ($id: ID!, $after: String) { conversationEvents(conversationId: $id, after: $after)';
const CURSORS = `${EVENTS} { __typename cursor } }`;
const CHANGES = 'subscription { conversationChanges { kind } }';
const MULTIPART = 'multipart/mixed;subscriptionSpec=1.0, application/json';

async function conversation(): Promise<{ id: string; after: string }> {
  const { data } = await system.request(ask.CREATE, { input: { greet: false, pacing: 'INSTANT' } });
  const { id, latestEventCursor: after } = data.createConversation.conversation;
  return { id, after };
}

const say = (id: string) => system.request(ask.SEND, { input: { conversationId: id, text: 'Hi' } });

function request(query: string, variables: Data, headers: Record<string, string>): Promise<Response> {
  return fetch(`${system.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify({ query, variables }),
  });
}

/** Like EventSource of a browser, which sends nothing but a URL, and Last-Event-ID when it reconnects. */
async function source(query: string, variables: Data, lastEventId?: string): Promise<StreamReader> {
  const search = new URLSearchParams({ query, variables: JSON.stringify(variables) });
  const response = await fetch(`${system.url}/graphql?${search}`, {
    headers: {
      accept: 'text/event-stream',
      ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
    },
  });
  return new StreamReader(response, '\n\n');
}

/** Every event up to the end of the answer. */
async function untilAnswered(events: StreamReader) {
  const heard = [await events.event()];
  while (!/"(TurnCompleted|end)"/.test(JSON.stringify(heard.at(-1)))) heard.push(await events.event());
  return heard;
}

test.each([
  ['selects it', CURSORS, (data: Data) => data.conversationEvents.cursor],
  [
    'selects it by other names and in fragments',
    `${EVENTS.replace('{ conv', '{ happened: conv')} { ...Kind } }
      fragment Kind on ConversationEvent { __typename ...Place } fragment Place on ConversationEvent { at: cursor }`,
    (data: Data) => data.happened.at,
  ],
])('[P-67] a server-sent event has its cursor as id where the document %s', async (_how, query, cursorIn) => {
  const { id, after } = await conversation();
  const events = await source(query, { id, after });
  await say(id);
  const heard = await untilAnswered(events);
  expect(heard.length).toBeGreaterThan(3);
  expect(heard.map((event) => event.id)).toEqual(heard.map(({ data }) => cursorIn(data.data)));
  await events.leave();
});

test('[P-67] a server-sent event has its cursor only as id where the document does not select it', async () => {
  const { id, after } = await conversation();
  const [events, cursors] = [`${EVENTS} { __typename } }`, CURSORS].map((query) =>
    source(query, { id, after }),
  );
  if (!events || !cursors) throw new Error('not asked');
  await say(id);
  const heard = await untilAnswered(await events);
  for (const { data } of heard)
    expect(data).toEqual({ data: { conversationEvents: { __typename: expect.any(String) } } });
  const known = await untilAnswered(await cursors);
  expect(heard.at(-1)?.id).toBe(known.at(-1)?.data.data.conversationEvents.cursor);
  expect(new Set(heard.map((event) => event.id)).size).toBe(heard.length);
  await Promise.all([(await events).leave(), (await cursors).leave()]);
});

test('[P-67] what is not an event of a conversation has no id', async () => {
  const changes = await source(CHANGES, {});
  const { id, after } = await conversation();
  expect(await changes.event()).toMatchObject({ id: null, event: 'next' });
  await changes.leave();
  const events = await source(CURSORS, { id, after });
  await system.request(ask.DELETE, { id });
  expect(await events.event()).toEqual({ id: null, event: 'complete', data: null });
  const refused = await source(CURSORS, { id });
  expect(await refused.event()).toMatchObject({ id: null, data: { errors: [{}] } });
});

test('[P-68] an event source that reconnects with Last-Event-ID hears what came since, whatever its URL says', async () => {
  const { id, after } = await conversation();
  await say(id);
  const first = await source(`${EVENTS} { __typename } }`, { id, after });
  const heard = await untilAnswered(first);
  await first.leave();
  for (const variables of [{ id, after }, { id }])
    for (const [index, { id: lastEventId }] of heard.slice(0, -1).entries()) {
      const again = await source(`${EVENTS} { __typename } }`, variables, lastEventId ?? '');
      expect(await again.event()).toEqual(heard[index + 1]);
      await again.leave();
    }
});

test('[P-68] a malformed Last-Event-ID is refused as a malformed after is, and an empty one is none', async () => {
  const { id, after } = await conversation();
  await say(id);
  const byArgument = await (await source(CURSORS, { id, after: 'nonsense' })).event();
  const byHeader = await (await source(CURSORS, { id, after }, 'nonsense')).event();
  expect(byHeader).toEqual(byArgument);
  expect(byHeader.data.errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }]);
  const events = await source(CURSORS, { id, after }, '');
  expect(await events.event()).toMatchObject({
    data: { data: { conversationEvents: { __typename: 'MessageAdded' } } },
  });
  await events.leave();
  const query = await request('{ viewer { id } }', {}, { 'last-event-id': 'nonsense' });
  expect(await query.json()).toEqual({ data: { viewer: { id: expect.any(String) } } });
});

test.each([
  ['text/event-stream', CHANGES],
  ['text/event-stream', '{ viewer { id } }'],
  [MULTIPART, CHANGES],
])(
  '[P-69] a stream asks proxies not to buffer, cache or transform it: Accept %s, %s',
  async (accept, query) => {
    const response = await request(query, {}, { accept });
    expect(response.headers.get('cache-control')).toBe('no-cache, no-transform');
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    expect(response.headers.get('content-encoding')).toBeNull();
    await response.body?.cancel();
  },
);

test('[P-72] a multipart response has a part with a payload for each result, then the closing delimiter', async () => {
  const { id, after } = await conversation();
  const response = await request(ask.EVENTS, { id, after }, { accept: MULTIPART });
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toBe(
    'multipart/mixed;boundary="graphql";subscriptionSpec=1.0',
  );
  const heard = system.listen(ask.EVENTS, { id, after });
  await say(id);
  const parts = new StreamReader(response, '\r\n--graphql');
  for (const event of await heard.until('TurnStarted'))
    expect(await parts.part()).toEqual({ payload: { data: { conversationEvents: event } } });
  await heard.until('TurnCompleted');
  await system.request(ask.DELETE, { id });
  let last = await parts.piece();
  while (last !== '--\r\n') last = await parts.piece();
  await expect(parts.piece()).rejects.toThrow('has ended');
});

test('[P-72] a part without a result has no payload, and has the errors', async () => {
  const { id, after } = await conversation();
  const breaking: AsyncIterableIterator<never> = {
    next: () => Promise.reject(new StoreUnavailableError('unavailable')),
    [Symbol.asyncIterator]: () => breaking,
  };
  vi.spyOn(system.app.feed, 'subscribe').mockReturnValueOnce(breaking);
  const response = await request(CURSORS, { id, after }, { accept: MULTIPART });
  const parts = new StreamReader(response, '\r\n--graphql');
  expect(await parts.part()).toMatchObject({ payload: null, errors: [{ extensions: { resumable: true } }] });
});

test('[P-72] a refused subscription is answered as over other transports: as JSON where that is accepted, else as a payload', async () => {
  const NOT_FOUND = { errors: [{ extensions: { code: 'NOT_FOUND' } }] };
  const json = await request(CURSORS, { id: 'nobody' }, { accept: MULTIPART });
  expect(await json.json()).toMatchObject(NOT_FOUND);
  const alone = await request(CURSORS, { id: 'nobody' }, { accept: 'multipart/mixed;subscriptionSpec=1.0' });
  expect(await new StreamReader(alone, '\r\n--graphql').part()).toMatchObject({ payload: NOT_FOUND });
});
