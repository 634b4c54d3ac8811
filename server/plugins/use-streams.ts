import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin, processRegularResult } from 'graphql-yoga';
import type { GraphQLContext } from '../graphql/context.ts';
import type { Delivered } from '../graphql/delivered.ts';
import { accepts } from '../transport/streams/accepts.ts';
import { formatFor } from '../transport/streams/choose-format.ts';
import { singleResponse, streamResponse } from '../transport/streams/stream-response.ts';
import type { StreamedContext } from '../transport/streams/streamed-operation.ts';

const JSON_TYPE = 'application/graphql-response+json';
const JSON_TYPES = [JSON_TYPE, 'application/json'];

/**
 * Writes results over HTTP as streams: those of a subscription, and single ones if JSON is not accepted. Yoga's own
 * writer gives events no ids, and names a content encoding that does not exist. An operation of the single connection
 * mode writes its results to its stream; if it is refused before it is executed, it is answered in its own response.
 */
export function useStreams(): Plugin {
  const subscriptions = new WeakMap<Request, Delivered>();
  return {
    onSubscribe({ args }) {
      const { request, delivered } = args.contextValue as Partial<GraphQLContext> & { request?: Request };
      if (request && delivered) subscriptions.set(request, delivered);
    },
    onResultProcess({ request, result, setResultProcessor, serverContext }) {
      const delivered = subscriptions.get(request);
      const takeCursor = () => delivered?.take() ?? null;
      const { operation } = serverContext as StreamedContext;
      if (operation) {
        if (Array.isArray(result) || !operation.isExecuted) {
          operation.end();
          return setResultProcessor(processRegularResult, JSON_TYPE);
        }
        void operation.run(result as ExecutionResult | AsyncIterable<ExecutionResult>, takeCursor);
        return setResultProcessor((_, { Response }) => new Response(null, { status: 202 }), JSON_TYPE);
      }
      const accept = request.headers.get('accept');
      const format = formatFor(accept);
      if (!format || Array.isArray(result)) return;
      if (isAsyncIterable(result)) {
        const results = result as AsyncIterable<ExecutionResult>;
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
