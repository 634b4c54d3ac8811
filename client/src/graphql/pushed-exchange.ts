import {
  type AnyVariables,
  type Client,
  createRequest,
  type ExecutionResult,
  subscriptionExchange,
  type TypedDocumentNode,
} from '@urql/core';

const PUSHED = 'pushed';
let pushes = 0;

/**
 * Passes the cache one subscription result that arrived outside of urql. The cache's updaters for the document's field run
 * once, within a microtask or two; nothing is sent. Feeds are followed outside of urql (see live/), because most of their
 * events are tokens, which do not belong in the cache.
 */
export function push<Data extends Record<string, unknown>, Variables extends AnyVariables>(
  client: Client,
  document: TypedDocumentNode<Data, Variables>,
  variables: Variables,
  data: Data,
): Promise<void> {
  pushes += 1;
  // A key of its own: urql lets operations of the same key share one result.
  const request = { ...createRequest(document, variables), key: -pushes };
  const result: ExecutionResult = { data, hasNext: false };
  return client
    .executeSubscription(request, { [PUSHED]: result })
    .toPromise()
    .then(() => undefined);
}

/** Returns the results of {@link push} as those of a subscription. It belongs behind the cache, and sends nothing. */
export const pushedExchange = subscriptionExchange({
  forwardSubscription: (_request, operation) => ({
    subscribe(sink) {
      sink.next(operation.context[PUSHED]);
      sink.complete();
      return { unsubscribe() {} };
    },
  }),
});
