import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { backoff } from '../backoff.mjs';
import { EVENTS } from '../operations.mjs';

export function connect(server) {
  // #region resuming
  const client = createClient({
    url: `${server.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (attempt) => new Promise((resolve) => setTimeout(resolve, backoff(attempt))),
    shouldRetry: () => true,
  });

  function listen(conversationId, after, onEvent, onEnd) {
    // Sent again, with its values at that time, when the client reconnects.
    const variables = { conversationId, after };
    let fault;
    let stop;
    const next = ({ data, errors }) => {
      fault = errors?.[0] ?? null;
      if (!data) return;
      onEvent(data.conversationEvents);
      variables.after = data.conversationEvents.cursor;
    };
    const start = () => {
      fault = null;
      const error = (reason) => end(reason?.[0] ?? reason);
      stop = client.subscribe({ query: EVENTS, variables }, { next, error, complete: () => end(fault) });
    };
    // The server has ended the subscription: resubscribe, or stop for good.
    const end = (reason) => {
      if (!reason?.extensions?.resumable) return onEnd(reason);
      const waiting = setTimeout(start, backoff(0));
      stop = () => clearTimeout(waiting);
    };
    start();
    return () => stop();
  }
  // #endregion

  async function request(query, variables) {
    const { value } = await client.iterate({ query, variables }).next();
    if (value.errors) throw new Error(JSON.stringify(value.errors));
    return value.data;
  }

  return { listen, request, close: () => client.dispose() };
}
