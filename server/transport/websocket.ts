import type { Server } from 'node:http';
import type { FormattedExecutionResult } from 'graphql';
import { makeServer } from 'graphql-ws';
import { isAsyncIterable } from 'graphql-yoga';
import { v7 as uuidv7 } from 'uuid';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Config } from '../../core/config/config.ts';
import { pathOf } from '../../core/http/path.ts';
import type { Metrics } from '../../core/telemetry/metrics.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { MAX_MESSAGE_BYTES } from '../graphql/limits.ts';
import type { Limits } from '../limits/limits.ts';
import { networkOf } from '../limits/network-of.ts';
import type { Refusals } from '../limits/refusals.ts';
import { admitSocket, type SocketExtra } from './admit-socket.ts';
import type { Accounts } from './authentication.ts';
import type { ConnectionLimits } from './connection-limits.ts';
import { Corks } from './corks.ts';
import { closeGracefully } from './graceful-close.ts';
import { hostRefusal } from './host.ts';
import { KeepAlive } from './keep-alive.ts';
import { originRefusal } from './origin.ts';
import { type Engine, type Engines, prepareOperation } from './prepare-operation.ts';
import { PushedSubscriptions } from './pushed-subscriptions.ts';
import { type Refusal, refuseUpgrade } from './refusal.ts';
import { requestIdOf } from './request-id.ts';
import { chooseProtocol, serveSocket } from './serve-socket.ts';
import { SocketFlow } from './socket-flow.ts';
import { boundFrames, handshakeRefusal } from './socket-limits.ts';
import { shownError } from './streams/shown-result.ts';
import { isForWebSocket, serveWithoutUpgrade } from './unknown-upgrade.ts';
import type { UnreadBytes } from './unread-bytes.ts';

/** How often a silent socket is pinged; one that does not answer by the next ping is closed. In milliseconds. */
const KEEP_ALIVE_MS = 12_000;
/** How long a client has to answer that its socket is closed, in milliseconds. */
const CLOSE_WITHIN_MS = 1_500;

export interface WebSocketTransport {
  /** Refuses new sockets, and closes the open ones by {@link closeGracefully}, in 3.5 s at most. */
  stop(): Promise<void>;
}

export interface WebSocketOptions extends Engines {
  server: Server;
  accounts: Accounts;
  unread: UnreadBytes;
  bounds: SocketBounds;
  refusals: Pick<Refusals, 'count'>;
  limits: Limits;
  connections: ConnectionLimits;
  /** How long a client has to send connection_init, in milliseconds. */
  initWithinMs: number;
  metrics: Metrics;
}

/**
 * Serves GraphQL over WebSocket (the graphql-transport-ws protocol) at /graphql. Every operation goes through the
 * same engine as over HTTP, with the same limits and the same errors. A slow socket holds back its own subscriptions
 * only: the next result is requested when the last one was written, and events are pushed while there is room for them.
 */
