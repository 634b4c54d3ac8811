import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { type OverheardServer, startOverheardServer } from './support/overheard-server.ts';
import { post, rawRequest, upgradeStatus } from './support/raw-http.ts';

const APP = 'https://app.example.com';
const QUERY = { query: '{ viewer { id } }' };

let system: TestSystem;
let server: OverheardServer;
beforeAll(async () => {
  system = await startTestSystem({}, { worker: false });
});
afterAll(() => system.stop());

/**
 * Starts a server with this configuration for the tests of a group. No refusal may log a warning. `atStart`: the warnings of
 * its start.
 */
function serverWith(config: Parameters<typeof startOverheardServer>[1], atStart: RegExp[] = []): void {
  beforeAll(async () => {
    server = await startOverheardServer(system, config);
    expect(server.complaints.splice(0)).toEqual(atStart.map((line) => expect.stringMatching(line)));
  });
  afterEach(() => expect(server.complaints.splice(0)).toEqual([]));
  afterAll(() => server.stop());
}

const options = (headers: Record<string, string>, path = '/graphql') =>
  fetch(`${server.url}${path}`, { method: 'OPTIONS', headers });
const preflight = (origin: string, path?: string) =>
  options(
    {
      origin,
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'content-type,authorization',
    },
    path,
  );
/** The headers about other origins. A result varies by how it is compressed, too. */
const corsOf = ({ headers }: { headers: Headers }) =>
  [...headers]
    .map(([name, value]) => [name, name === 'vary' ? withoutEncoding(value) : value] as const)
    .filter(([name, value]) => name.startsWith('access-control-') || (name === 'vary' && value !== ''));
const withoutEncoding = (vary: string) =>
  vary
    .split(/,\s*/)
    .filter((name) => name !== 'Accept-Encoding')
    .join(', ');

describe('without ALLOWED_ORIGINS', () => {
  serverWith({});

  test('no page of another origin is allowed, and no answer is shared with one', async () => {
    expect((await post(server.url, QUERY, { origin: APP })).status).toBe(403);
    expect(await upgradeStatus(server.url, { origin: APP })).toBe(403);
    const refused = await preflight(APP);
    expect([refused.status, corsOf(refused)]).toEqual([403, []]);
    const own = await fetch(`${server.url}/graphql?query={viewer{id}}`, { headers: { origin: server.url } });
    expect([own.status, corsOf(own)]).toEqual([200, []]);
  });
});

describe('with ALLOWED_ORIGINS', () => {
  serverWith({ allowedOrigins: [APP, 'http://localhost:5173'] });

  test.each([APP, 'http://localhost:5173'])('the preflight of a page of %s is granted', async (origin) => {
    const response = await preflight(origin);
    expect(response.status).toBe(204);
    expect(Object.fromEntries(corsOf(response))).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': origin,
      'access-control-allow-methods': 'GET, POST, PUT, DELETE',
      'access-control-allow-headers':
        'content-type, authorization, accept, x-request-id, last-event-id, x-graphql-event-stream-token, apollo-require-preflight, x-apollo-operation-name, apollographql-client-name, apollographql-client-version, traceparent, tracestate, idempotency-key, x-taskflow-conversation, openai-organization, openai-project, x-stainless-arch, x-stainless-helper-method, x-stainless-lang, x-stainless-os, x-stainless-package-version, x-stainless-retry-count, x-stainless-runtime, x-stainless-runtime-version, x-stainless-timeout',
      'access-control-max-age': '7200',
    });
  });

  test.each([
    ['a result', 200, '/graphql', { method: 'POST', body: JSON.stringify(QUERY) }],
    ['an error of GraphQL', 400, '/graphql', { method: 'POST', body: '{' }],
    ['405', 405, '/graphql', { method: 'PATCH' }],
    ['404', 404, '/graphql/', { method: 'POST', body: JSON.stringify(QUERY) }],
    [
      '406',
      406,
      '/graphql',
      { method: 'POST', body: JSON.stringify(QUERY), headers: { accept: 'image/png' } },
    ],
    ['415', 415, '/graphql', { method: 'POST', body: 'x', headers: { 'content-type': 'text/plain' } }],
    ['413', 413, '/graphql', { method: 'POST', body: ' '.repeat(1_048_577) }],
    ['an error in the form of OpenAI', 405, '/v1/models', { method: 'POST', body: '{}' }],
  ])('the page can read %s', async (_what, status, path, { headers, ...init }: RequestInit) => {
    const response = await fetch(`${server.url}${path}`, {
      ...init,
      headers: { 'content-type': 'application/json', origin: APP, ...(headers as Record<string, string>) },
    });
    expect(response.status).toBe(status);
    expect(Object.fromEntries(corsOf(response))).toEqual({
      vary: 'Origin',
      'access-control-allow-origin': APP,
      'access-control-expose-headers': 'x-request-id, retry-after, x-should-retry',
    });
    await response.text();
  });

  test('the page can read a stream', async () => {
    const leave = new AbortController();
    const query = encodeURIComponent('subscription { conversationChanges { kind } }');
    const response = await fetch(`${server.url}/graphql?query=${query}`, {
      headers: { origin: APP, accept: 'text/event-stream' },
      signal: leave.signal,
    });
    expect(response.headers.get('access-control-allow-origin')).toBe(APP);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    leave.abort();
  });

  test('the page can open a WebSocket', async () => {
    const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      origin: APP,
    });
    await new Promise((resolve, reject) => socket.on('open', resolve).on('error', reject));
    socket.terminate();
  });

  test('every answer has Vary: Origin, with or without an origin', async () => {
    const response = await fetch(`${server.url}/graphql?query={viewer{id}}`);
    expect(corsOf(response)).toEqual([['vary', 'Origin']]);
  });

  test.each([
    'https://evil.example',
    'http://app.example.com',
    'https://app.example.com:8443',
    'https://app.example.com.evil.example',
    'https://x.app.example.com',
    'HTTPS://APP.EXAMPLE.COM',
    'null',
    '*',
  ])('a page of %s is not allowed', async (origin) => {
    const refused = await preflight(origin);
    expect([refused.status, corsOf(refused)]).toEqual([403, []]);
    const { status, json } = await post(server.url, QUERY, { origin });
    expect([status, json().errors[0].extensions.code]).toEqual([403, 'FORBIDDEN_ORIGIN']);
    expect(await upgradeStatus(server.url, { origin })).toBe(403);
  });

  test('the paths for operators are not shared', async () => {
    for (const path of ['/metrics', '/health/ready']) {
      const read = await fetch(`${server.url}${path}`, { headers: { origin: APP } });
      expect([read.status, corsOf(read)]).toEqual([403, []]);
      expect((await preflight(APP, path)).status).toBe(403);
    }
  });

  test('OPTIONS that is not a preflight is 405', async () => {
    expect((await options({ origin: APP })).status).toBe(405);
  });
});

