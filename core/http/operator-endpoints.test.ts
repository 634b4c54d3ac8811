import { once } from 'node:events';
import { createServer, request, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Counter, Registry } from 'prom-client';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { metricsAccess } from './metrics-access.ts';
import { operationHandlers } from './operator-endpoints.ts';
import { NotReadyError } from './readiness.ts';

const TOKEN = 'a-token-that-nobody-guesses';

describe('/metrics', () => {
  const open = serving({ metricsToken: undefined });
  const guarded = serving({ metricsToken: TOKEN });

  test('without a token is readable by this machine', async () => {
    expect(await open.get('/metrics')).toMatchObject({
      status: 200,
      body: expect.stringContaining('things_total 0'),
    });
  });

  test.each([
    ['a neighbour in the network', '10.1.2.3'],
    ['one over IPv6', 'fd00::7'],
  ])('without a token is not readable by %s', (_who, remoteAddress) => {
    const from = { socket: { remoteAddress }, headers: { host: '127.0.0.1:9464' } };
    expect(metricsAccess(from as never, undefined)).toBe('not-local');
  });

  test.each(['127.0.0.1', '127.8.8.8', '::1', '::ffff:127.0.0.1'])('%s is this machine', (remoteAddress) => {
    for (const host of ['localhost:9464', '127.0.0.1', '[::1]:9464'])
      expect(metricsAccess({ socket: { remoteAddress }, headers: { host } } as never, undefined)).toBe(
        'granted',
      );
  });

  test.each([
    ['x-forwarded-for', '203.0.113.7'],
    ['forwarded', 'for=203.0.113.7'],
    ['via', '1.1 proxy'],
    ['host', 'chat.example.com'],
  ])(
    'without a token is not readable through a proxy on this machine, which %s shows',
    async (name, value) => {
      expect(await open.get('/metrics', { [name]: value })).toMatchObject({ status: 403 });
    },
  );

  test('with a token is readable by every caller with the token', async () => {
    expect(await guarded.get('/metrics', { authorization: `Bearer ${TOKEN}` })).toMatchObject({
      status: 200,
    });
    expect(
      await guarded.get('/metrics', { authorization: `bearer ${TOKEN}`, host: 'a', 'x-forwarded-for': 'b' }),
    ).toMatchObject({ status: 200 });
  });

  test.each([
    ['nothing', {}],
    ['another token', { authorization: 'Bearer guess' }],
    ['a token of the same length', { authorization: `Bearer ${TOKEN.replace('a', 'b')}` }],
    ['the token in another scheme', { authorization: `Basic ${TOKEN}` }],
  ])('with a token is not readable by a caller with %s, on this machine or not', async (_what, headers) => {
    const refused = await guarded.get('/metrics', headers);
    expect(refused).toMatchObject({ status: 401, challenge: expect.stringMatching(/^Bearer/) });
    expect(refused.body).not.toContain('things_total');
  });
});

describe('health', () => {
  let readiness = async () => {};
  const health = serving({ metricsToken: TOKEN, ready: () => readiness() });

  test('needs no token, and reports a live process whether it is ready or not', async () => {
    expect((await health.get('/health/ready')).status).toBe(200);
    readiness = () => Promise.reject(new Error('postgresql://u:hunter2@db is unavailable'));
    expect(await health.get('/health/ready')).toMatchObject({ status: 503, body: 'not ready\n' });
    expect((await health.get('/health/live')).status).toBe(200);
  });

  test('reports each part that is not ready in its own line', async () => {
    readiness = () =>
      Promise.reject(
        new NotReadyError([
          { part: 'database', reason: 'It is read-only.' },
          { part: 'redis', reason: 'It does not answer.' },
        ]),
      );
    expect(await health.get('/health/ready')).toMatchObject({
      status: 503,
      body: 'not ready\ndatabase: It is read-only.\nredis: It does not answer.\n',
    });
  });

  test('is not ready if nothing answers within two seconds', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = new Promise<void>((resolve) => {
      readiness = () => {
        resolve();
        return new Promise(() => {});
      };
    });
    const answer = health.get('/health/ready');
    await asked;
    await vi.advanceTimersByTimeAsync(2_000);
    vi.useRealTimers();
    expect((await answer).status).toBe(503);
  });
});

/** A server with only these endpoints. */
function serving({
  metricsToken,
  ready = async () => {},
}: {
  metricsToken: string | undefined;
  ready?: () => Promise<void>;
}) {
  const registry = new Registry();
  new Counter({ name: 'things_total', help: 'Things.', registers: [registry] });
  const handlers = operationHandlers({
    metrics: () => registry.metrics(),
    live: async () => {},
    ready,
    metricsToken,
  });
  let server: Server;
  beforeAll(async () => {
    server = createServer((request, response) => void handlers.get(request.url ?? '')?.(request, response));
    await once(server.listen(0, '127.0.0.1'), 'listening');
  });
  afterAll(() => void server.close());
  return {
    async get(path: string, headers: Record<string, string> = {}) {
      const { port } = server.address() as AddressInfo;
      const asked = request({ port, host: '127.0.0.1', path, headers, agent: false }).end();
      const [response] = await once(asked, 'response');
      let body = '';
      for await (const chunk of response.setEncoding('utf8')) body += chunk;
      return { status: response.statusCode, body, challenge: response.headers['www-authenticate'] };
    },
  };
}
