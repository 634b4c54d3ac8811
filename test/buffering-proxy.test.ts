import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test, vi } from 'vitest';
import { startBufferingProxy } from './support/buffering-proxy.ts';
import { WAIT } from './support/held.ts';

test('a buffering proxy holds back a stream without X-Accel-Buffering: no', async () => {
  let stream: ServerResponse | null = null;
  const origin = createServer((_request, response) => {
    stream = response.writeHead(200, { 'content-type': 'text/event-stream' });
    stream.write('data: early\n\n');
  }).listen(0, '127.0.0.1');
  await vi.waitFor(() => expect(origin.listening).toBe(true), WAIT);
  const proxy = await startBufferingProxy(`http://127.0.0.1:${(origin.address() as AddressInfo).port}`);
  const answered = vi.fn();
  const response = fetch(proxy.url).finally(answered);
  await vi.waitFor(() => expect(proxy.heldBack).toBe(13), WAIT);
  expect(answered).not.toHaveBeenCalled();
  (stream as ServerResponse | null)?.end('data: late\n\n');
  expect(await (await response).text()).toBe('data: early\n\ndata: late\n\n');
  await proxy.stop();
  origin.close();
});