/** An address of this machine that other machines can reach, if it has one. */
const reachable = Object.values(networkInterfaces())
  .flat()
  .find((one) => one?.family === 'IPv4' && !one.internal)?.address;

describe('a server that other machines can reach', () => {
  serverWith({ host: '0.0.0.0', authMode: 'none', allowedHosts: ['chat.example.com', '2001:db8::1'] }, [
    /AUTH_MODE is none: everyone who reaches this server is its one user/,
  ]);

  const statusFor = async (host: string): Promise<number[]> => {
    const local = server.url.replace('0.0.0.0', '127.0.0.1');
    const origin = `http://${host}`;
    return [
      (await post(local, QUERY, { host })).status,
      (await post(local, QUERY, { host, origin })).status,
      await upgradeStatus(local, { host, origin }),
    ];
  };

  test.each([
    'chat.example.com',
    'chat.example.com:8080',
    'CHAT.example.com',
    '[2001:db8::1]:4000',
    '[2001:DB8:0::1]',
    'localhost:4000',
    '127.0.0.1',
    '[::1]',
  ])('answers under the name %s', async (host) => {
    expect(await statusFor(host)).toEqual([200, 200, 101]);
  });

  test.each([
    'evil.example',
    'evil.example:4000',
    'chat.example.com.evil.example',
    'x.chat.example.com',
    'chat.example.com.',
    'chat.example.com@evil.example',
    'localhost.',
    '0.0.0.0',
    '10.1.2.3',
    'localhost:65536',
    '[::1]:99999',
    '127.0.0.2',
    '[2001:db8::2]',
    '::1',
  ])('does not answer under the name %j (DNS rebinding), and names the setting', async (host) => {
    expect(await statusFor(host)).toEqual([403, 403, 403]);
    const local = server.url.replace('0.0.0.0', '127.0.0.1');
    for (const path of ['/graphql', '/', '/metrics', '/health/live']) {
      const answer = await rawRequest(local, `GET ${path} HTTP/1.1`, { host, connection: 'close' });
      expect(answer).toMatch(/^HTTP\/1.1 403 /);
      expect(answer).toContain('FORBIDDEN_HOST');
      expect(answer).toContain(JSON.stringify(JSON.stringify(host)).slice(1, -1));
      expect(answer).toContain('ALLOWED_HOSTS');
    }
  });

  test.skipIf(!reachable)('answers under the address at which it was reached, as probes do', async () => {
    const { port } = new URL(server.url);
    const url = `http://${reachable}:${port}`;
    expect((await fetch(`${url}/health/ready`)).status).toBe(200);
    expect((await post(url, QUERY, { origin: url })).status).toBe(200);
    expect((await post(url, QUERY, { host: `10.9.8.7:${port}` })).status).toBe(403);
  });

  test('answers an HTTP/1.0 request without a host, which no browser sends', async () => {
    const { port } = new URL(server.url);
    const socket = connect(Number(port), '127.0.0.1');
    socket.write('GET /health/live HTTP/1.0\r\n\r\n');
    expect(await text(socket)).toMatch(/^HTTP\/1.1 200 /);
  });
});

describe('a server on a name of its own', () => {
  serverWith({ host: 'localhost', allowedHosts: ['proxied.example'] });

  test('answers under it, and under those of ALLOWED_HOSTS', async () => {
    expect((await post(server.url, QUERY)).status).toBe(200);
    expect((await post(server.url, QUERY, { host: 'proxied.example' })).status).toBe(200);
    expect((await post(server.url, QUERY, { host: 'evil.example' })).status).toBe(403);
  });
});
