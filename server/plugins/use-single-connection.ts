import { GraphQLError } from 'graphql';
import type { Plugin } from 'graphql-yoga';
import type { StreamedContext } from '../transport/streams/streamed-operation.ts';

/** Gives an operation of the single connection mode the id that its client chose, and records that it was executed. */
export function useSingleConnection(): Plugin {
  const executed = ({ args }: { args: { contextValue?: unknown } }) => {
    const { operation } = args.contextValue as StreamedContext;
    if (operation) operation.isExecuted = true;
  };
  return {
    onParams({ params, context }) {
      const { operation } = context as StreamedContext;
      if (!operation) return;
      const id: unknown = params.extensions?.operationId;
      if (typeof id !== 'string' || id === '') throw noId();
      if (!operation.begin(id)) throw idInUse();
    },
    onExecute: executed,
    onSubscribe: executed,
  };
}

function noId(): GraphQLError {
  return new GraphQLError(
    'An operation whose results go into a stream needs a string in "extensions.operationId".',
    {
      extensions: { code: 'BAD_REQUEST', http: { status: 400 } },
    },
  );
}

function idInUse(): GraphQLError {
  return new GraphQLError('Another operation of the stream has this "operationId".', {
    extensions: { code: 'CONFLICT', http: { status: 409 } },
  });
}
