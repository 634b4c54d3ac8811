import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import { onResponseEnd } from '../transport/streams/response-end.ts';
import type { StreamedContext } from '../transport/streams/streamed-operation.ts';

/**
 * Ends a subscription over HTTP when its response ends: written, refused, or abandoned by its caller, who may disconnect
 * before the subscription is open. A subscription whose results go into another response ends with that one. Yoga ends
 * only subscriptions whose response it has begun to stream.
 */
export function useResponseLifetime(): Plugin {
  return {
    onSubscribe: ({ args }) => ({
      onSubscribeResult({ result }) {
        const { req, res, operation } = args.contextValue as StreamedContext & Exchange;
        if (!isAsyncIterable(result)) return;
        const results = result as AsyncIterable<ExecutionResult>;
        if (operation) operation.own(results);
        else if (req && res) endWith(req, res, results);
      },
    }),
  };
}

interface Exchange {
  req?: IncomingMessage;
  res?: ServerResponse;
}

function endWith(request: IncomingMessage, response: ServerResponse, results: AsyncIterable<unknown>): void {
  onResponseEnd(request, response, () => {
    // The caller has disconnected: nobody reads an error, and it must not end the process.
    results[Symbol.asyncIterator]()
      .return?.()
      ?.catch(() => {});
  });
}
