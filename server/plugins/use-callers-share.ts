import type { Plugin } from 'graphql-yoga';
import { LRUCache } from 'lru-cache';
import pLimit, { type LimitFunction } from 'p-limit';
import { ownerKey } from '../../core/domain/owner.ts';
import type { GraphQLContext } from '../graphql/context.ts';
import { CallersBudget } from './callers-budget.ts';
import { operationOf } from './operation.ts';

/**
 * Runs at most so many queries of one caller at once, over all of their connections, and within their share of the time
 * while the server is busy ({@link CallersBudget}). The others wait in order, and those whose connection has closed
 * meanwhile are not run: reading and writing megabytes is work that no other caller should wait for. Mutations are paced by
 * themselves.
 */
export function useCallersShare(atOnce: number): Plugin {
  const callers = new LRUCache<string, { limit: LimitFunction; budget: CallersBudget }>({
    max: CALLERS_KNOWN,
  });
  return {
    onExecute({ args, executeFn, setExecuteFn }) {
      if (operationOf(args).type !== 'query') return;
      const context = args.contextValue as unknown as GraphQLContext & Connection;
      const key = ownerKey(context.viewer);
      setExecuteFn(async (given) => {
        const caller = callers.get(key) ?? { limit: pLimit(atOnce), budget: new CallersBudget(BUDGET) };
        callers.set(key, caller);
        const { limit, budget } = caller;
        const operation = async () => (isGone(context) ? NOT_RUN : executeFn(given));
        const usedMs = () => context.resultSize.estimatedMs;
        // Those that are not run do not wait for the budget either, nor count in it.
        return limit(() => (isGone(context) ? NOT_RUN : budget.run(operation, usedMs)));
      });
    },
  };
}

/** Those that called last. One who is dropped begins with a whole budget. */
const CALLERS_KNOWN = 10_000;
/** While the server is busy. A page of 50 messages takes about 7 ms. */
const BUDGET = { share: 0.2, burstMs: 500 };

const NOT_RUN = { data: null };

/** What the transport passes on of an operation: a WebSocket, or a response of HTTP. */
interface Connection {
  socket?: { readyState: number; OPEN: number };
  res?: { closed: boolean };
}

function isGone({ socket, res }: Connection): boolean {
  return socket ? socket.readyState !== socket.OPEN : res?.closed === true;
}
