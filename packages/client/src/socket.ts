import { type Client, createClient } from 'graphql-ws/client';
import { backoff } from './backoff.ts';
import { ConnectionStatus } from './connection-status.ts';
import type { Pause } from './pause.ts';

/** Close code of a socket that this page has closed, because it did not need it any more. */
const NORMAL = 1000;
/** Close code of a server that shuts down in good order: another one is ready to take over (RFC 6455, 7.4.1). */
const GOING_AWAY = 1001;
/** Close codes of a server that does not accept the token: not at all, or not any more. */
const UNAUTHORIZED = 4401;
const FORBIDDEN = 4403;
const PING_EVERY_MS = 10_000;
const PONG_WITHIN_MS = 5_000;

/** By whose right a socket is opened. */
export interface SocketAuthority {
  /** The value of an `Authorization` header; null: none is needed. Nothing is opened before it is known. */
  authorization(): Promise<string | null>;
  /** Called when the server has not accepted it, or does not accept it any more. */
  refused(authorization: string | null): void;
}

/** Has the socket of a client go on with another token. Resolves to whether the server agrees; never rejects. */
export type RenewOver = (client: Pick<Client, 'subscribe'>, token: string) => Promise<boolean>;

/** One WebSocket for all subscriptions of the page, opened by the first of them. */
export interface Socket {
  readonly client: Client;
  readonly status: ConnectionStatus;
  /** Calls `listener` each time the connection is established again after it was lost. Returns a function that stops this. */
  onReconnected(listener: () => void): () => void;
  /** Has an open socket go on with another token, before its own ends. A socket that is not open begins with it anyway. */
  renew(token: string): void;
  /** Closes the socket for good. */
  stop(): Promise<void>;
}

/**
 * A graphql-transport-ws client that never gives up: it reconnects with jittered back-off, or at once when the browser comes
 * online, the server has shut down with 1001 (the server spreads the reconnects) or the token has expired (4403), and drops
 * a socket when a ping gets no pong for 5 s. `page` is the window, for its `online` and `offline` events; `webSocketImpl`
 * replaces the global `WebSocket`.
 */
export function createSocket(options: {
  url: string;
  authority: SocketAuthority;
  page: EventTarget;
  pause: Pause;
  /** How {@link Socket.renew} is done; unless given, by another connection. */
  renewOver?: RenewOver;
  webSocketImpl?: unknown;
}): Socket {
  const { authority, pause, page } = options;
  const status = new ConnectionStatus();
  let authorization: string | null = null;
  let newest: string | null = null;
  let lastCode = 0;
  let isConnected = false;
  let isStopped = false;
  let pongTimer: ReturnType<typeof setTimeout> | undefined;

  /** Never rejects, because graphql-ws would not notice it, and never resolves once the socket is stopped. */
  const authorizedUrl = async (): Promise<string> => {
    for (let attempt = 0; !isStopped; attempt += 1) {
      try {
        authorization = await authority.authorization();
        if (!isStopped) return options.url;
      } catch {
        await pause(backoff(attempt));
      }
    }
    return new Promise(() => {});
  };

  const renewIfOutdated = async () => {
    const token = newest;
    if (!isConnected || token === null || authorization === `Bearer ${token}`) return;
    if (await options.renewOver?.(client, token)) authorization = `Bearer ${token}`;
    // A new connection begins with the new token.
    else client.terminate();
  };

  const client = createClient({
    url: authorizedUrl,
    connectionParams: () => (authorization === null ? undefined : { authorization }),
    webSocketImpl: options.webSocketImpl && neverThrows(options.webSocketImpl as typeof WebSocket),
    lazyCloseTimeout: 3_000,
    keepAlive: PING_EVERY_MS,
    connectionAckWaitTimeout: 10_000,
    retryAttempts: Number.POSITIVE_INFINITY,
    shouldRetry: () => true,
    retryWait: async (retries) => {
      const isReady = lastCode === GOING_AWAY || lastCode === FORBIDDEN;
      if (retries > 0 || !isReady) await pause(backoff(retries));
    },
    on: {
      connecting: () => status.down(),
      connected: () => {
        isConnected = true;
        status.up();
        void renewIfOutdated();
      },
      closed: (event) => {
        isConnected = false;
        lastCode = codeOf(event);
        if (lastCode === UNAUTHORIZED || lastCode === FORBIDDEN) authority.refused(authorization);
        clearTimeout(pongTimer);
        // Nothing is subscribed: the next subscription opens it again.
        if (lastCode === NORMAL) status.stop();
        else status.down();
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
  page.addEventListener('offline', onOffline);

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
    renew(token) {
      newest = token;
      void renewIfOutdated();
    },
    async stop() {
      isStopped = true;
      page.removeEventListener('offline', onOffline);
      clearTimeout(pongTimer);
      const disposed = Promise.resolve(client.dispose()).catch(() => {});
      // What is not connected yet may never be.
      if (isConnected) await disposed;
      status.stop();
    },
  };
}

function codeOf(event: unknown): number {
  return typeof event === 'object' && event !== null && 'code' in event && typeof event.code === 'number'
    ? event.code
    : 0;
}

/**
 * The package `ws` throws out of reach of every caller when a socket that is being opened is closed and nothing listens for its
 * errors; graphql-ws removes its own listener when it terminates one.
 */
function neverThrows(Implementation: typeof WebSocket): typeof WebSocket {
  return class extends Implementation {
    // A field, which is less to transfer than a constructor.
    readonly heard = this.addEventListener('error', () => {});
  };
}
