import fc, { type Arbitrary } from 'fast-check';
import {
  type GraphQLArgument,
  type GraphQLField,
  type GraphQLInputType,
  type GraphQLObjectType,
  type GraphQLOutputType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from 'graphql';
import { hostileJson, hostileText, objectOf } from './hostile-json.ts';

/** A field with arguments, and an operation that selects it: its variables are the arguments. */
export interface FieldWithArguments {
  /** Such as `Conversation.messages`. */
  name: string;
  query: string;
  arguments: readonly GraphQLArgument[];
}

/** A field on the way to another one. */
interface Step {
  type: GraphQLObjectType;
  field: GraphQLField<unknown, unknown>;
}

/**
 * Every field of a schema that has arguments, each on the shortest way from a root. `given`: arguments, as written in a
 * document, of the fields on such a way.
 */
export function fieldsWithArguments(
  schema: GraphQLSchema,
  given: Record<string, string>,
): FieldWithArguments[] {
  const roots = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()].filter(
    (one) => one != null,
  );
  const ways = roots.map((root) => ({ root, type: root, steps: [] as Step[] }));
  const seen = new Set<GraphQLObjectType>(roots);
  const found: FieldWithArguments[] = [];
  for (const { root, type, steps } of ways) {
    for (const field of Object.values(type.getFields())) {
      const way = [...steps, { type, field }];
      if (field.args.length > 0)
        found.push({
          name: `${type.name}.${field.name}`,
          query: documentOf(kindOf(root, schema), way, given),
          arguments: field.args,
        });
      if (way.slice(0, -1).some(({ field: one }) => needs(one, given)) || needs(field, given)) continue;
      for (const next of objectsOf(field.type, schema)) {
        if (seen.has(next)) continue;
        seen.add(next);
        ways.push({ root, type: next, steps: way });
      }
    }
  }
  return found;
}

/** Whether a field has an argument that must be given, and is not. */
function needs(field: GraphQLField<unknown, unknown>, given: Record<string, string>): boolean {
  return (
    given[field.name] === undefined &&
    field.args.some((one) => isNonNullType(one.type) && one.defaultValue === undefined)
  );
}

function objectsOf(type: GraphQLOutputType, schema: GraphQLSchema): readonly GraphQLObjectType[] {
  const named = getNamedType(type);
  if (isAbstractType(named)) return schema.getPossibleTypes(named);
  return isObjectType(named) ? [named] : [];
}

function kindOf(root: GraphQLObjectType, schema: GraphQLSchema): string {
  if (root === schema.getMutationType()) return 'mutation';
  return root === schema.getSubscriptionType() ? 'subscription' : 'query';
}

function documentOf(kind: string, way: readonly Step[], given: Record<string, string>): string {
  const [last, ...before] = way.toReversed();
  const { field } = last as Step;
  const passed = field.args.map(({ name }) => `${name}: $${name}`).join(', ');
  const inner = `... on ${last?.type.name} { ${field.name}(${passed})${selectionOf(field.type, 3)} }`;
  const selection = before.reduce(
    (selected, step) =>
      `... on ${step.type.name} { ${step.field.name}${given[step.field.name] ?? ''} { ${selected} } }`,
    inner,
  );
  const variables = field.args.map(({ name, type }) => `$${name}: ${type}`).join(', ');
  return `${kind} (${variables}) { ${selection} }`;
}

/** Everything below a field that needs no arguments, to a depth. */
function selectionOf(type: GraphQLOutputType, depth: number): string {
  const named = getNamedType(type);
  if (isLeafType(named)) return '';
  if (!isObjectType(named) || depth === 0) return ' { __typename }';
  const fields = Object.values(named.getFields()).filter(({ args }) => args.length === 0);
  return ` { ${fields.map((field) => `${field.name}${selectionOf(field.type, depth - 1)}`).join(' ')} }`;
}

/**
 * Variables of a field as a text of JSON: of the right types and hostile inside, or something else. `ids`: of things that
 * exist.
 */
export function variablesOf(
  fields: readonly Pick<GraphQLArgument, 'name' | 'type' | 'defaultValue'>[],
  ids: Arbitrary<string>,
): Arbitrary<string> {
  const values = Object.fromEntries(fields.map(({ name, type }) => [name, valueFor(type, ids)]));
  const required = fields.filter(
    ({ type, defaultValue }) => isNonNullType(type) && defaultValue === undefined,
  );
  return fc
    .record(values, { requiredKeys: required.map(({ name }) => name) })
    .map((record) => objectOf(Object.entries(record).map(([name, value]) => [JSON.stringify(name), value])));
}

/** Mostly of the type, so that the value gets past validation to what uses it. */
function valueFor(type: GraphQLInputType, ids: Arbitrary<string>): Arbitrary<string> {
  return fc.oneof({ weight: 12, arbitrary: typedValue(type, ids) }, { weight: 1, arbitrary: hostileJson });
}

function typedValue(type: GraphQLInputType, ids: Arbitrary<string>): Arbitrary<string> {
  if (isNonNullType(type)) return typedValue(type.ofType, ids);
  if (isListType(type))
    return fc.array(typedValue(type.ofType, ids), { maxLength: 3 }).map((all) => `[${all.join()}]`);
  if (isInputObjectType(type)) return variablesOf(Object.values(type.getFields()), ids);
  if (isEnumType(type)) return fc.constantFrom(...type.getValues().map(({ name }) => JSON.stringify(name)));
  return OF_SCALARS[type.name]?.(ids) ?? hostileJson;
}

const text = hostileText.map((one) => JSON.stringify(one));

const OF_SCALARS: Record<string, (ids: Arbitrary<string>) => Arbitrary<string>> = {
  ID: (ids) =>
    fc.oneof({ weight: 3, arbitrary: ids.map((id) => JSON.stringify(id)) }, { weight: 2, arbitrary: text }),
  String: () => text,
  Boolean: () => fc.constantFrom('true', 'false'),
  Int: () =>
    fc.oneof(fc.constantFrom('0', '1', '-1', '100', '2147483647', '-2147483648'), fc.integer().map(String)),
  Float: () => fc.double().map((one) => JSON.stringify(one)),
  UUID: () =>
    fc
      .oneof(
        fc.uuid(),
        fc.uuid().map((id) => id.toUpperCase()),
      )
      .map((id) => JSON.stringify(id)),
  DateTime: () =>
    fc.oneof(
      fc
        .date({ min: new Date(-62_167_219_200_000), max: new Date(253_402_300_799_999), noInvalidDate: true })
        .map((at) => JSON.stringify(at)),
      fc.constantFrom(
        '"2026-01-01T00:00:00Z"',
        '"2026-01-02T00:00:00Z"',
        '"0001-01-01T00:00:00Z"',
        '"0000-01-01T00:00:00Z"',
        '"9999-12-31T23:59:59.999Z"',
      ),
    ),
};
