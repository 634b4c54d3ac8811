import { once } from 'node:events';
import { connect, Socket } from 'node:net';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { UnreadBytes } from '../server/transport/unread-bytes.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { requestAs, tokenFor, WITH_TOKENS } from './support/tokens.ts';

const REQUESTS = 300;
const BODY = '{"query":"{ viewer { id } }"}';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ ...WITH_TOKENS, OPERATIONS_PER_OWNER: '0' }, { worker: false });
});
afterAll(() => system.stop());

/** Connections that the server knows: each has had an answer. */
async function connections(count: number): Promise<Socket[]> {
  const { hostname, port, host } = new URL(system.url);
  const sockets = Array.from({ length: count }, () => connect(Number(port), hostname));
  const answers = sockets.map((socket) => once(socket, 'data'));
  for (const socket of sockets) socket.write(`GET /health/live HTTP/1.1\r\nhost: ${host}\r\n\r\n`);
  await Promise.all(answers);
  return sockets;
}

function headOf(token: string): string {
  const { host } = new URL(system.url);
  return `POST /graphql HTTP/1.1\r\nhost: ${host}\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: ${BODY.length}\r\n\r\n`;
}

test('hundreds of requests of one caller that begin at once do not come before one of another caller', async () => {
  const [crowd, one] = await Promise.all([tokenFor({ sub: 'crowd' }), tokenFor({ sub: 'one' })]);
  // A token that is known is not verified again, nor is a document.
  for (const token of [crowd, one]) await requestAs(system.url, token, '{ viewer { id } }');
  const many = await connections(REQUESTS);
  const [last = new Socket()] = await connections(1);
  // Each request is tracked where it begins.
  const begun = vi.spyOn(UnreadBytes.prototype, 'track');
  for (const socket of many) socket.write(headOf(crowd) + BODY.slice(0, 10));
  last.write(headOf(one) + BODY);
  const [answer] = await once(last, 'data');
  const before = begun.mock.calls.filter(([caller]) => caller.owner === 'crowd').length;

  begun.mockRestore();
  expect(String(answer)).toContain('{"id":"one"}');
  expect(before).toBeLessThan(REQUESTS / 2);
  // All of them begin nevertheless.
  const answers = many.map((socket) => once(socket, 'data'));
  for (const socket of many) socket.write(BODY.slice(10));
  for (const answered of answers) expect(String((await answered)[0])).toContain('{"id":"crowd"}');
  for (const socket of [last, ...many]) socket.destroy();
});
