import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import { accepts } from '../transport/accepts.ts';

/**
 * Refuses a subscription over HTTP whose caller does not accept server-sent events, before anything is subscribed. Left to
 * Yoga it would be answered with an empty 406, and its results wait for a reader for ever.
 */
export function useAcceptableSubscriptions(): Plugin {
  return {
    onSubscribe({ args, setResultAndStopExecution }) {
      const { request } = args.contextValue as { request?: Request };
      if (request && !accepts(request.headers.get('accept'), ['text/event-stream']))
        setResultAndStopExecution({ errors: [notAcceptable()] });
    },
  };
}

function notAcceptable(): GraphQLError {
  return new GraphQLError(
    'Over HTTP a subscription is answered as text/event-stream: accept that, or subscribe over WebSocket.',
    { extensions: { code: 'NOT_ACCEPTABLE', http: { status: 406 } } },
  );
}
