import { type ServerResponse, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';

/** Why a request is refused before it reaches GraphQL. */
export interface Refusal {
  /** The status of HTTP. */
  status: number;
  /** `extensions.code` of the one error in the body, for programs. */
  code: string;
  /** For people: what is wrong, and what would be right. */
  message: string;
  headers?: Record<string, string>;
}

/** Of a path that is only read. */
export const READ_ONLY: Refusal = {
  status: 405,
  code: 'METHOD_NOT_ALLOWED',
  message: 'This path is read with GET.',
  headers: { allow: 'GET, HEAD' },
};

/** Answers with a GraphQL error as JSON, and closes the connection: the request's body is not read. */
export function refuse(response: ServerResponse, refusal: Refusal): void {
  const body = bodyOf(refusal);
  response.writeHead(refusal.status, { ...headersOf(refusal, body), connection: 'close' });
  response.end(body);
}

/**
 * Refuses an upgrade in the same way. The caller may have disconnected already, which is not an error. The connection is
 * closed whether or not the caller closes its end: Node leaves it to us, and a server would wait for it when it stops.
 */
export function refuseUpgrade(socket: Duplex, refusal: Refusal): void {
  const body = bodyOf(refusal);
  const headers = Object.entries({ ...headersOf(refusal, body), connection: 'close' });
  const head = [
    `HTTP/1.1 ${refusal.status} ${STATUS_CODES[refusal.status]}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  socket.on('error', () => socket.destroy());
  socket.once('finish', () => socket.destroy());
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function bodyOf({ message, code }: Refusal): string {
  return JSON.stringify({ errors: [{ message, extensions: { code } }] });
}

function headersOf({ headers }: Refusal, body: string): Record<string, string> {
  return {
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(body)),
  };
}
