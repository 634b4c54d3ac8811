import type { ConnectionState } from './connection-status.ts';
import { Conversation } from './conversation.ts';
import { browserStorage, keptIn, type TextStorage } from './kept-in.ts';
import { conversationsWithItems, keptItems } from './kept-items.ts';
import { execute, type Outcome } from './operation.ts';
import { Outbox } from './outbox.ts';
import { pauseUntilOnline } from './pause.ts';
import { sendOver } from './send-over.ts';
import { createSocket } from './socket.ts';
import { uuid } from './uuid.ts';

/** What {@link connect} needs. */
export interface ConnectOptions {
  /** The GraphQL endpoint, such as `https://chat.example.com/graphql`; also with `ws:` or `wss:`. */
  url: string;
  /**
   * The token, as it stands after `Bearer`; unless given, none is sent. A function is called before each connection, and again
   * when its token was refused; while it rejects, it is called again with back-off.
   */
  token?: string | (() => string | Promise<string>);
  /** Called each time when the server has refused the token. */
  onUnauthorized?(): void;
  /**
   * Where messages are kept until the server has accepted them: `localStorage` unless given, where there is one; null: only
   * in memory.
   */
  storage?: TextStorage | null;
  /** The user, where several use one storage: no one sends what another has left. */
  owner?: string;
  /** What fires `online` and `offline`: the window unless given, where there is one. After `online` no back-off is waited for. */
  network?: EventTarget;
  /** For Node before version 22, which has none: the `WebSocket` of the package `ws`. */
  webSocketImpl?: unknown;
}

/** A connection to a TaskFlow server. */
export interface TaskFlow {
  /** A conversation; for the same id, the same object. */
  conversation(id: string): Conversation;
  /**
   * Executes a query or a mutation of the API over the same connection, for what has no method here, such as earlier messages. One
   * whose connection is lost is executed again: give a mutation its `clientRequestId`, where it takes one. Never rejects;
   * without `data` and without `errors`, the server did not answer. Not after {@link close}.
   */
  request<Data = Record<string, unknown>>(
    query: string,
    variables?: Record<string, unknown>,
  ): Promise<Outcome<Data>>;
  /** The state of the connection: a store. */
  readonly status: { getSnapshot(): ConnectionState; subscribe(listener: () => void): () => void };
  /** Closes the connection for good. What is not accepted yet is sent at the next {@link connect}. */
  close(): Promise<void>;
}

/**
 * Connects to a server: one WebSocket for all conversations, which is opened when it is first needed. It never gives up. What
 * an earlier visit has left in the storage is sent at once.
 */
export function connect(options: ConnectOptions): TaskFlow {
  const { token } = options;
  const page = options.network ?? (typeof window === 'undefined' ? new EventTarget() : window);
  const pause = pauseUntilOnline(page);
  const socket = createSocket({
    ...{ url: options.url.replace(/^http/, 'ws'), page, pause, webSocketImpl: options.webSocketImpl },
    authority: {
      async authorization() {
        const value = typeof token === 'function' ? await token() : token;
        return value === undefined ? null : `Bearer ${value}`;
      },
      refused: () => options.onUnauthorized?.(),
    },
  });
  const storage = options.storage === undefined ? browserStorage() : options.storage;
  const kept = storage && keptIn(storage, `taskflow.${encodeURIComponent(options.owner ?? '')}.`);
  const conversations = new Map<string, Conversation>();

  const conversation = (id: string): Conversation => {
    const known = conversations.get(id);
    if (known) return known;
    const send = sendOver(socket.client, id, pause);
    const outbox = new Outbox(send, uuid, kept ? keptItems(kept, id) : null);
    const opened = new Conversation(id, { socket: socket.client, status: socket.status, outbox, pause });
    conversations.set(id, opened);
    return opened;
  };

  if (kept) for (const id of conversationsWithItems(kept)) conversation(id);
  return {
    conversation,
    request: (query, variables = {}) => execute(socket.client, undefined, query, variables),
    status: socket.status,
    close: socket.stop,
  };
}
