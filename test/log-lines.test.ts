import { createClient } from 'graphql-ws';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { BudgetExceededError, OutcomeUnknownError } from '../core/domain/errors.ts';
import { createLog } from '../core/telemetry/log.ts';
import { createTestDatabase, isPostgresAvailable, type TestDatabase } from './support/database.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { CANCEL, CREATE, SEND } from './support/operations.ts';

type Line = Record<string, unknown>;
const REQUEST_ID = expect.stringMatching(/^[\w.:-]{10,}$/);

function keeping() {
  const lines: Line[] = [];
  const to = { write: (line: string) => void lines.push(JSON.parse(line)) };
  return { lines, log: createLog({ level: 'info', format: 'json', to }) };
}

/** The lines of operations and requests: each call has one. */
const ofCalls = (lines: Line[]) => lines.filter(({ msg }) => /^(operation|request|socket) /.test(`${msg}`));

const kept = keeping();
let system: TestSystem;
let conversationId: string;
beforeAll(async () => {
  system = await startTestSystem({}, { log: kept.log });
  system.upstream.answerAll('Well.');
  conversationId = await created(system);
});
afterAll(() => system.stop());
beforeEach(() => {
  kept.lines.length = 0;
});

async function created({ request }: TestSystem): Promise<string> {
  const { data } = await request(CREATE, { input: {} });
  return data.createConversation.conversation.id;
}

interface Call {
  query: string;
  variables?: Record<string, unknown>;
  operationName?: string;
}

