import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { App } from '../core/app.ts';
import { isLoopback } from '../core/config.ts';
import { LOCAL_USER_ID } from '../core/conversation/owner.ts';
import { StartError } from '../core/run-process.ts';
import { createGraphQL } from './graphql-yoga.ts';
import { operationHandlers } from './operations.ts';
import { serveClient } from './transport/client-files.ts';
import { createHttpServer } from './transport/http.ts';
import { LOOPBACK_HOSTS } from './transport/origin.ts';
import { serveWebSocket } from './transport/websocket.ts';

export interface RunningServer {
  /** Where it listens, such as `http://127.0.0.1:4000`. */
  readonly url: string;
  /** Closes every socket with 1001 and lets requests finish for a moment; idempotent. */
  stop(): Promise<void>;
}

/** How long requests may still take once the server stops, in milliseconds. */
const DRAIN_MS = 2_000;

/**
 * Serves the API, GraphiQL, the web client, metrics and health.
 * @throws {StartError} when it cannot listen
 */
export async function startServer(app: App, clientDirectory: string): Promise<RunningServer> {
  const { config, log, database, feed, changes, models, turns, presence } = app;
  const services = { prisma: database.prisma, feed, changes, models, turns, presence };
  const graphql = createGraphQL({ services, viewer: { id: LOCAL_USER_ID, role: 'ADMIN' }, log });
  const allowedHosts = isLoopback(config.host) ? LOOPBACK_HOSTS : null;
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const server = createHttpServer({
    graphql,
    operations: operationHandlers({ registry, ready: app.ready }),
    client: serveClient(clientDirectory),
    allowedHosts,
  });
  const sockets = serveWebSocket({ server, graphql, allowedHosts, log });
  new Gauge({
    name: 'ws_connections_active',
    help: 'WebSocket connections that are open.',
    registers: [registry],
    collect() {
      this.set(sockets.connections);
    },
  });

  await listen(server, config.host, config.port);
  let stopping: Promise<void> | null = null;
  return {
    url: urlOf(server, config.host),
    stop: () => {
      stopping ??= (async () => {
        const closed = once(server, 'close');
        server.close();
        await sockets.stop();
        server.closeIdleConnections();
        const late = setTimeout(() => server.closeAllConnections(), DRAIN_MS);
        await closed;
        clearTimeout(late);
      })();
      return stopping;
    },
  };
}

async function listen(server: Server, host: string, port: number): Promise<void> {
  server.listen(port, host);
  try {
    await once(server, 'listening');
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = LISTEN_FAULTS[code ?? ''] ?? message;
    throw new StartError(`cannot listen on HOST ${host}, PORT ${port}: ${reason}`, { cause: error });
  }
}

const LISTEN_FAULTS: Record<string, string | undefined> = {
  EADDRINUSE: 'another program listens there',
  EACCES: 'that port needs more privileges',
  EADDRNOTAVAIL: 'this machine has no such address',
  ENOTFOUND: 'no such host',
};

function urlOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
