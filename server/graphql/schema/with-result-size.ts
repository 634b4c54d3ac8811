import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLSchema,
  getNamedType,
  isIntrospectionType,
  isLeafType,
  isObjectType,
} from 'graphql';
import type { GraphQLContext } from '../context.ts';
import type { ResultSize } from '../result-size.ts';

type Counted = Partial<Pick<GraphQLContext, 'resultSize'>> | undefined;
type Resolver = GraphQLFieldResolver<unknown, Counted>;

/**
 * Lets every field of the schema, those of introspection too, add itself to the size of the result. Returns the same schema.
 */
export function withResultSize(schema: GraphQLSchema): GraphQLSchema {
  const subscription = schema.getSubscriptionType();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    const atLeast = isIntrospectionType(type) ? INTROSPECTION_BYTES : 0;
    for (const field of Object.values(type.getFields()) as GraphQLField<unknown, Counted>[])
      count(field, atLeast, type === subscription);
  }
  return schema;
}

/**
 * What a field of introspection counts at least, because the complexity of an operation does not include it: the whole
 * schema is about a quarter of the default limit.
 */
const INTROSPECTION_BYTES = 200;

/** The types of introspection belong to graphql-js, and so to every schema of the process. */
const COUNTED = new WeakSet<object>();

function count(field: GraphQLField<unknown, Counted>, atLeast: number, isRootOfEvents: boolean): void {
  if (COUNTED.has(field)) return;
  COUNTED.add(field);
  const resolve: Resolver = field.resolve ?? defaultFieldResolver;
  const isLeaf = isLeafType(getNamedType(field.type));
  field.resolve = (source, args, context, info) => {
    const size = context?.resultSize;
    if (!size) return resolve(source, args, context, info);
    if (isRootOfEvents) size.restart();
    size.addField(String(info.path.key), atLeast);
    const value = resolve(source, args, context, info);
    return isLeaf ? added(value, size) : value;
  };
}

function added(value: unknown, size: ResultSize): unknown {
  if (value instanceof Promise)
    return value.then((resolved) => {
      size.addValue(resolved);
      return resolved;
    });
  size.addValue(value);
  return value;
}
