import { afterAll, afterEach, beforeAll, expect, test, vi } from 'vitest';
import { OwnRows } from '../core/store/own-rows.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { HeldResources, WAIT } from './support/held.ts';
import { rowIdOf } from './support/node-ids.ts';
import * as ask from './support/protocol-documents.ts';
import { StreamReader } from './support/stream-reader.ts';

/** The single connection mode of GraphQL over SSE: one stream for the results of many operations. */
let system: TestSystem;
let held: HeldResources;
let id: string;
let after: string;
beforeAll(async () => {
  system = await startTestSystem({ IDLE_NUDGE_MS: '3600000' });
  system.upstream.answerAll('Well.');
  const { data } = await system.request(ask.CREATE, { input: { greet: false, pacing: 'INSTANT' } });
  ({ id, latestEventCursor: after } = data.createConversation.conversation);
  held = new HeldResources(system, rowIdOf(id), {});
});
afterAll(async () => {
  held.close();
  await system.stop();
});
/** After every test no subscription is left. */
afterEach(async () => {
  vi.useRealTimers();
  await held.untilSubscriptions(0);
  await vi.waitFor(async () => expect((await held.now()).present).toBe(false), WAIT);
});

const TOKEN = 'x-graphql-event-stream-token';
const EVENTS = `subscription ($id: ID!, $after: String) {
  conversationEvents(conversationId: $id, after: $after) { __typename }
}`;

function call(method: string, token: string, { search = '', body, ...headers }: Record<string, string> = {}) {
  return fetch(`${system.url}/graphql${search}`, {
    method,
    headers: { ...(token ? { [TOKEN]: token } : {}), ...headers },
    ...(body === undefined ? {} : { body }),
  });
}

async function reserve(): Promise<string> {
  const response = await call('PUT', '');
  expect(response.status).toBe(201);
  return response.text();
}

async function open(token: string, accept = 'text/event-stream') {
  const response = await call('GET', token, { accept });
  return { status: response.status, stream: new StreamReader(response, '\n\n') };
}

async function execute(token: string, operationId: string | null, query = EVENTS, headers = {}) {
  const extensions = operationId === null ? {} : { operationId };
  const body = JSON.stringify({ query, variables: { id, after }, extensions });
  const response = await call('POST', token, { body, 'content-type': 'application/json', ...headers });
  const text = await response.text();
  return { status: response.status, code: /"code":"(\w+)"/.exec(text)?.[1] };
}

const complete = (token: string, operationId: string) =>
  call('DELETE', token, { search: `?operationId=${operationId}` });

test('[P-73] one stream carries the results of every operation with its id, and events with their cursors', async () => {
  const token = await reserve();
  expect(await execute(token, 'early', '{ viewer { id } }')).toEqual({ status: 202, code: undefined });
  const { stream } = await open(token);
  const viewer = { data: { viewer: { id: expect.any(String) } } };
  expect(await stream.event()).toEqual({ id: null, event: 'next', data: { id: 'early', payload: viewer } });
  expect(await stream.event()).toEqual({ id: null, event: 'complete', data: { id: 'early' } });
  expect((await execute(token, 'events')).status).toBe(202);
  // A busy machine may need longer for the first message than the server waits.
  await vi.waitFor(async () => {
    const { data } = await system.request(ask.SEND, { input: { conversationId: id, text: 'Hi' } });
    expect(data.sendMessage).toMatchObject({ __typename: 'SendMessageSuccess' });
  }, WAIT);
  const first = await stream.event();
  expect(first).toMatchObject({ event: 'next', data: { id: 'events' } });
  const { data } = await system.request(
    `{ node(id: "${id}") { ... on Conversation { latestEventCursor } } }`,
  );
  const [epoch] = data.node.latestEventCursor.split('.');
  expect(first.id).toMatch(new RegExp(`^${epoch}\\.\\d+$`));
  const second = await stream.event();
  expect((await execute(token, 'again', EVENTS, { 'last-event-id': first.id })).status).toBe(202);
  let again = await stream.event();
  while (again.data.id !== 'again') again = await stream.event();
  expect(again).toEqual({ ...second, data: { ...second.data, id: 'again' } });
  await stream.leave();
});

test('[P-73] an operation ends with DELETE, and its id is free again at once', async () => {
  const token = await reserve();
  const { stream } = await open(token);
  for (let round = 0; round < 5; round++) {
    expect((await execute(token, 'events')).status).toBe(202);
    expect(await execute(token, 'events')).toEqual({ status: 409, code: 'CONFLICT' });
    expect((await complete(token, 'events')).status).toBe(200);
  }
  await held.untilSubscriptions(0);
  await stream.leave();
});

test('[P-73] errors have the codes of the protocol', async () => {
  const token = await reserve();
  expect((await open(token, 'application/json')).status).toBe(406);
  const { stream } = await open(token);
  expect((await open(token)).status).toBe(409);
  for (const unknown of ['nonsense', '__proto__']) {
    expect((await open(unknown)).status).toBe(404);
    expect((await complete(unknown, 'events')).status).toBe(404);
    expect(await execute(unknown, 'events')).toEqual({ status: 404, code: 'NOT_FOUND' });
  }
  expect((await call('DELETE', '')).status).toBe(404);
  expect((await call('DELETE', token)).status).toBe(400);
  expect(await execute(token, null)).toEqual({ status: 400, code: 'BAD_REQUEST' });
  const faulty = { status: 400, code: 'GRAPHQL_VALIDATION_FAILED' };
  expect(await execute(token, 'a', '{ nothing }')).toEqual(faulty);
  // The id of a refused operation is free.
  expect(await execute(token, 'a', '{ nothing }')).toEqual(faulty);
  expect((await execute(token, 'a', EVENTS, { 'last-event-id': 'nonsense' })).status).toBe(202);
  expect((await stream.event()).data.payload.errors[0].extensions.code).toBe('BAD_USER_INPUT');
  expect(await stream.event()).toEqual({ id: null, event: 'complete', data: { id: 'a' } });
  const origin = { origin: 'http://elsewhere.example' };
  expect((await call('PUT', '', origin)).status).toBe(403);
  await stream.leave();
  await vi.waitFor(async () => expect((await execute(token, 'b')).status).toBe(404), WAIT);
});

test('[P-73] operations end with their stream, also while the database is queried for them', async () => {
  const token = await reserve();
  const { stream } = await open(token);
  await execute(token, 'events');
  await held.untilSubscriptions(1);
  const { conversations } = OwnRows.prototype;
  let letGo = () => {};
  const gate = new Promise<void>((resolve) => {
    letGo = resolve;
  });
  const asked = vi.spyOn(OwnRows.prototype, 'conversations').mockImplementationOnce(function (
    this: OwnRows,
    ids,
  ) {
    return gate.then(() => conversations.call(this, ids));
  });
  const late = execute(token, 'late');
  await vi.waitFor(() => expect(asked).toHaveBeenCalled(), WAIT);
  await stream.leave();
  await held.untilSubscriptions(0);
  letGo();
  await late;
});

test('[P-73] a reserved stream that is not opened in time is removed, with its operations, and the number of those that wait is limited', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const token = await reserve();
  await execute(token, 'events');
  await held.untilSubscriptions(1);
  for (let reserved = 1; reserved < 200; reserved += 100)
    await Promise.all(Array.from({ length: Math.min(100, 200 - reserved) }, reserve));
  expect((await call('PUT', '')).status).toBe(503);
  vi.advanceTimersByTime(10_000);
  expect((await open(token)).status).toBe(404);
  await held.untilSubscriptions(0);
  expect((await call('PUT', '')).status).toBe(201);
});
