import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { type OverheardServer, startOverheardServer } from './support/overheard-server.ts';

const QUERY = '{"query":"{ viewer { id } }"}';
const DATA = { data: { viewer: { id: 'local' } } };
const HASH = { persistedQuery: { version: 1, sha256Hash: 'ab' } };
const SKIPPED = [
  'subscription { conversationChanges @skip(if: true) { kind } }',
  'subscription ($s: Boolean = true) { conversationChanges @include(if: $s) { kind } }',
  'subscription ($s: Boolean!) { ... @include(if: $s) { conversationChanges { kind } } }',
  'subscription { ...A } fragment A on Subscription { ...B } fragment B on Subscription { conversationChanges @skip(if: false) { kind } }',
];

let system: TestSystem;
let server: OverheardServer;
beforeAll(async () => {
  system = await startTestSystem({}, { worker: false });
  server = await startOverheardServer(system);
});
afterEach(() => expect(server.complaints.splice(0), 'no fault of a caller is one of ours').toEqual([]));
afterAll(async () => {
  await server.stop();
  await system.stop();
});

interface Answer {
  status: number;
  headers: Record<string, string>;
  body: string;
}

type Headers = Record<string, string>;

/** Sends a request as given; the server closes the connection after its answer. */
async function send(line: string, headers: Headers = {}, body: string | Buffer = ''): Promise<Answer> {
  const { hostname, port, host } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  const length = Buffer.byteLength(body);
  const all = { host, connection: 'close', ...(length > 0 && { 'content-length': `${length}` }), ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.write(`${line} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
  socket.write(body);
  const [head = '', ...rest] = (await text(socket)).split('\r\n\r\n');
  const [status = '', ...fields] = head.split('\r\n');
  return {
    status: Number(status.split(' ')[1]),
    headers: Object.fromEntries(fields.map((field) => field.toLowerCase().split(': ', 2))),
    body: rest.join('\r\n\r\n'),
  };
}

const JSON_TYPE = { 'content-type': 'application/json' };
const post = (body: string | Buffer, headers: Headers = {}) =>
  send('POST /graphql', { ...JSON_TYPE, ...headers }, body);
const get = (parameters: Record<string, string>, headers: Headers = {}) =>
  send(`GET /graphql?${new URLSearchParams(parameters)}`, headers);

function expectError({ body }: Answer, code: string): void {
  expect(body).toMatch(/^[\da-f\r\n]*\{"errors":\[\{"message":"[^"]/);
  expect(body).toContain(`"code":"${code}"`);
  expect(body).not.toMatch(/node_modules|SyntaxError|originalError|"stack"/);
}

describe('a body', () => {
  test.each([
    ['that is empty', ''],
    ['that is blank', '  '],
    ['that is not JSON', 'query { viewer { id } }'],
    ['that ends too early', QUERY.slice(0, -1)],
    [
      'that is not UTF-8',
      Buffer.concat([Buffer.from(QUERY.slice(0, -1)), Buffer.from(',"x":"\xff\xfe"}', 'latin1')]),
    ],
    ['that is null', 'null'],
    ['that is a text', '"{ viewer { id } }"'],
    ['that is a number', '5'],
    ['that is an array (a batch)', `[${QUERY}]`],
    ['that is an empty array', '[]'],
    ['whose query is a number', '{"query":5}'],
    ['whose query is an object', '{"query":{}}'],
    ['whose query is an array', '{"query":[]}'],
    ['whose operationName is a number', QUERY.replace('}"}', '}","operationName":5}')],
    ['whose operationName is an object', QUERY.replace('}"}', '}","operationName":{}}')],
    ['whose operationName is false', QUERY.replace('}"}', '}","operationName":false}')],
    ['whose variables are a text', QUERY.replace('}"}', '}","variables":"{}"}')],
    ['whose variables are an array', QUERY.replace('}"}', '}","variables":[]}')],
    ['whose extensions are a text', QUERY.replace('}"}', '}","extensions":"{}"}')],
    ['whose extensions are an array', QUERY.replace('}"}', '}","extensions":[]}')],
    ['that has more than an operation', QUERY.replace('}"}', '}","more":1}')],
  ])('%s is 400 BAD_REQUEST', async (_what, body) => {
    const answer = await post(body);
    expect(answer.status).toBe(400);
    expectError(answer, 'BAD_REQUEST');
  });

  test.each([
    ['without an operation', '{}'],
    ['whose query is null', '{"query":null}'],
  ])('%s is BAD_REQUEST, with 400 for a client that knows GraphQL over HTTP', async (_what, body) => {
    expectError(await post(body), 'BAD_REQUEST');
    expect((await post(body, { accept: 'application/graphql-response+json' })).status).toBe(400);
  });

  test('may begin with a byte order mark, and may have null for an omitted field', async () => {
    const body = `\uFEFF${QUERY.replace('}"}', '}","operationName":null,"variables":null,"extensions":null}')}`;
    expect(JSON.parse((await post(body)).body)).toEqual(DATA);
  });

  test('that is shorter than its length is not run, and one that is longer is 400', async () => {
    const { hostname, port, host } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    const head = `POST /graphql HTTP/1.1\r\nhost: ${host}\r\ncontent-type: application/json\r\n`;
    socket.end(`${head}content-length: 1000\r\n\r\n${QUERY}`);
    expect(await text(socket)).not.toMatch(/^HTTP\/1.1 [25]/);
    const longer = await send(
      'POST /graphql',
      { ...JSON_TYPE, 'content-length': '5', connection: 'keep-alive' },
      QUERY,
    );
    expect(longer.status).toBe(400);
  });

  test.each(['x', '-1', '1, 2'])('of the length %s is 400', async (length) => {
    expect((await post(QUERY, { 'content-length': length })).status).toBe(400);
  });
});

describe('a query string', () => {
  test.each([
    ['whose variables are not JSON', { query: '{ viewer { id } }', variables: 'x' }],
    ['whose extensions are not JSON', { query: '{ viewer { id } }', extensions: '{' }],
    ['whose variables are a number', { query: '{ viewer { id } }', variables: '5' }],
    ['whose variables are an array', { query: '{ viewer { id } }', variables: '[]' }],
    ['whose extensions are a text', { query: '{ viewer { id } }', extensions: '"x"' }],
  ])('%s is 400 BAD_REQUEST', async (_what, parameters) => {
    const answer = await get(parameters);
    expect(answer.status).toBe(400);
    expectError(answer, 'BAD_REQUEST');
  });

  test.each(['GET /graphql', 'GET /graphql?', 'GET /graphql?query=', 'GET /graphql?a=b'])(
    'that has no query, %s, is BAD_REQUEST',
    async (line) => {
      const answer = await send(line, { accept: 'application/graphql-response+json' });
      expect(answer.status).toBe(400);
      expectError(answer, 'BAD_REQUEST');
    },
  );

  test('with a malformed document is an error of that document', async () => {
    const answer = await send('GET /graphql?query=%E0%A4%A', { accept: 'application/graphql-response+json' });
    expect(answer.status).toBe(400);
    expectError(answer, 'GRAPHQL_PARSE_FAILED');
  });
});

describe('a media type', () => {
  test.each([
    ['content-type', 'Application/JSON; charset=utf-8'],
    ['content-type', 'APPLICATION/JSON;CHARSET="UTF-8"'],
    ['content-type', 'application/json ; charset=utf-8'],
    ['content-type', 'application/graphql+json'],
    ['content-encoding', 'Identity'],
    ['accept', 'Application/JSON'],
    ['accept', 'APPLICATION/GraphQL-Response+JSON'],
    ['accept', 'application/json ; Q=0.5'],
    ['accept', 'image/png, */*'],
  ])('%s: %s is understood', async (name, value) => {
    const { status, body } = await post(QUERY, { [name]: value });
    expect([status, JSON.parse(body)]).toEqual([200, DATA]);
  });

  test('of a stream is compared without case', async () => {
    const { headers, body } = await post(QUERY, { accept: 'TEXT/EVENT-STREAM' });
    expect(headers['content-type']).toBe('text/event-stream');
    expect(body).toContain(JSON.stringify(DATA));
  });

  test('of a page is compared without case', async () => {
    const { headers } = await get({}, { accept: 'TEXT/HTML' });
    expect(headers['content-type']).toBe('text/html; charset=utf-8');
  });

  test.each([
    '',
    'text/plain',
    'application/jsonp',
    'application/json-seq',
    'application/graphql',
    'application/graphql-response+json',
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'application/json; charset=utf-16',
    'application/json; charset=latin1',
    'nonsense',
  ])('that is not JSON in UTF-8, %j, is 415, which names the one that is accepted', async (type) => {
    const answer = await post(QUERY, { 'content-type': type });
    expect(answer.status).toBe(415);
    expect(answer.headers).toMatchObject({
      accept: 'application/json',
      'accept-post': 'application/json; charset=utf-8',
    });
    expectError(answer, 'UNSUPPORTED_MEDIA_TYPE');
  });

  test.each([
    ['gzip', gzipSync(QUERY)],
    ['br', QUERY],
    ['identity, gzip', QUERY],
  ])('in the encoding %s is 415, which says that no encoding is accepted', async (encoding, body) => {
    const answer = await post(body, { 'content-encoding': encoding });
    expect(answer.status).toBe(415);
    expect(answer.headers['accept-encoding']).toBe('identity');
    expectError(answer, 'UNSUPPORTED_MEDIA_TYPE');
  });

  test.each(['image/png', 'text/plain', 'multipart/mixed', 'application/json;q=0', 'nonsense', ',;='])(
    'in which GraphQL is not served, %s, is 406, and the mutation is not run',
    async (accept) => {
      const before = await system.app.database.prisma.conversation.count();
      const body = JSON.stringify({
        query: 'mutation { createConversation(input: {greet: false}) { __typename } }',
      });
      const answer = await post(body, { accept });
      expect(answer.status).toBe(406);
      expectError(answer, 'NOT_ACCEPTABLE');
      expect(answer.body).toMatch(
        /application\/graphql-response\+json or application\/json.*text\/event-stream/,
      );
      expect(await system.app.database.prisma.conversation.count()).toBe(before);
    },
  );
});

describe('a hash in place of a document', () => {
  test.each([
    ['POST', () => post(JSON.stringify({ extensions: HASH }))],
    [
      'POST, with null for the query',
      () => post(JSON.stringify({ query: null, variables: {}, extensions: HASH })),
    ],
    ['GET', () => get({ extensions: JSON.stringify(HASH) })],
  ])('by %s is answered in such a way that Apollo clients send the document', async (_how, ask) => {
    const answer = await ask();
    expect(answer.status).toBe(200);
    expect(answer.body).toBe(
      '{"errors":[{"message":"PersistedQueryNotSupported","extensions":{"code":"PERSISTED_QUERY_NOT_SUPPORTED"}}]}',
    );
  });

  test('is 400 for a client that knows GraphQL over HTTP', async () => {
    const answer = await post(JSON.stringify({ extensions: HASH }), {
      accept: 'application/graphql-response+json',
    });
    expect(answer.status).toBe(400);
    expectError(answer, 'PERSISTED_QUERY_NOT_SUPPORTED');
  });

  test('is ignored beside the document', async () => {
    const { body } = await post(JSON.stringify({ ...JSON.parse(QUERY), extensions: HASH }));
    expect(JSON.parse(body)).toEqual(DATA);
  });
});

describe('a method', () => {
  test.each(['HEAD', 'PATCH', 'OPTIONS', 'PROPFIND'])(
    'that GraphQL does not accept, %s, is 405, which names those that it accepts',
    async (method) => {
      const answer = await send(`${method} /graphql?query=%7Bviewer%7Bid%7D%7D`);
      expect([answer.status, answer.headers.allow]).toEqual([405, 'get, post, put, delete']);
      if (method !== 'HEAD') expectError(answer, 'METHOD_NOT_ALLOWED');
    },
  );

  test('that is safe, GET, cannot run a mutation', async () => {
    const answer = await get({ query: 'mutation { createConversation(input: {}) { __typename } }' });
    expect([answer.status, answer.headers.allow]).toEqual([405, 'post']);
    expectError(answer, 'BAD_REQUEST');
  });

  test.each([
    'POST /',
    'POST /graphq',
    'POST /graphql/',
    'GET /graphql/',
    'GET /graphql/x',
    'POST /graphql%2f',
    'POST //graphql',
    'PUT /conversations',
    'DELETE /index.html',
    'OPTIONS *',
  ])('to a path other than /graphql, %s, is 404, in JSON that names /graphql', async (line) => {
    const answer = await send(line, JSON_TYPE, line.startsWith('GET') ? '' : QUERY);
    expect(answer.status).toBe(404);
    expectError(answer, 'NOT_FOUND');
    expect(answer.body).toContain('/graphql');
  });

  test.each(['/health/live', '/health/ready', '/metrics'])(
    'that does not read is 405 at %s',
    async (path) => {
      const answer = await send(`POST ${path}`);
      expect([answer.status, answer.headers.allow]).toEqual([405, 'get, head']);
      expect((await send(`HEAD ${path}`)).status).toBe(200);
    },
  );
});

describe('a subscription with a condition at its root', () => {
  test.each(SKIPPED)('is refused, with the reason: %s', async (query) => {
    const answers = [
      await post(JSON.stringify({ query, variables: { s: true } }), { accept: 'text/event-stream' }),
      await get({ query, variables: '{"s":true}' }, { accept: 'text/event-stream' }),
      await post(JSON.stringify({ query, variables: { s: true } })),
    ];
    for (const { body } of answers)
      expect(body).toMatch(/@skip or @include.*"code":"GRAPHQL_VALIDATION_FAILED"/);
    const heard = system.listen(query, { s: true });
    await expect(heard.result()).rejects.toMatchObject([
      {
        message: expect.stringContaining('@skip or @include'),
        extensions: { code: 'GRAPHQL_VALIDATION_FAILED' },
      },
    ]);
  });

  test('does not concern queries and fields below the root', async () => {
    const query = 'query ($s: Boolean = true) { viewer @include(if: $s) { id @skip(if: false) } }';
    expect(JSON.parse((await post(JSON.stringify({ query }))).body)).toEqual(DATA);
    const below = 'subscription { conversationChanges { kind @skip(if: false) } }';
    const heard = system.listen(below);
    const listens = async () => (await system.app.metrics.subscriptionsActive.get()).values[0]?.value;
    await expect.poll(listens).toBe(1);
    heard.stop();
  });
});
