import { createServer } from 'node:http';
import { Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { ConnectionLimits } from './connection-limits.ts';

test('a connection that the server gets back from an upgrade counts once, until it is closed', () => {
  const release = vi.fn();
  const beginConnection = vi.fn(() => release);
  const limits = { beginConnection, beginProxied: () => release };
  const server = createServer();
  new ConnectionLimits({ limits, addressOf: () => '', isProxy: () => false }).watch(server);
  const socket = new Socket();
  server.emit('connection', socket);
  server.emit('connection', socket);
  expect(beginConnection).toHaveBeenCalledTimes(1);
  socket.emit('close');
  expect(release).toHaveBeenCalledTimes(1);
});
