import { gql } from '@apollo/client';
import { defer, filter, retry, tap, throwError, timer } from 'rxjs';
import { backoff } from '../backoff.mjs';
import { EVENTS } from '../operations.mjs';

/** A program with an Apollo Client, for any link for subscriptions. */
export function useApollo(client) {
  // #region resuming
  function listen(conversationId, after, onEvent, onEnd) {
    let fault;
    // Each attempt is a new subscription, with the newest cursor.
    const events = defer(() => {
      fault = null;
      return client.subscribe({
        query: gql(EVENTS),
        variables: { conversationId, after },
        fetchPolicy: 'no-cache',
      });
    }).pipe(
      // Apollo passes an error as a value, and then completes.
      tap({
        next: ({ error }) => {
          fault = error ?? null;
        },
        complete: () => {
          if (fault) throw fault;
        },
      }),
      filter(({ data }) => data),
      retry({
        resetOnSuccess: true,
        delay: ({ errors }, attempt) =>
          errors && !errors[0].extensions?.resumable ? throwError(() => fault) : timer(backoff(attempt - 1)),
      }),
    );
    const subscription = events.subscribe({
      next({ data }) {
        onEvent(data.conversationEvents);
        after = data.conversationEvents.cursor;
      },
      error: onEnd,
      complete: () => onEnd(null),
    });
    return () => subscription.unsubscribe();
  }
  // #endregion

  async function request(query, variables) {
    const document = gql(query);
    const isMutation = document.definitions[0].operation === 'mutation';
    const { data } = await (isMutation
      ? client.mutate({ mutation: document, variables })
      : client.query({ query: document, variables, fetchPolicy: 'network-only' }));
    return data;
  }

  return { listen, request, close: () => client.stop() };
}
