import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { clientDir } from '../core/installation/installed-files.ts';
import { type RunningServer, startServer } from '../server/server.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ DRAIN_DELAY_MS: '300' });
});
afterAll(() => system.stop());

/** Another server on the same system, for the test to stop. */
const another = (): Promise<RunningServer> => startServer(system.app, clientDir());
const readiness = async ({ url }: RunningServer) => (await fetch(`${url}/health/ready`)).status;
const ask = ({ url }: RunningServer) =>
  fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{"query":"{ __typename }"}',
  });
const openSockets = async ({ url }: RunningServer) =>
  /^ws_connections_active (\d+)$/m.exec(await (await fetch(`${url}/metrics`)).text())?.[1];

test('a server that drains is not ready, serves on, and sends callers to another connection', async () => {
  const server = await another();
  expect([await readiness(server), (await ask(server)).headers.get('connection')]).toEqual([
    200,
    'keep-alive',
  ]);
  server.drain();
  expect(await readiness(server)).toBe(503);
  const answer = await ask(server);
  expect([answer.status, answer.headers.get('connection')]).toEqual([200, 'close']);
  await server.stop();
});

test('[P-66] a server that stops serves for DRAIN_DELAY_MS, then closes its sockets with 1001 and refuses connections', async () => {
  const server = await another();
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  await once(socket, 'open');
  expect(await openSockets(server)).toBe('1');
  const closed = once(socket, 'close');
  const since = performance.now();
  const stopped = server.stop();
  expect(await readiness(server)).toBe(503);
  expect(socket.readyState).toBe(WebSocket.OPEN);
  expect((await closed)[0]).toBe(1001);
  expect(performance.now() - since).toBeGreaterThan(290);
  await stopped;
  await expect(ask(server)).rejects.toThrow();
  const rest = await another();
  expect(await openSockets(rest)).toBe('0');
  await rest.stop();
});

test('a client that does not answer the close frame does not delay the stop', async () => {
  const server = await another();
  const { hostname, port } = new URL(server.url);
  const socket = connect(Number(port), hostname);
  socket.write(
    `GET /graphql HTTP/1.1\r\nHost: ${hostname}:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n' +
      'Sec-WebSocket-Protocol: graphql-transport-ws\r\n\r\n',
  );
  const [answer] = await once(socket, 'data');
  expect(String(answer)).toContain('101 Switching Protocols');
  const closed = once(socket.resume(), 'close');
  await server.stop();
  await closed;
});
