import type { GraphQLSchema } from 'graphql';
import { builder } from '../builder.ts';
import { MAX_REPRESENTATIONS } from '../limits.ts';
import { ENTITY_NAMES, ENTITY_TYPES, readEntities } from './entities.ts';
import { schema } from './schema.ts';
import { subgraphSdl } from './subgraph-sdl.ts';

let subgraph: GraphQLSchema | null = null;

/**
 * The schema as a subgraph of Apollo Federation 2: the same, with `_service` and `_entities`. They are fields like any
 * other, so that the limits of operations hold of them, too.
 */
export function subgraphSchema(): GraphQLSchema {
  if (!subgraph) {
    // After this the builder is one of a subgraph: `schema` has been built.
    addRootFields(subgraphSdl(schema, ENTITY_NAMES));
    subgraph = builder.toSchema();
  }
  return subgraph;
}

function addRootFields(sdl: string): void {
  const Service = builder.objectRef<{ sdl: string }>('_Service').implement({
    description: 'What a supergraph is composed of.',
    fields: (t) => ({
      sdl: t.exposeString('sdl', { nullable: true, description: 'This subgraph, with its directives.' }),
    }),
  });
  const Any = builder.scalarType('_Any', {
    description: 'An entity as another subgraph knows it: its `__typename` and its `id`.',
    serialize: (value) => value,
  });
  const Entity = builder.unionType('_Entity', {
    description: 'What other subgraphs can refer to.',
    types: ENTITY_TYPES,
  });
  builder.queryFields((t) => ({
    _service: t.field({
      type: Service,
      description: 'For the composition of a supergraph.',
      resolve: () => ({ sdl }),
    }),
    _entities: t.field({
      type: [Entity],
      nullable: { list: false, items: true },
      description: 'For gateways: the entities that these stand for, in their order; null where `node` is.',
      args: {
        representations: t.arg({
          type: [Any],
          required: true,
          description: `At most ${MAX_REPRESENTATIONS}.`,
        }),
      },
      complexity: ({ representations }) => ({
        field: 1,
        // More are refused for their number, before any is read.
        multiplier: Math.min(representations.length, MAX_REPRESENTATIONS),
      }),
      resolve: (_root, { representations }, context, info) => readEntities(representations, context, info),
    }),
  }));
}
