import {
  defaultFieldResolver,
  type GraphQLField,
  type GraphQLFieldResolver,
  type GraphQLObjectType,
  type GraphQLSchema,
  getNamedType,
  getNullableType,
  isIntrospectionType,
  isLeafType,
  isListType,
  isObjectType,
} from 'graphql';
import type { GraphQLContext } from '../context.ts';
import { withPauses } from '../pauses.ts';
import type { ResultSize } from '../result-size.ts';

type Counted = Partial<Pick<GraphQLContext, 'resultSize'>> | undefined;
type Resolver = GraphQLFieldResolver<unknown, Counted>;

/**
 * Lets every field of the schema, those of introspection too, add itself to the size of the result, and lets lists of objects
 * pause between their items. Returns the same schema.
 */
export function withResultSize(schema: GraphQLSchema): GraphQLSchema {
  const subscription = schema.getSubscriptionType();
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    for (const field of Object.values(type.getFields()) as GraphQLField<unknown, Counted>[])
      count(field, type, type === subscription);
  }
  return schema;
}

/** The types of introspection belong to graphql-js, and so to every schema of the process. */
const COUNTED = new WeakSet<object>();

function count(
  field: GraphQLField<unknown, Counted>,
  type: GraphQLObjectType,
  isRootOfEvents: boolean,
): void {
  if (COUNTED.has(field)) return;
  COUNTED.add(field);
  const resolve: Resolver = field.resolve ?? defaultFieldResolver;
  const isIntrospection = isIntrospectionType(type);
  const isLeaf = isLeafType(getNamedType(field.type));
  const isList = isListType(getNullableType(field.type));
  field.resolve = (source, args, context, info) => {
    const size = context?.resultSize;
    if (!size) return resolve(source, args, context, info);
    if (isRootOfEvents) size.restart();
    size.addField(String(info.path.key), isIntrospection);
    const value = resolve(source, args, context, info);
    if (isLeaf) return changed(value, (resolved) => added(resolved, size));
    return isList ? changed(value, (resolved) => paused(resolved, size)) : value;
  };
}

function changed(value: unknown, change: (resolved: unknown) => unknown): unknown {
  return value instanceof Promise ? value.then(change) : change(value);
}

function added(value: unknown, size: ResultSize): unknown {
  size.addValue(value);
  return value;
}

/** The executor takes the items of an iterable one after the other, and completes each before it takes the next. */
function paused(value: unknown, { pauses }: ResultSize): unknown {
  return Array.isArray(value) ? withPauses(value, pauses) : value;
}
