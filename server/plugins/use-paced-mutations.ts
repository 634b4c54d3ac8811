import type { Plugin } from 'graphql-yoga';
import { LoopTurns } from './loop-turns.ts';
import { operationOf } from './operation.ts';

/** Has a burst of mutations begin a few at a time, so that who reads meanwhile does not wait for all of them. */
export function usePacedMutations(): Plugin {
  const turns = new LoopTurns();
  return {
    onExecute({ args }) {
      return operationOf(args).type === 'mutation' ? turns.next() : undefined;
    },
  };
}
