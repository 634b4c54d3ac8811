import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { UnreadBytes } from './unread-bytes.ts';
import { boundUnread } from './unread-response.ts';

const ANN = { owner: 'ann', tenant: 'default' };
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) close();
});

/** A response to a client that reads nothing of it, which may be unread for 20 ms. */
async function unreadResponse(unread: UnreadBytes): Promise<ServerResponse> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const client = connect((server.address() as AddressInfo).port, '127.0.0.1');
  client.pause();
  client.write('GET / HTTP/1.1\r\nhost: a\r\n\r\n');
  const [, response] = (await once(server, 'request')) as [object, ServerResponse];
  closing.push(() => {
    client.destroy();
    server.close();
  });
  boundUnread(response, ANN, unread, 20);
  return response;
}

test('[P-83] a response that its client does not read is closed, and is not held any more', async () => {
  const unread = new UnreadBytes();
  const response = await unreadResponse(unread);
  // More than the network itself holds.
  response.write('x'.repeat(16_000_000));
  expect(unread.of(ANN)).toBeGreaterThan(0);
  await once(response, 'close');
  expect([response.destroyed, unread.of(ANN)]).toEqual([true, 0]);
});

test('a response that has nothing to read stays open', async () => {
  const response = await unreadResponse(new UnreadBytes());
  const { socket } = response;
  if (!socket) throw new Error('the response has no socket');
  await once(socket, 'timeout');
  expect(response.destroyed).toBe(false);
});
