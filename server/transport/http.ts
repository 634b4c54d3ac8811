import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { Handler } from '../../core/http/handler.ts';
import { pathOf } from '../../core/http/path.ts';
import { withLogFields } from '../../core/telemetry/log.ts';
import type { GraphQLServer } from '../graphql-yoga.ts';
import { mayCall } from './origin.ts';
import { REQUEST_ID_HEADER, requestIdOf } from './request-id.ts';

export interface HttpOptions {
  graphql: GraphQLServer;
  /** By path: health, metrics. */
  operations: ReadonlyMap<string, Handler>;
  /** Everything else: the web client. */
  client: Handler;
  allowedHosts: ReadonlySet<string> | null;
  /** Whether callers are to come back on another connection, which leads to another server. */
  isDraining: () => boolean;
}

/** One HTTP server for the API, the operators' endpoints and the web client. */
export function createHttpServer(options: HttpOptions): Server {
  const { graphql, operations, client, allowedHosts, isDraining } = options;
  return createServer((request, response) => {
    if (isDraining()) response.shouldKeepAlive = false;
    if (!mayCall(request.headers, allowedHosts)) return refuse(response, 403, 'Not from this origin.');
    const path = pathOf(request);
    if (path === '/graphql') {
      if (isSimpleForm(request)) return refuse(response, 415, 'Send JSON.');
      const requestId = requestIdOf(request);
      response.setHeader(REQUEST_ID_HEADER, requestId);
      return void withLogFields({ requestId }, () => graphql(request, response));
    }
    return void (operations.get(path) ?? client)(request, response);
  });
}

/** The content types that a page of any origin can send without the browser asking first. */
function isSimpleForm({ method, headers }: IncomingMessage): boolean {
  const type = headers['content-type'] ?? '';
  return method === 'POST' && !/^application\/(graphql\+|graphql-response\+)?json\b/i.test(type);
}

function refuse(response: ServerResponse, status: number, message: string): void {
  response.writeHead(status, { 'content-type': 'application/json', connection: 'close' });
  response.end(JSON.stringify({ errors: [{ message }] }));
}
