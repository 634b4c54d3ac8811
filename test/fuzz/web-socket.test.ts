import { once } from 'node:events';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { expectCallersErrors, expectNoInside } from '../support/fuzz/answers.ts';
import { exchange } from '../support/fuzz/raw-exchange.ts';
import { runs } from '../support/fuzz/runs.ts';
import { type WatchedSystem, watchSystem } from '../support/fuzz/watched-system.ts';
import { framesIn, handshake, hostileFrame, textFrame } from '../support/fuzz/web-socket-frames.ts';
import { hostileInit, hostileMessage } from '../support/fuzz/web-socket-messages.ts';
import type { Data } from '../support/harness.ts';

/** Codes of a fault of the server. A code that its client has sent is repeated (RFC 6455, 5.5.1). */
const OURS = [1006, 1011, 1013, 4500];
/** Codes with which a socket is closed for a caller's fault, or because the caller closes it. */
const CALLERS = [1000, 1002, 1003, 1005, 1007, 1009, 4400, 4401, 4403, 4406, 4408, 4409, 4429];

let system: WatchedSystem;
watchSystem((started) => {
  system = started;
});

test('frames that are malformed close a socket, with a code that says why', async () => {
  const sockets = fc.array(
    fc.record({
      isKnown: fc.boolean(),
      frames: fc.array(hostileFrame, { minLength: 1, maxLength: 5 }),
      leave: fc.constantFrom('half', 'destroy', 'reset'),
    }),
    { minLength: 1, maxLength: 5 },
  );
  const init = textFrame({ type: 'connection_init', payload: { authorization: `Bearer ${system.token}` } });
  await fc.assert(
    fc.asyncProperty(sockets, async (all) => {
      const answers = await Promise.all(
        all.map(({ isKnown, frames, leave }) =>
          exchange(
            system.url,
            { parts: [handshake('127.0.0.1'), `${isKnown ? init : ''}${frames.join('')}`], leave },
            system.expectAlive,
          ),
        ),
      );
      for (const answer of answers) {
        const [head = '', ...rest] = answer.split('\r\n\r\n');
        expect(head).toMatch(/^HTTP\/1\.1 101 /);
        for (const { opcode, payload } of framesIn(rest.join('\r\n\r\n'))) {
          expectNoInside(payload);
          if (opcode === 8 && payload.length > 0)
            expect(OURS, JSON.stringify(answer)).not.toContain(Buffer.from(payload, 'latin1').readUInt16BE());
        }
      }
      await system.expectAlive();
    }),
    runs(8),
  );
});

test('messages that are malformed are answered, or close a socket with a code that says why', async () => {
  const conversations = fc.tuple(
    fc.option(hostileInit),
    fc.array(hostileMessage, { minLength: 1, maxLength: 6 }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(conversations, { minLength: 1, maxLength: 4 }), async (all) => {
      await Promise.all(all.map(([init, messages]) => speak(init, messages)));
      await system.expectAlive();
    }),
    runs(12),
  );
});

/** Opens a socket, sends messages, then an honest query, and waits until that is answered or the socket is closed. */
async function speak(init: string | null, messages: readonly string[]): Promise<void> {
  const socket = new WebSocket(`${system.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const closed = once(socket, 'close');
  const heard: Data[] = [];
  socket.on('message', (data) => {
    heard.push(JSON.parse(String(data)));
    if (heard.at(-1).id === HONEST) socket.close(1000);
  });
  await once(socket, 'open');
  socket.send(
    init ?? JSON.stringify({ type: 'connection_init', payload: { authorization: `Bearer ${system.token}` } }),
  );
  for (const message of messages) socket.send(message);
  socket.send(JSON.stringify({ type: 'subscribe', id: HONEST, payload: { query: '{ viewer { id } }' } }));
  const [code, reason] = await closed;
  expect(CALLERS).toContain(code);
  expectNoInside(String(reason));
  for (const { type, payload } of heard) {
    if (type === 'next') expectCallersErrors(payload);
    if (type === 'error') expectCallersErrors({ errors: payload });
  }
}

const HONEST = 'the honest query';
