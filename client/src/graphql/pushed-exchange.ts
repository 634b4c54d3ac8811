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
 * Gives the cache one subscription result that arrived outside of urql. The cache's updaters for the document's field run
 * once, within a microtask or two; nothing is sent. Feeds are followed by a loop of their own (see live/), because most of
 * their events are tokens, which the cache must never see.
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

/** Answers what {@link push} pushes, and belongs behind the cache. It sends nothing anywhere. */
export const pushedExchange = subscriptionExchange({
  forwardSubscription: (_request, operation) => ({
    subscribe(sink) {
      sink.next(operation.context[PUSHED]);
      sink.complete();
      return { unsubscribe() {} };
    },
  }),
});
