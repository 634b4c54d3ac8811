import type { Plugin } from 'graphql-yoga';

/**
 * Leaves the `Connection` header to Node, which knows whether the connection stays open. Yoga sets keep-alive on every
 * stream; a client that asked to close the connection, or whose server is draining, would then lose its next request.
 */
export function useNodesConnection(): Plugin {
  return { onResponse: ({ response }) => response.headers.delete('connection') };
}
