import { type Client, createClient } from 'graphql-ws';
import { backoff } from './backoff.ts';
import { ConnectionStatus } from './connection-status.ts';
import type { Pause } from './pause.ts';

/** Close code of a server that shuts down in good order: another one is ready to take over (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001;
const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 5_000;

/** One WebSocket for all subscriptions of the page, opened by the first of them. */
export interface Socket {
  readonly client: Client;
  readonly status: ConnectionStatus;
  /** Calls `listener` each time the connection is established again after it was lost. Returns a function that stops this. */
  onReconnected(listener: () => void): () => void;
  /** Closes the socket for good. */
  stop(): Promise<void>;
}

/**
 * A graphql-transport-ws client that never gives up: it reconnects with jittered back-off, or at once when the browser comes
 * online or the server has shut down with 1001 (the server spreads the reconnects), and drops a socket when a ping gets no
 * pong for 5 s. `page` is the window, for its `online` and `offline` events; `webSocketImpl` is for tests.
 */
export function createSocket(options: {
  url: string;
  page: EventTarget;
  pause: Pause;
  webSocketImpl?: unknown;
}): Socket {
  const status = new ConnectionStatus();
  let lastCode = 0;
  let pongTimer: ReturnType<typeof setTimeout> | undefined;

  const client = createClient({
    url: options.url,
    webSocketImpl: options.webSocketImpl,
    lazyCloseTimeout: 3_000,
    keepAlive: PING_EVERY_MS,
    connectionAckWaitTimeout: 10_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: async (retries) => {
      if (retries > 0 || lastCode !== GOING_AWAY) await options.pause(backoff(retries));
    },
    on: {
      connecting: () => status.down(),
      connected: () => status.up(),
      closed: (event) => {
        lastCode = codeOf(event);
        clearTimeout(pongTimer);
        status.down();
      },
      ping: (received) => {
        if (received) return;
        clearTimeout(pongTimer);
        pongTimer = setTimeout(() => client.terminate(), PONG_WITHIN_MS);
      },
      pong: (received) => {
        if (received) clearTimeout(pongTimer);
      },
    },
  });

  // A socket does not notice by itself that the network was lost.
  const onOffline = () => client.terminate();
  options.page.addEventListener('offline', onOffline);

  return {
    client,
    status,
    onReconnected(listener) {
      let lost = false;
      const offClosed = client.on('closed', () => {
        lost = true;
      });
      const offConnected = client.on('connected', () => {
        if (lost) listener();
        lost = false;
      });
      return () => {
        offClosed();
        offConnected();
      };
    },
    async stop() {
      options.page.removeEventListener('offline', onOffline);
      clearTimeout(pongTimer);
      await client.dispose();
      status.stop();
    },
  };
}

function codeOf(event: unknown): number {
  return typeof event === 'object' && event !== null && 'code' in event && typeof event.code === 'number'
    ? event.code
    : 0;
}