/** Sends an operation over each transport, until its result is there. */
const TRANSPORTS: Record<string, (call: Call) => Promise<unknown>> = {
  HTTP: async (call) => (await post(call, 'application/json')).json(),
  SSE: async (call) => (await post(call, 'text/event-stream')).text(),
  WebSocket: async (call) => {
    const client = createClient({
      url: `${system.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    await new Promise<void>((resolve) => {
      const over = () => resolve();
      client.subscribe({ ...call }, { next: over, error: over, complete: over });
    });
    await client.dispose();
  },
};

function post(call: Call, accept: string): Promise<Response> {
  const headers = { 'content-type': 'application/json', accept };
  return fetch(`${system.url}/graphql`, { method: 'POST', headers, body: JSON.stringify(call) });
}

const NOWHERE = 'Conversation_019b4d55-0000-7000-8000-000000000000';

/** Each way to be refused, and the type of error or code in its line. */
const REFUSALS: [error: string, call: () => Call][] = [
  ['NotFoundError', () => ({ query: SEND, variables: { input: { conversationId: NOWHERE, text: 'a' } } })],
  ['InvalidInputError', () => ({ query: SEND, variables: { input: { conversationId, text: '' } } })],
  ['GRAPHQL_PARSE_FAILED', () => ({ query: '{ my canary' })],
  ['GRAPHQL_VALIDATION_FAILED', () => ({ query: '{ myCanary }' })],
  ['BAD_USER_INPUT', () => ({ query: SEND, variables: { input: { conversationId: { my: 'canary' } } } })],
  [
    'OPERATION_RESOLUTION_FAILURE',
    () => ({ query: 'query A { viewer { __typename } }', operationName: 'B' }),
  ],
];

describe.each(Object.entries(TRANSPORTS))('over %s', (_transport, send) => {
  test.each(REFUSALS)('%s has one line, with its cause and a request id', async (error, call) => {
    await send(call());
    const lines = ofCalls(kept.lines);
    expect(lines).toEqual([
      expect.objectContaining({ msg: 'operation refused', outcome: 'refused', error, requestId: REQUEST_ID }),
    ]);
    expect(lines[0]?.cause).toMatch(/\w/);
    expect(JSON.stringify(kept.lines)).not.toMatch(/canary/i);
  });

  test.each([
    ['BudgetExceededError', new BudgetExceededError(new Date(0))],
    ['OutcomeUnknownError', new OutcomeUnknownError({ cause: new Error('the reply is lost') })],
  ])('%s has one line, with its cause and a request id', async (error, thrown) => {
    const admit = vi.spyOn(system.app.turns, 'sendWhileSpeaking').mockRejectedValue(thrown);
    await send({ query: SEND, variables: { input: { conversationId, text: 'a' } } });
    admit.mockRestore();
    expect(ofCalls(kept.lines)).toEqual([
      expect.objectContaining({
        outcome: 'refused',
        error,
        cause: expect.any(String),
        requestId: REQUEST_ID,
      }),
    ]);
    expect(kept.lines.filter(({ level }) => Number(level) >= 50)).toEqual([]);
  });

  test('a fault of the server has the line of its operation, and one with the error', async () => {
    const admit = vi.spyOn(system.app.turns, 'sendWhileSpeaking').mockRejectedValue(new Error('a bug'));
    await send({ query: SEND, variables: { input: { conversationId, text: 'a' } } });
    admit.mockRestore();
    expect(ofCalls(kept.lines)).toEqual([
      expect.objectContaining({ outcome: 'failed', requestId: REQUEST_ID }),
    ]);
    expect(kept.lines.filter(({ level }) => level === 50)).toHaveLength(1);
  });

  test('an operation that is done has one line with its name, cut to 64 characters, its time and outcome', async () => {
    await send({ query: `query ${'Long'.repeat(100)} { viewer { __typename } }` });
    expect(ofCalls(kept.lines)).toEqual([
      expect.objectContaining({
        msg: 'operation done',
        operation: 'viewer',
        name: 'Long'.repeat(16),
        outcome: 'ok',
        ms: expect.any(Number),
        requestId: REQUEST_ID,
      }),
    ]);
  });
});

test('a request that is refused before GraphQL has one line', async () => {
  await fetch(`${system.url}/graphql`, {
    method: 'POST',
    body: '{}',
    headers: { origin: 'https://evil.example' },
  });
  expect(ofCalls(kept.lines)).toEqual([
    expect.objectContaining({
      msg: 'request refused',
      status: 403,
      cause: expect.any(String),
      requestId: REQUEST_ID,
    }),
  ]);
});

test('a refused request in the form of OpenAI has one line', async () => {
  await fetch(`${system.url}/v1/chat/completions`, {
    method: 'POST',
    body: '{',
    headers: { 'content-type': 'application/json' },
  });
  expect(ofCalls(kept.lines)).toEqual([
    expect.objectContaining({
      msg: 'request refused',
      status: 400,
      cause: expect.any(String),
      requestId: REQUEST_ID,
    }),
  ]);
});

test('a stream in the form of OpenAI that fails midway has one line, and one that ends another', async () => {
  const ask = () =>
    fetch(`${system.url}/v1/chat/completions`, {
      method: 'POST',
      body: JSON.stringify({
        model: 'openai/gpt-4o-mini',
        stream: true,
        messages: [{ role: 'user', content: 'Well?' }],
      }),
      headers: { 'content-type': 'application/json' },
    });
  expect(await (await ask()).text()).toContain('Well.');
  const done = expect.objectContaining({ msg: 'request done', operation: 'chat.completions', outcome: 'ok' });
  await expect.poll(() => ofCalls(kept.lines)).toEqual([done]);
  system.upstream.answerAll(null);
  const response = await ask();
  const model = await system.upstream.nextRequest();
  await model.send('Half of ');
  await model.errorInStream({ code: 502, message: 'Bad gateway' });
  expect(await response.text()).toContain('error');
  system.upstream.answerAll('Well.');
  const refused = expect.objectContaining({ msg: 'request refused', cause: expect.any(String) });
  await expect.poll(() => ofCalls(kept.lines)).toEqual([done, refused]);
});

test('sockets that open and close have no line at info', async () => {
  const heard = system.listen('{ viewer { __typename } }');
  await heard.result();
  heard.stop();
  expect(kept.lines.filter(({ component }) => component === 'ws')).toEqual([]);
});

/** The line of the turn that ends next. */
const turnLine = () =>
  vi.waitUntil(() => kept.lines.find(({ msg }) => /^turn /.test(`${msg}`)), { timeout: 8_000 });

test('a turn that is completed has a line with its time, tokens and attempts', async () => {
  const { data } = await system.request(SEND, { input: { conversationId, text: 'a' } });
  expect(data.sendMessage.__typename).toBe('SendMessageSuccess');
  expect(await turnLine()).toMatchObject({
    msg: 'turn completed',
    level: 30,
    outcome: 'completed',
    ms: expect.any(Number),
    tokens: expect.any(Number),
    attempts: 1,
    turnId: expect.any(String),
  });
});

test('a turn that is interrupted says so', async () => {
  system.upstream.answerAll(null);
  const { data } = await system.request(SEND, { input: { conversationId, text: 'b' } });
  const { turnId } = data.sendMessage;
  await system.upstream.nextRequest();
  await system.request(CANCEL, { input: { conversationId, turnId } });
  expect(await turnLine()).toMatchObject({ msg: 'turn interrupted', outcome: 'interrupted', attempts: 1 });
});

const hasPostgres = await isPostgresAvailable();

describe.skipIf(!hasPostgres)('a lock on the rows of conversations', () => {
  const { lines, log } = keeping();
  let database: TestDatabase;
  let locked: TestSystem;
  beforeAll(async () => {
    database = await createTestDatabase();
    locked = await startTestSystem({ DATABASE_URL: database.url, REDIS_URL: '' }, { worker: false, log });
  });
  afterAll(async () => {
    await locked.stop();
    await database.drop();
  });

  test('refuses a message as unavailable, with one line that names the cause', async () => {
    const id = await created(locked);
    // It changes nothing, so that the next call reads the row again.
    await locked.request(CANCEL, { input: { conversationId: id } });
    lines.length = 0;
    const holder = new pg.Client(database.url);
    await holder.connect();
    await holder.query('BEGIN; LOCK TABLE conversations');
    const { data } = await locked.request(SEND, { input: { conversationId: id, text: 'a' } });
    await holder.query('ROLLBACK');
    await holder.end();
    expect(data.sendMessage.__typename).toBe('UnavailableError');
    expect(ofCalls(lines)).toEqual([
      expect.objectContaining({
        msg: 'operation refused',
        operation: 'sendMessage',
        error: 'UnavailableError',
        cause: 'the store did not answer in time',
        requestId: REQUEST_ID,
      }),
    ]);
  });
});
