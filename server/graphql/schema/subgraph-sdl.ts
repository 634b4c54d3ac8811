import { MapperKind, mapSchema, printSchemaWithDirectives } from '@graphql-tools/utils';
import { GraphQLObjectType, GraphQLSchema } from 'graphql';

const LINK = { url: 'https://specs.apollo.dev/federation/v2.0', import: ['@key', '@shareable'] };

/**
 * A schema as a supergraph is composed of it, in SDL: `entities` are types that other subgraphs can refer to by `id`, and
 * `PageInfo` may be of several. `Query.node` is left out, for a gateway cannot tell whose an id is: in a supergraph it can
 * be one subgraph's alone.
 */
export function subgraphSdl(schema: GraphQLSchema, entities: readonly string[]): string {
  const directivesOf = (name: string) => {
    if (entities.includes(name)) return { key: { fields: 'id' } };
    return name === 'PageInfo' ? { shareable: {} } : null;
  };
  const told = mapSchema(schema, {
    [MapperKind.QUERY_ROOT_FIELD]: (_field, name) => (name === 'node' ? null : undefined),
    [MapperKind.OBJECT_TYPE]: (type) => {
      const directives = directivesOf(type.name);
      return directives
        ? new GraphQLObjectType({ ...type.toConfig(), extensions: { directives } })
        : undefined;
    },
  });
  const linked = new GraphQLSchema({ ...told.toConfig(), extensions: { directives: { link: LINK } } });
  return printSchemaWithDirectives(linked);
}
