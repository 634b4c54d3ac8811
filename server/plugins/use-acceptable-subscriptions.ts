import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { formatFor } from '../transport/streams/choose-format.ts';
import type { StreamedContext } from '../transport/streams/streamed-operation.ts';

/**
 * Refuses a subscription over HTTP whose caller accepts no stream, before it is opened. Yoga would answer with an empty
 * 406, and leave the subscription open with nobody to read its results.
 */
export function useAcceptableSubscriptions(): Plugin {
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      const { request, operation } = args.contextValue as StreamedContext & { request?: Request };
      if (request && !operation && !formatFor(request.headers.get('accept')))
        setResultAndStopExecution({ errors: [notAcceptable()] });
    },
  };
}

function notAcceptable(): GraphQLError {
  return new GraphQLError(
    'Over HTTP a subscription is answered as text/event-stream or multipart/mixed;subscriptionSpec=1.0: accept one, or subscribe over WebSocket.',
    { extensions: { code: 'NOT_ACCEPTABLE', http: { status: 406 } } },
  );
}
