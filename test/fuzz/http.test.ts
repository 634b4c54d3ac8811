import { connect } from 'node:net';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { expectNoInside, expectTypedAnswer } from '../support/fuzz/answers.ts';
import { illFramed, wellFramed } from '../support/fuzz/hostile-requests.ts';
import { exchange } from '../support/fuzz/raw-exchange.ts';
import { runs } from '../support/fuzz/runs.ts';
import { type WatchedSystem, watchSystem } from '../support/fuzz/watched-system.ts';
import { handshake } from '../support/fuzz/web-socket-frames.ts';

let system: WatchedSystem;
watchSystem((started) => {
  system = started;
});

/** Authorization is filled in when a request is sent. */
const TOKEN = 'Bearer ~TOKEN~';
const HOST = '127.0.0.1';
const filled = (text: string) => text.replaceAll('~TOKEN~', system.token);

test('every request that is whole is answered', async () => {
  const requests = fc.array(wellFramed(HOST, TOKEN), { minLength: 1, maxLength: 8 });
  await fc.assert(
    fc.asyncProperty(requests, async (all) => {
      const answers = await Promise.all(
        all.map((bytes) =>
          exchange(system.url, { parts: [filled(bytes)], leave: 'answered' }, async () => {}),
        ),
      );
      for (const answer of answers) expectTypedAnswer(answer);
      await system.expectAlive();
    }),
    runs(12),
  );
});

test('a request that is not is refused or cut off', async () => {
  const requests = fc.array(illFramed(HOST, TOKEN), { minLength: 1, maxLength: 6 });
  await fc.assert(
    fc.asyncProperty(requests, async (all) => {
      const answers = await Promise.all(
        all.map(({ parts, leave }) =>
          exchange(system.url, { parts: parts.map(filled), leave }, () => system.expectAlive()),
        ),
      );
      for (const answer of answers) {
        expect(answer).not.toMatch(/HTTP\/1\.1 5/);
        expectNoInside(answer);
      }
      await system.expectAlive();
    }),
    runs(8),
  );
});

const UPGRADE = handshake('127.0.0.1');
const POST = 'POST /graphql HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n';

test.each([
  ['an upgrade with a method that writes', UPGRADE.replace('GET', 'POST')],
  ['an upgrade without a key', UPGRADE.replace('sec-websocket-key', 'x')],
  ['an upgrade with a malformed list of protocols', UPGRADE.replace('graphql-transport-ws', ',')],
  ['an upgrade at another path', UPGRADE.replace('/graphql', '/other')],
  [
    'an upgrade of a page of another origin',
    UPGRADE.replace('connection', 'origin: http://evil.example\r\nconnection'),
  ],
  ['an upgrade to another protocol', UPGRADE.replace('websocket', 'h2c')],
  ['an upgrade of another version', UPGRADE.replace('13', '99')],
  ['a request that is no HTTP', 'nonsense\r\n\r\n'],
  ['a body of the wrong type', `${POST.replace('application/json', 'text/plain')}content-length: 9\r\n\r\n{`],
  ['a body that is too large', `${POST}content-length: 9999999\r\n\r\n{`],
  ['an expectation', `${POST}expect: a miracle\r\ncontent-length: 0\r\n\r\n`],
  ['too many headers', `${POST}x: ${'x'.repeat(20_000)}\r\n\r\n`],
  ['a chunk without a size', `${POST}transfer-encoding: chunked\r\n\r\nzz\r\n`],
  ['a caller without a token', `${POST}content-length: 2\r\n\r\n{}`],
])(
  '%s is refused, and its connection is not kept, though its client keeps its end open',
  async (_what, bytes) => {
    const { hostname, port } = new URL(system.url);
    const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
    socket.on('error', () => {});
    let answer = '';
    socket.setEncoding('latin1').on('data', (data) => (answer += data));
    const ended = new Promise<void>((resolve) => socket.once('end', resolve).once('close', resolve));
    socket.write(bytes, 'latin1');
    await ended;
    await system.untilNothingIsHeld();
    socket.destroy();
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head).toMatch(
      /^HTTP\/1\.1 4\d\d .*\r\n(?:.*\r\n)*content-type: application\/json; charset=utf-8\r\n/,
    );
    expect(JSON.parse(body)).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: expect.stringMatching(/^[A-Z_]+$/) } }],
    });
  },
);
