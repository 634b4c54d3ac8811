import { createClient } from 'graphql-sse';
import { backoff } from '../backoff.mjs';
import { EVENTS } from '../operations.mjs';

/** `singleConnection`: one stream for all operations; otherwise each operation has a stream of its own. */
export function connect(server, { singleConnection = false } = {}) {
  // #region resuming
  const client = createClient({
    url: `${server}/graphql`,
    singleConnection,
    retryAttempts: Number.POSITIVE_INFINITY,
    retry: (attempt) => new Promise((resolve) => setTimeout(resolve, backoff(attempt))),
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
