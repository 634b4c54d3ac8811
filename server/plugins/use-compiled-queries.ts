import type { Plugin } from 'graphql-yoga';
import type { GraphQLContext } from '../graphql/context.ts';

/**
 * Runs what the transport has found compiled. It must be the first plugin: what others do around an operation is done around
 * this, too.
 */
export function useCompiledQueries(): Plugin {
  return {
    onExecute({ args, setExecuteFn }) {
      const { compiled } = args.contextValue as unknown as GraphQLContext;
      if (compiled) setExecuteFn((given) => compiled.run(given));
    },
  };
}
