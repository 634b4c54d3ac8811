import SchemaBuilder, { BasePlugin, type PothosOutputFieldConfig, type SchemaTypes } from '@pothos/core';
import type { GraphQLFieldResolver } from 'graphql';
import type { MutationKind } from '../limits/limits.ts';
import type { GraphQLContext } from './context.ts';

const NAME = 'mutationLimits';

declare global {
  export namespace PothosSchemaTypes {
    export interface Plugins<Types extends SchemaTypes> {
      mutationLimits: MutationLimitsPlugin<Types>;
    }
  }
}

/** The mutations that have limits of their own; all others share one. */
const KINDS: Record<string, MutationKind> = {
  createConversation: 'message',
  sendMessage: 'message',
  editMessage: 'message',
  regenerateAnswer: 'message',
  reportActivity: 'activity',
  ingestInference: 'telemetry',
};

/**
 * Counts every mutation before it is done, each field of an operation by itself. Beyond a limit it throws a RateLimitedError,
 * which the plugin of errors returns as data.
 */
class MutationLimitsPlugin<Types extends SchemaTypes> extends BasePlugin<Types> {
  override wrapResolve(
    resolver: GraphQLFieldResolver<unknown, Types['Context'], object>,
    { kind, name }: PothosOutputFieldConfig<Types>,
  ): GraphQLFieldResolver<unknown, Types['Context'], object> {
    if (kind !== 'Mutation') return resolver;
    return async (root, args, context, info) => {
      const { limits, viewer: owner, address, refusal } = context as unknown as GraphQLContext;
      if (refusal) throw refusal;
      await limits.countMutation(KINDS[name] ?? 'mutation', { owner, address });
      return resolver(root, args, context, info);
    };
  }
}

SchemaBuilder.registerPlugin(NAME, MutationLimitsPlugin);

export default NAME;
