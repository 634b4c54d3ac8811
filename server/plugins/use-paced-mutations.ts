import type { Plugin } from 'graphql-yoga';
import { LoopTurns } from './loop-turns.ts';
import { operationOf } from './operation.ts';

/** Starts a burst of mutations a few at a time, so that queries do not wait for all of them. */
export function usePacedMutations(): Plugin {
  const turns = new LoopTurns();
  return {
    onExecute({ args }) {
      return operationOf(args).type === 'mutation' ? turns.next() : undefined;
    },
  };
}
