import { createClient } from 'graphql-ws';
import relay from 'relay-runtime';
import { WebSocket } from 'ws';
import { backoff } from '../backoff.mjs';
import conversation from '../relay/artifacts/documentsConversationQuery.graphql.js';
import create from '../relay/artifacts/documentsCreateMutation.graphql.js';
import events from '../relay/artifacts/documentsEventsSubscription.graphql.js';
import page from '../relay/artifacts/documentsPageQuery.graphql.js';
import send from '../relay/artifacts/documentsSendMutation.graphql.js';

const { Environment, Network, Observable, RecordSource, Store } = relay;
const { commitMutation, fetchQuery, requestSubscription } = relay;

export function connect(server) {
  // #region resuming
  const socket = createClient({
    url: `${server.replace(/^http/, 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: Number.POSITIVE_INFINITY,
    retryWait: (attempt) => new Promise((resolve) => setTimeout(resolve, backoff(attempt))),
    shouldRetry: () => true,
  });

  // Relay's variables do not change: the network layer sends a copy, with its values at that time.
  function subscribe({ text: query }, { ...variables }) {
    return Observable.create((sink) => {
      let fault;
      let stop;
      const next = (result) => {
        fault = result.errors?.[0] ?? null;
        if (fault?.extensions?.resumable) return;
        sink.next(result);
        variables.after = result.data?.conversationEvents?.cursor ?? variables.after;
      };
      const start = () => {
        fault = null;
        const error = (reason) => end(reason?.[0] ?? reason);
        stop = socket.subscribe({ query, variables }, { next, error, complete: () => end(fault) });
      };
      // The server has ended the subscription: resubscribe, or stop for good.
      const end = (reason) => {
        if (!reason?.extensions?.resumable) return reason ? sink.error(reason) : sink.complete();
        const waiting = setTimeout(start, backoff(0));
        stop = () => clearTimeout(waiting);
      };
      start();
      return () => stop();
    });
  }

  const environment = new Environment({
    network: Network.create(execute, subscribe),
    store: new Store(new RecordSource()),
  });

  function listen(conversationId, after, onEvent, onEnd) {
    const { dispose } = requestSubscription(environment, {
      subscription: events,
      variables: { conversationId, after },
      onNext: (data) => onEvent(data.conversationEvents),
      onCompleted: () => onEnd(null),
      onError: onEnd,
    });
    return dispose;
  }
  // #endregion

  async function execute({ text: query }, variables) {
    const response = await fetch(`${server}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return response.json();
  }

  function request(query, variables = {}) {
    const [kind, name] = query.trim().split(/\W+/, 2);
    if (kind === 'query') {
      const node = { Conversation: conversation, Page: page }[name];
      return fetchQuery(environment, node, variables, { fetchPolicy: 'network-only' }).toPromise();
    }
    const mutation = { Create: create, Send: send }[name];
    return new Promise((onCompleted, onError) =>
      commitMutation(environment, { mutation, variables, onCompleted, onError }),
    );
  }

  return { listen, request, close: () => socket.dispose() };
}
