import { createServer, type IncomingHttpHeaders, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The answer of a scripted server at a path: JSON with status 200, or a request handler. */
export type Script = Readonly<Record<string, RequestListener | object>>;

export interface ListServer {
  /** Such as `http://127.0.0.1:51234`. */
  readonly origin: string;
  /** Method, path and query of each request, in order, and its headers. */
  readonly requests: { line: string; headers: IncomingHttpHeaders }[];
  /** Replaces the script. */
  play(script: Script): void;
  close(): Promise<void>;
}

/** A server that answers GET and POST at the paths of its script, and 404 elsewhere. */
export async function startListServer(script: Script = {}): Promise<ListServer> {
  let playing = script;
  const requests: ListServer['requests'] = [];
  const server = createServer((request, response) => {
    requests.push({ line: `${request.method} ${request.url}`, headers: request.headers });
    const answer = playing[new URL(request.url ?? '/', 'http://server').pathname];
    if (typeof answer === 'function') answer(request, response);
    else {
      response.writeHead(answer === undefined ? 404 : 200, { 'content-type': 'application/json' });
      response.end(JSON.stringify(answer ?? { error: { message: 'not found' } }));
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    play(next) {
      playing = next;
    },
    close() {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}

/** A script's answer with this status and body. */
export function answering(status: number, body: string, type = 'application/json'): RequestListener {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': type });
    response.end(body);
  };
}
