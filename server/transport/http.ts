import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { GraphQLServer } from '../graphql-yoga.ts';
import { mayCall } from './origin.ts';
import { pathOf } from './path.ts';
import { MAX_MESSAGE_BYTES } from './websocket.ts';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

export interface HttpOptions {
  graphql: GraphQLServer;
  /** By path: health, metrics. */
  operations: ReadonlyMap<string, Handler>;
  /** Everything else: the web client. */
  client: Handler;
  allowedHosts: ReadonlySet<string> | null;
}

/** One HTTP server for the API, the operators' endpoints and the web client. */
export function createHttpServer({ graphql, operations, client, allowedHosts }: HttpOptions): Server {
  return createServer((request, response) => {
    const path = pathOf(request);
    if (path === '/graphql') {
      if (!mayCall(request.headers, allowedHosts)) return refuse(response, 403, 'Not from this origin.');
      if (isTooLarge(request)) return refuse(response, 413, `At most ${MAX_MESSAGE_BYTES} bytes.`);
      if (isSimpleForm(request)) return refuse(response, 415, 'Send JSON.');
      limitBody(request, response);
      return void graphql(request, response);
    }
    return void (operations.get(path) ?? client)(request, response);
  });
}

function isTooLarge({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length'] ?? 0) > MAX_MESSAGE_BYTES;
}

/** The content types that a page of any origin can send without the browser asking first. */
function isSimpleForm({ method, headers }: IncomingMessage): boolean {
  const type = headers['content-type'] ?? '';
  return method === 'POST' && !/^application\/(graphql\+|graphql-response\+)?json\b/i.test(type);
}

/** A body without a length is counted as it comes. */
function limitBody(request: IncomingMessage, response: ServerResponse): void {
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes > MAX_MESSAGE_BYTES && !response.headersSent) {
      refuse(response, 413, `At most ${MAX_MESSAGE_BYTES} bytes.`);
      request.destroy();
    }
  });
  request.pause();
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ errors: [{ message }] }));
}
