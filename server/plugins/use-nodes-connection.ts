import type { Plugin } from 'graphql-yoga';

/**
 * Leaves the `Connection` header to Node, which knows whether the connection goes on. Yoga promises that it does with every
 * stream; a client that asked for its end, or whose server drains, then sends its next request in vain.
 */
export function useNodesConnection(): Plugin {
  return { onResponse: ({ response }) => response.headers.delete('connection') };
}
