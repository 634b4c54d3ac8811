import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Data } from './harness.ts';

type Headers = Record<string, string>;

export interface Answer {
  status: number;
  body: string;
  json(): Data;
}

/** The headers of a WebSocket upgrade. */
export const UPGRADE: Headers = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
};

/**
 * Posts a body to the API with any headers, also those that `fetch` does not allow. A text is sent unchanged, in chunks
 * unless a length is given.
 */
export async function post(url: string, body: object | string, headers: Headers = {}): Promise<Answer> {
  const outgoing = request(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', connection: 'close', ...headers },
  });
  // The server may answer and close before it has read everything.
  outgoing.on('error', () => {});
  outgoing.write(typeof body === 'string' ? body : JSON.stringify(body));
  outgoing.end();
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  const received = await text(response);
  return { status: response.statusCode ?? 0, body: received, json: () => JSON.parse(received) };
}

/** The status of the server's answer to an upgrade: 101 for a WebSocket. */
export async function upgradeStatus(url: string, headers: Headers): Promise<number> {
  const outgoing = request(`${url}/graphql`, { headers: { ...UPGRADE, ...headers } });
  outgoing.end();
  return new Promise((resolve, reject) => {
    outgoing.on('upgrade', (_response, socket) => {
      socket.destroy();
      resolve(101);
    });
    outgoing.on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.on('error', reject);
  });
}

/** Sends a request with this first line. Returns everything that the server sends until it closes. */
export async function rawRequest(url: string, line: string, headers: Headers): Promise<string> {
  const { hostname, port, host } = new URL(url);
  const socket = connect(Number(port), hostname);
  const lines = Object.entries({ host, ...headers }).map(([name, value]) => `${name}: ${value}`);
  socket.write(`${[line, ...lines].join('\r\n')}\r\n\r\n`);
  return text(socket);
}
