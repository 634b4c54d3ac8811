import type { Server } from 'node:http';
import { useServer } from 'graphql-ws/use/ws';
import { WebSocketServer } from 'ws';
import type { GraphQLServer } from '../graphql-yoga.ts';
import { mayCall } from './origin.ts';

/** The largest message a client may send: a text of 32,000 characters, escaped, with room for its document. */
export const MAX_MESSAGE_BYTES = 1_048_576;
/** How often a silent socket is pinged; one that does not answer by the next ping is closed. In milliseconds. */
const KEEP_ALIVE_MS = 12_000;

export interface WebSocketTransport {
  /** How many sockets are open. */
  readonly connections: number;
  /** Closes every socket with 1001, going away: clients come back at once. */
  stop(): Promise<void>;
}

/**
 * Serves GraphQL over WebSocket (the graphql-transport-ws protocol) at /graphql. Every operation goes through the
 * same engine as over HTTP, with the same limits. A socket that does not drain holds back its own subscriptions
 * only: the next result is asked for when the last one was written.
 */
export function serveWebSocket(options: {
  server: Server;
  graphql: GraphQLServer;
  allowedHosts: ReadonlySet<string> | null;
}): WebSocketTransport {
  const { server, graphql, allowedHosts } = options;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_MESSAGE_BYTES });
  server.on('upgrade', (request, socket, head) => {
    const path = new URL(request.url ?? '/', 'http://localhost').pathname;
    const refused =
      path === '/graphql' ? !mayCall(request.headers, allowedHosts) && '403 Forbidden' : '404 Not Found';
    if (refused) return socket.end(`HTTP/1.1 ${refused}\r\nConnection: close\r\n\r\n`);
    sockets.handleUpgrade(request, socket, head, (ws) => sockets.emit('connection', ws, request));
  });

  const disposable = useServer(
    {
      execute: (args) => (args.rootValue as Engine).execute(args),
      subscribe: (args) => (args.rootValue as Engine).subscribe(args),
      onSubscribe: async (ctx, _id, params) => {
        const engine = graphql.getEnveloped({
          ...ctx,
          req: ctx.extra.request,
          socket: ctx.extra.socket,
          params,
        });
        const { schema, execute, subscribe, contextFactory, parse, validate } = engine;
        const document = parse(params.query);
        const faults = validate(schema, document);
        if (faults.length > 0) return faults;
        return {
          schema,
          document,
          operationName: params.operationName,
          variableValues: params.variables,
          contextValue: await contextFactory(),
          rootValue: { execute, subscribe } satisfies Engine,
        };
      },
    },
    sockets,
    KEEP_ALIVE_MS,
  );
  return {
    get connections() {
      return sockets.clients.size;
    },
    stop: async () => {
      await disposable.dispose();
    },
  };
}

type Engine = Pick<ReturnType<GraphQLServer['getEnveloped']>, 'execute' | 'subscribe'>;
