import type { GraphQLSchema } from 'graphql';
import { builder } from '../builder.ts';
import { MAX_REPRESENTATIONS } from '../limits.ts';
import { ENTITY_NAMES, ENTITY_TYPES, readEntities } from './entities.ts';
import { schema } from './schema.ts';
import { subgraphSdl } from './subgraph-sdl.ts';
import { withPlainIds } from './with-plain-ids.ts';
import { withResultSize } from './with-result-size.ts';

let subgraph: GraphQLSchema | null = null;

/**
 * The schema as a subgraph of Apollo Federation 2: the same schema with `_service` and `_entities`. Both are fields like
 * any other, so the limits of operations apply to them.
 */
export function subgraphSchema(): GraphQLSchema {
  if (!subgraph) {
    // This changes the builder, which has built `schema` already.
    addRootFields(subgraphSdl(schema, ENTITY_NAMES));
    subgraph = withResultSize(withPlainIds(builder.toSchema()));
  }
  return subgraph;
}

function addRootFields(sdl: string): void {
  const Service = builder.objectRef<{ sdl: string }>('_Service').implement({
    description: 'The schema from which a supergraph is composed.',
    fields: (t) => ({
      sdl: t.exposeString('sdl', { nullable: true, description: 'This subgraph, with its directives.' }),
    }),
  });
  const Any = builder.scalarType('_Any', {
    description: 'An entity as another subgraph knows it: its `__typename` and its `id`.',
    serialize: (value) => value,
  });
  const Entity = builder.unionType('_Entity', {
    description: 'A type that other subgraphs can refer to.',
    types: ENTITY_TYPES,
  });
  builder.queryFields((t) => ({
    _service: t.field({
      type: Service,
      description: 'For the composition of a supergraph.',
      authScopes: { anyCaller: true },
      resolve: () => ({ sdl }),
    }),
    _entities: t.field({
      type: [Entity],
      nullable: { list: false, items: true },
      description:
        'For gateways: the entity of each representation, in their order; null where `node` would be null.',
      authScopes: { scope: 'CONVERSATIONS_READ' },
      args: {
        representations: t.arg({
          type: [Any],
          required: true,
          description: `At most ${MAX_REPRESENTATIONS}.`,
        }),
      },
      complexity: ({ representations }) => ({
        field: 1,
        // More are refused before any is read.
        multiplier: Math.min(representations.length, MAX_REPRESENTATIONS),
      }),
      resolve: (_root, { representations }, context, info) => readEntities(representations, context, info),
    }),
  }));
}
