import { EventSource } from 'eventsource';
import { backoff } from '../backoff.mjs';
import { EVENTS } from '../operations.mjs';

export function connect(server) {
  // #region resuming
  function listen(conversationId, after, onEvent, onEnd) {
    const url = new URL('/graphql', server);
    url.searchParams.set('query', EVENTS);
    url.searchParams.set('variables', JSON.stringify({ conversationId, after }));
    // After a lost connection it reconnects by itself, with the id of the last event in Last-Event-ID.
    const source = new EventSource(url);
    let cursor = after;
    let faults = null;
    let stop = () => source.close();
    source.addEventListener('next', ({ data, lastEventId }) => {
      const result = JSON.parse(data);
      faults = result.errors ?? null;
      if (result.data) onEvent(result.data.conversationEvents);
      cursor = lastEventId || cursor;
    });
    source.addEventListener('complete', () => {
      source.close();
      if (faults?.[0].extensions?.resumable) again();
      else onEnd(faults);
    });
    // It gives up when the response is not a stream, as that of a server that restarts.
    source.addEventListener('error', () => source.readyState === source.CLOSED && again());
    return () => stop();

    function again() {
      const waiting = setTimeout(() => (stop = listen(conversationId, cursor, onEvent, onEnd)), backoff(0));
      stop = () => clearTimeout(waiting);
    }
  }
  // #endregion

  async function request(query, variables) {
    const response = await fetch(`${server}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    const { data, errors } = await response.json();
    if (errors) throw new Error(JSON.stringify(errors));
    return data;
  }

  return { listen, request, close() {} };
}
