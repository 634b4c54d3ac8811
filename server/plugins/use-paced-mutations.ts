import type { Plugin } from 'graphql-yoga';
import type { GraphQLContext } from '../graphql/context.ts';
import { LoopTurns } from '../limits/loop-turns.ts';
import { operationOf } from './operation.ts';

/** Starts a burst of mutations a few at a time, so that queries do not wait for all of them. One that is refused needs no turn. */
export function usePacedMutations(): Plugin {
  const turns = new LoopTurns();
  return {
    onExecute({ args }) {
      const { refusal } = args.contextValue as unknown as GraphQLContext;
      return !refusal && operationOf(args).type === 'mutation' ? turns.next() : undefined;
    },
  };
}
