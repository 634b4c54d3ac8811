import type { Plugin } from 'graphql-yoga';
import { LoopTurns } from './loop-turns.ts';
import { operationOf } from './operation.ts';

/** How many mutations begin in one turn of the event loop: one takes about a millisecond of it. */
const MUTATIONS_PER_TURN = 1;

/** Has a burst of mutations begin a few at a time, so that who reads meanwhile does not wait for all of them. */
export function usePacedMutations(): Plugin {
  const turns = new LoopTurns(MUTATIONS_PER_TURN);
  return {
    onExecute({ args }) {
      return operationOf(args).type === 'mutation' ? turns.next() : undefined;
    },
  };
}