export function serveWebSocket(options: WebSocketOptions): WebSocketTransport {
  const { server, callers, accounts, metrics, log } = options;
  const { unread, bounds, refusals, limits, connections } = options;
  let isStopping = false;
  const ids = new RequestIds();
  const corks = new Corks();
  const keepAlive = new KeepAlive(KEEP_ALIVE_MS);
  const pushes = new PushedSubscriptions(bounds.responseMaxBytes);
  const operations = makeServer<Record<string, unknown> | undefined, SocketExtra>({
    connectionInitWaitTimeout: options.initWithinMs,
    onConnect: (ctx) => admitSocket(ctx, accounts, limits, unread),
    execute: (args) => (args.rootValue as Engine).execute(args),
    subscribe: (args) => (args.rootValue as Engine).subscribe(args),
    onSubscribe: (ctx, id, params) =>
      prepareOperation(options, ctx, { params, text: ctx.extra.takeText(id) }, ids.next(ctx.extra.socket)),
    onOperation: (ctx, id, _params, args, result) =>
      isAsyncIterable(result) ? pushes.of(ctx.extra, id, args, result) : undefined,
    onNext: ({ extra }, id, _params, { contextValue }, result) => {
      const errors = result.errors?.map(shownError);
      const shown = { ...(result as FormattedExecutionResult), ...(errors && { errors }) };
      return extra.large.hold(id, shown, (contextValue as GraphQLContext).resultSize);
    },
    onError: (_ctx, _id, _params, errors) => errors.map(shownError),
  });
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_MESSAGE_BYTES,
    // One message in a turn of the event loop, so that others do not wait for all that a client has sent at once.
    allowSynchronousEvents: false,
    handleProtocols: chooseProtocol,
  });
  // What ws finds wrong with a handshake it would answer in HTML.
  sockets.on('wsClientError', ({ message }, socket) => refuseUpgrade(socket, notWebSocket(message)));
  server.on('upgrade', async (request, socket, head) => {
    if (!isForWebSocket(request)) return serveWithoutUpgrade(server, request, socket, head);
    const refusal =
      connections.refusalOfUpgrade(request, socket) ??
      (pathOf(request) === '/graphql' ? null : NOT_FOUND) ??
      hostRefusal(request, callers.hosts) ??
      originRefusal(request.headers, callers.origins) ??
      (isStopping ? STOPPING : null) ??
      (await handshakeRefusal(callers.addressOf(request), socket, limits)) ??
      (isStopping ? STOPPING : null);
    if (refusal) {
      const { status, code: error, message: cause } = refusal;
      log.info({ requestId: requestIdOf(request), status, error, cause }, 'socket refused');
      return refuseUpgrade(socket, refusal);
    }
    sockets.handleUpgrade(request, socket, head, (ws) => {
      const requestId = ids.next(ws);
      const begun = performance.now();
      metrics.wsConnectionsActive.inc();
      log.debug({ requestId }, 'socket opened');
      ws.once('close', (code) => {
        metrics.wsConnectionsActive.dec();
        log.debug({ requestId, code, ms: Math.round(performance.now() - begun) }, 'socket closed');
      });
      // An error of the caller, such as a message that is too large: ws closes the socket with the code for it.
      ws.on('error', (err) => log.debug({ requestId, err }, 'socket protocol error'));
      keepAlive.add(ws, socket);
      boundFrames(ws, limits.frameCounter(callers.addressOf(request)));
      serveSocket({
        ...{ socket: ws, request, server: operations, log },
        flow: new SocketFlow(ws, bounds.connectionMaxUnreadBytes, socket, corks),
        maxPings: bounds.socketMaxPings,
        onRefused: (bound) => refusals.count(bound, networkOf(callers.addressOf(request))),
      });
    });
  });
  return {
    stop: async () => {
      isStopping = true;
      await closeGracefully([...sockets.clients]);
      // A client that is asleep does not answer a close.
      const late = setTimeout(() => {
        for (const socket of sockets.clients) socket.terminate();
      }, CLOSE_WITHIN_MS);
      await new Promise<void>((resolve) => sockets.close(() => resolve()));
      clearTimeout(late);
    },
  };
}

const NOT_FOUND: Refusal = { status: 404, code: 'NOT_FOUND', message: 'WebSockets are served at /graphql.' };

function notWebSocket(fault: string): Refusal {
  return {
    status: 400,
    code: 'BAD_REQUEST',
    message: `This is not a handshake of a WebSocket (RFC 6455, 4.2.1): ${fault}.`,
    headers: { 'sec-websocket-version': '13' },
  };
}

const STOPPING: Refusal = {
  status: 503,
  code: 'SERVICE_UNAVAILABLE',
  message: 'This server is shutting down: connect again, to another one.',
};

type SocketBounds = Pick<Config, 'connectionMaxUnreadBytes' | 'socketMaxPings' | 'responseMaxBytes'>;

/** Ids for the log: a UUID for each socket, and for its operations that UUID with `.1`, `.2` and so on. */
class RequestIds {
  readonly #sockets = new WeakMap<WebSocket, { id: string; operations: number }>();

  next(socket: WebSocket): string {
    const known = this.#sockets.get(socket);
    if (known) return `${known.id}.${++known.operations}`;
    const id = uuidv7();
    this.#sockets.set(socket, { id, operations: 0 });
    return id;
  }
}
