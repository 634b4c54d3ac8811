import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { Owner } from '../../core/domain/owner.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { type LargeData, partsOf, responseInParts, withStandIn } from '../transport/streams/large-result.ts';

/**
 * Writes large results over HTTP in parts, each when there is room for it: the others have their turn between them, and what
 * a caller does not read is not made. It must be before plugins that make responses.
 */
export function useLargeResults(
  /** Counts bytes as unread by a caller until the returned function is called. */
  unread: { track(caller: Owner, bytes: () => number): () => void },
): Plugin {
  const contexts = new WeakMap<Request, GraphQLContext>();
  const large = new WeakMap<Request, LargeData>();
  return {
    onExecute({ args }) {
      const context = args.contextValue as unknown as GraphQLContext & { request?: Request };
      if (context.request) contexts.set(context.request, context);
    },
    onResultProcess({ request, result, setResult, serverContext }) {
      const size = contexts.get(request)?.resultSize;
      // One of a shared stream is written there.
      const isElsewhere = Array.isArray(result) || isAsyncIterable(result) || 'operation' in serverContext;
      if (isElsewhere || !size?.isLarge || !('data' in result) || !result.data) return;
      large.set(request, { data: result.data, size });
      setResult(withStandIn(result));
    },
    async onResponse({ request, response, setResponse, fetchAPI }) {
      const data = large.get(request);
      const viewer = contexts.get(request)?.viewer;
      if (!data || !viewer) return;
      const parts = partsOf(await response.text(), data, (bytes) => unread.track(viewer, bytes));
      setResponse(responseInParts(parts, response, fetchAPI));
    },
  };
}
