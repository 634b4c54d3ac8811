import { readFileSync } from 'node:fs';
import { makeExecutableSchema } from '@graphql-tools/schema';
import { heardOf } from './event.mjs';

/**
 * TaskFlow's own schema with one field that resolves: the events of a conversation. `subscribe` returns those that Redis
 * delivers, from `(conversationId, context)`.
 */
export function schemaWith(subscribe) {
  return makeExecutableSchema({
    typeDefs: readFileSync(new URL('../../../schema.graphql', import.meta.url), 'utf8'),
    resolvers: {
      Subscription: {
        conversationEvents: {
          subscribe: (_root, { conversationId }, context) => subscribe(conversationId, context),
          resolve: heardOf,
        },
      },
    },
  });
}
