import type { Plugin } from 'graphql-yoga';
import type { GraphQLContext } from '../graphql/context.ts';
import type { CallersShares } from '../limits/callers-shares.ts';
import { operationOf } from './operation.ts';

/**
 * Runs at most so many queries of one caller at once, over all of their connections, and within their share of the time
 * while the server is busy ({@link CallersBudget}). The others wait in order, and those whose connection has closed
 * meanwhile are not run: reading and writing megabytes is work that no other caller should wait for. Mutations are paced by
 * themselves.
 */
export function useCallersShare(shares: CallersShares): Plugin {
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      if (operationOf(args).type !== 'query') return;
      const context = args.contextValue as unknown as GraphQLContext & Connection;
      setExecuteFn(async (given) => {
        const { limit, budget } = shares.of(context.viewer);
        const operation = async () => (isGone(context) ? NOT_RUN : executeFn(given));
        const usedMs = () => context.resultSize.estimatedMs;
        // Those that are not run do not wait for the budget either, nor count in it.
        return limit(() => (isGone(context) ? NOT_RUN : budget.run(operation, usedMs)));
      });
    },
  };
}

const NOT_RUN = { data: null };

/** What the transport passes on of an operation: a WebSocket, or a response of HTTP. */
interface Connection {
  socket?: { readyState: number; OPEN: number };
  res?: { closed: boolean };
}

function isGone({ socket, res }: Connection): boolean {
  return socket ? socket.readyState !== socket.OPEN : res?.closed === true;
}
