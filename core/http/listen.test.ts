import { createServer } from 'node:http';
import { expect, test, vi } from 'vitest';
import { listen } from './listen.ts';

test('more connections may wait to be accepted than Node lets wait, so that a burst of one caller delays no other', async () => {
  const server = createServer();
  const asked = vi.spyOn(server, 'listen');
  const variables = { host: 'HOST', port: 'PORT' };
  expect(await listen(server, { host: '127.0.0.1', port: 0, variables })).toMatch(
    /^http:\/\/127\.0\.0\.1:\d+$/,
  );
  expect(asked).toHaveBeenCalledWith(expect.objectContaining({ backlog: 4_096 }));
  server.close();
});
