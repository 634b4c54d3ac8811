import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { isAsyncIterable, type Plugin } from 'graphql-yoga';
import type { StreamedContext } from '../transport/streams/streamed-operation.ts';

/**
 * Ends a subscription over HTTP with its response, however that ends: written, refused, or left by its caller, who may be
 * gone before the subscription is open; or with the stream into which its results go, where that is another response. Yoga returns the results of those responses alone that it has begun to stream.
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

function endWith(
  { socket }: IncomingMessage,
  response: ServerResponse,
  results: AsyncIterable<unknown>,
): void {
  const end = () => {
    response.off('close', end);
    socket.off('close', end);
    // Its caller is gone: a failure to end has no reader, and must not end the process.
    results[Symbol.asyncIterator]()
      .return?.()
      ?.catch(() => {});
  };
  if (response.closed || response.destroyed || socket.destroyed) return end();
  response.once('close', end);
  // A response that waits for one before it on the same connection (HTTP pipelining) is not closed with the connection.
  socket.once('close', end);
}
