import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { GraphQLContext } from '../graphql/context.ts';
import type { Delivered } from '../graphql/delivered.ts';
import { accepts } from '../transport/accepts.ts';
import { formatFor } from '../transport/choose-format.ts';
import { singleResponse, streamResponse } from '../transport/stream-response.ts';

const JSON_TYPES = ['application/graphql-response+json', 'application/json'];

/**
 * Writes results over HTTP as streams: those of a subscription, and single ones where JSON is not accepted. Yoga's own
 * writer gives events no ids, and names a content encoding that does not exist.
 */
export function useStreams(): Plugin {
  const subscriptions = new WeakMap<Request, Delivered>();
  return {
    onSubscribe({ args }) {
      const { request, delivered } = args.contextValue as Partial<GraphQLContext> & { request?: Request };
      if (request && delivered) subscriptions.set(request, delivered);
    },
    onResultProcess({ request, result, setResultProcessor }) {
      const accept = request.headers.get('accept');
      const format = formatFor(accept);
      if (!format || Array.isArray(result)) return;
      const delivered = subscriptions.get(request);
      if (isAsyncIterable(result)) {
        const results = result as AsyncIterable<ExecutionResult>;
        const takeCursor = () => delivered?.take() ?? null;
        setResultProcessor(
          (_, fetchAPI) => streamResponse(results, format, takeCursor, fetchAPI),
          format.type,
        );
      } else if (!accepts(accept, JSON_TYPES)) {
        setResultProcessor((_, fetchAPI) => singleResponse(result, format, fetchAPI), format.type);
      }
    },
  };
}
