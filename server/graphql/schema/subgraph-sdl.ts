import { MapperKind, mapSchema, printSchemaWithDirectives } from '@graphql-tools/utils';
import { GraphQLObjectType, GraphQLSchema } from 'graphql';

const LINK = { url: 'https://specs.apollo.dev/federation/v2.0', import: ['@key', '@shareable'] };

/**
 * The SDL of a schema from which a supergraph can be composed: `entities` are types that other subgraphs can refer to by
 * `id`, and several subgraphs can have `PageInfo`. `Query.node` is left out, because a gateway cannot know which subgraph
 * an id belongs to: in a supergraph only one subgraph can have it.
 */
export function subgraphSdl(schema: GraphQLSchema, entities: readonly string[]): string {
  const directivesOf = (name: string) => {
    if (entities.includes(name)) return { key: { fields: 'id' } };
    return name === 'PageInfo' ? { shareable: {} } : null;
  };
  const mapped = mapSchema(schema, {
    [MapperKind.QUERY_ROOT_FIELD]: (_field, name) => (name === 'node' ? null : undefined),
    [MapperKind.OBJECT_TYPE]: (type) => {
      const directives = directivesOf(type.name);
      return directives
        ? new GraphQLObjectType({ ...type.toConfig(), extensions: { directives } })
        : undefined;
    },
  });
  const linked = new GraphQLSchema({ ...mapped.toConfig(), extensions: { directives: { link: LINK } } });
  return printSchemaWithDirectives(linked);
}
