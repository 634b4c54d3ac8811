import { Client, fetchExchange, subscriptionExchange } from '@urql/core';
import { createClient } from 'graphql-ws';
import { onEnd as atEnd, pipe, subscribe } from 'wonka';
import { WebSocket } from 'ws';
import { backoff } from '../backoff.mjs';
import { EVENTS } from '../operations.mjs';

export function connect(server) {
  // #region resuming
  const socket = createClient({
    url: `${server.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    // A subscription ends with its connection, and is started again below, with the newest cursor.
    retryAttempts: 0,
  });
  const client = new Client({
    url: `${server}/graphql`,
    preferGetMethod: false,
    exchanges: [
      fetchExchange,
      subscriptionExchange({
        forwardSubscription: ({ query, variables }) => ({
          subscribe: (sink) => ({ unsubscribe: socket.subscribe({ query, variables }, sink) }),
        }),
      }),
    ],
  });

  function listen(conversationId, after, onEvent, onEnd) {
    let fault;
    let attempt = 0;
    let stop;
    const start = () => {
      fault = null;
      const { unsubscribe } = pipe(
        client.subscription(EVENTS, { conversationId, after }),
        atEnd(() => end(fault)),
        subscribe(({ data, error, hasNext }) => {
          fault = error ?? null;
          // With an error, and when the subscription ends, urql passes the previous event again.
          if (error || !hasNext) return;
          attempt = 0;
          onEvent(data.conversationEvents);
          after = data.conversationEvents.cursor;
        }),
      );
      stop = unsubscribe;
    };
    const end = (reason) => {
      const isWorthIt = reason?.networkError || reason?.graphQLErrors[0]?.extensions?.resumable;
      if (!isWorthIt) return onEnd(reason);
      const waiting = setTimeout(start, backoff(attempt++));
      stop = () => clearTimeout(waiting);
    };
    start();
    return () => stop();
  }
  // #endregion

  async function request(query, variables) {
    const isMutation = query.trimStart().startsWith('mutation');
    const { data, error } = await (isMutation
      ? client.mutation(query, variables)
      : client.query(query, variables, { requestPolicy: 'network-only' }));
    if (error) throw error;
    return data;
  }

  return { listen, request, close() {} };
}
