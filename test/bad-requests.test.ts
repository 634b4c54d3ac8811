import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { post, rawRequest, UPGRADE, upgradeStatus } from './support/raw-http.ts';
import { openSocket } from './support/raw-socket.ts';

const MAX_BODY_BYTES = 1_048_576;

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
});
afterAll(() => system.stop());

describe('the HTTP endpoint', () => {
  const query = '{ viewer { id } }';

  test.each(['not JSON', 'null', '[]', '{}', '{"query":5}', '{"query":"{viewer{id}}","variables":"no"}'])(
    'a body %s is refused in JSON, with a readable message',
    async (body) => {
      const { status, json } = await post(system.url, body);
      expect(status === 200 || status === 400).toBe(true);
      expect(json().errors).toMatchObject([{ message: expect.any(String) }]);
      expect(JSON.stringify(json())).not.toMatch(/stack|node_modules/);
    },
  );

  test.each([
    ['with its length', true],
    ['in chunks, without its length', false],
  ])('a body over 1 MiB %s is 413', async (_how, withLength) => {
    const body = JSON.stringify({ query, variables: { filler: 'x'.repeat(MAX_BODY_BYTES) } });
    const headers = withLength ? { 'content-length': String(body.length) } : {};
    const { status, json } = await post(system.url, body, headers);
    expect(status).toBe(413);
    expect(json().errors[0].message).toMatch(/too large/);
  });

  test('a body of just under 1 MiB is read', async () => {
    const body = JSON.stringify({ query, variables: { filler: 'x'.repeat(MAX_BODY_BYTES - 1_000) } });
    expect((await post(system.url, body)).json().data).toEqual({ viewer: { id: 'local' } });
  });

  test.each([
    'application/x-www-form-urlencoded',
    'multipart/form-data; boundary=x',
    'text/plain',
    'text/plain; application/json',
    'application/graphql',
    '',
  ])('a POST of the type %j, which any page can send without a preflight, is 415', async (type) => {
    const { status } = await post(system.url, { query }, { 'content-type': type });
    expect(status).toBe(415);
  });

  test('a mutation in a GET is refused', async () => {
    const mutation = encodeURIComponent('mutation { createConversation(input: {}) { __typename } }');
    const response = await fetch(`${system.url}/graphql?query=${mutation}`);
    expect(response.status).toBe(405);
  });

  test.each([
    ['another site', 'http://evil.example'],
    ['another port of this machine', 'http://127.0.0.1:1'],
    ['a sandboxed page', 'null'],
    ['a page that says nonsense', 'nonsense'],
  ])('a page of %s is refused, over HTTP and over WebSocket', async (_whose, origin) => {
    const { status, json } = await post(system.url, { query }, { origin });
    expect(status).toBe(403);
    expect(json().data).toBeUndefined();
    expect(await upgradeStatus(system.url, { origin })).toBe(403);
  });

  test('a page of the same origin is allowed', async () => {
    expect((await post(system.url, { query }, { origin: system.url })).status).toBe(200);
    expect(await upgradeStatus(system.url, { origin: system.url })).toBe(101);
  });

  test.each([
    'evil.example',
    'evil.example:80',
    '127.0.0.1.evil.example',
    'localhost.',
    '127.0.0.1@evil.example',
  ])('a host name that a stranger pointed at this machine, %s, is refused (DNS rebinding)', async (host) => {
    const origin = `http://${host}`;
    expect((await post(system.url, { query }, { host })).status).toBe(403);
    expect((await post(system.url, { query }, { host, origin })).status).toBe(403);
    expect(await upgradeStatus(system.url, { host, origin })).toBe(403);
  });
});

describe('the WebSocket endpoint', () => {
  test('a faulty operation does not affect the others on its socket', async () => {
    const socket = await openSocket(system.url);
    socket.send({ id: 'bad', type: 'subscribe', payload: { query: '{ viewer {' } });
    expect(await socket.next()).toMatchObject({ id: 'bad', type: 'error' });
    socket.send({ id: 'good', type: 'subscribe', payload: { query: '{ viewer { id } }' } });
    expect(await socket.next()).toMatchObject({ id: 'good', payload: { data: { viewer: { id: 'local' } } } });
    socket.close();
  });

  test.each([
    ['is not JSON', 'garbage', 4400],
    ['has no query', JSON.stringify({ id: '1', type: 'subscribe', payload: {} }), 4400],
    ['is over 1 MiB', ' '.repeat(MAX_BODY_BYTES + 1), 1009],
  ])('a message that %s closes its socket, and no other', async (_what, message, code) => {
    const bystander = await openSocket(system.url);
    const socket = await openSocket(system.url);
    socket.sendRaw(message);
    expect(await socket.closed).toBe(code);
    bystander.send({ type: 'ping' });
    expect(await bystander.next()).toEqual({ type: 'pong' });
    bystander.close();
  });

  test.each(['/', '//', '/graphql/x', '/%', '*', 'http://['])(
    'an upgrade of the path %s is refused, and the server stays up',
    async (path) => {
      expect(await rawRequest(system.url, `GET ${path} HTTP/1.1`, UPGRADE)).toMatch(/^HTTP\/1\.1 40[04] /);
      expect((await post(system.url, { query: '{ viewer { id } }' })).status).toBe(200);
    },
  );
});

describe('the other paths', () => {
  test.each([
    '//',
    '/%',
    '/%E0%A4%A',
    '/../../etc/passwd',
    '/%2e%2e/%2e%2e/etc/passwd',
    '/assets/%00',
    'http://[',
  ])('a request of %s is answered, and serves no file outside of the web client', async (path) => {
    const answer = await rawRequest(system.url, `GET ${path} HTTP/1.1`, { connection: 'close' });
    expect(answer).toMatch(/^HTTP\/1\.1 [2-4]\d\d /);
    expect(answer).not.toMatch(/root:|node_modules/);
    expect((await post(system.url, { query: '{ viewer { id } }' })).status).toBe(200);
  });
});
