import {
  type GraphQLField,
  type GraphQLNamedType,
  type GraphQLSchema,
  isAbstractType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isIntrospectionType,
  isLeafType,
  isNonNullType,
  isObjectType,
  isScalarType,
  isSpecifiedScalarType,
  isUnionType,
  parse,
  specifiedDirectives,
  validate,
} from 'graphql';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { LOCAL_CALLER } from '../core/domain/caller.ts';
import { schema } from '../server/graphql/schema/schema.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { nodeId } from './support/node-ids.ts';

const types = Object.values(schema.getTypeMap()).filter(
  (type) => !isIntrospectionType(type) && !isSpecifiedScalarType(type),
);
const abstractTypes = types.filter(isAbstractType).filter(({ name }) => name !== 'Node');

describe('the schema', () => {
  test.each(abstractTypes.map((type) => [type.name, type] as const))(
    'in %s a field name has one type, so that every field can be asked for without an alias',
    (_name, type) => {
      const typesOf = new Map<string, Set<string>>();
      for (const member of schema.getPossibleTypes(type))
        for (const field of Object.values(member.getFields()))
          typesOf.set(field.name, (typesOf.get(field.name) ?? new Set()).add(String(field.type)));
      const ambiguous = [...typesOf].filter(([, all]) => all.size > 1).map(([name, all]) => [name, ...all]);
      expect(ambiguous).toEqual([]);
    },
  );

  test('accepts a first document over every union and interface, with all fields and no alias', () => {
    for (const [operation, fields] of Object.entries(rootFields(schema)))
      for (const field of fields) {
        const document = `${operation} First${variablesOf(field)} { ${field.name}${argumentsOf(field)} ${everything(field.type)} }`;
        expect([document, validate(schema, parse(document))]).toEqual([document, []]);
      }
  });

  test('describes everything, itself included, in at least four words', () => {
    const places = [['schema', schema.description], ...types.flatMap(describedPlaces)] as const;
    const vague = places.filter(([, text]) => (text ?? '').split(/\s+/).filter(Boolean).length < 4);
    expect(vague).toEqual([]);
    expect(places.length).toBeGreaterThan(300);
  });

  test('says of every union and enum that it may grow', () => {
    const open = types.filter((type) => isUnionType(type) || isEnumType(type));
    expect(open.filter(({ description }) => !/may (?:be added|grow)/.test(description ?? ''))).toEqual([]);
  });

  test('does not describe how it is implemented', () => {
    const places = types.flatMap(describedPlaces);
    const words = /\b(?:SQL|Postgres\w*|Redis|BullMQ|Prisma|Pothos|round trip|row|column|table|Lua)\b/i;
    expect(places.filter(([, text]) => words.test(text ?? ''))).toEqual([]);
  });

  test('names the specification of every custom scalar', () => {
    const scalars = types.filter(isScalarType);
    expect(scalars.length).toBeGreaterThan(0);
    expect(scalars.filter(({ specifiedByURL }) => !specifiedByURL)).toEqual([]);
  });

  test('has non-null types where it has defaults', () => {
    const inputs = [
      ...types.filter(isInputObjectType).flatMap((type) => Object.values(type.getFields())),
      ...types
        .filter(hasFields)
        .flatMap((type) => Object.values(type.getFields()).flatMap(({ args }) => args)),
    ];
    const withDefault = inputs.filter(({ defaultValue }) => defaultValue !== undefined);
    expect(withDefault.length).toBeGreaterThan(0);
    expect(withDefault.filter(({ type }) => !isNonNullType(type)).map(({ name }) => name)).toEqual([]);
  });

  test('has an error type only where it implements UserError', () => {
    const errors = types.filter(isObjectType).filter(({ name }) => /[a-z]Error$/.test(name));
    const plain = errors.filter((type) => !type.getInterfaces().some(({ name }) => name === 'UserError'));
    expect(plain.map(({ name }) => name)).toEqual(['FieldError']);
  });

  test('uses no directives but the specified ones', () => {
    expect(
      schema
        .getDirectives()
        .map(({ name }) => name)
        .sort(),
    ).toEqual(specifiedDirectives.map(({ name }) => name).sort());
  });
});

describe('every Node', () => {
  let system: TestSystem;
  const ids: Record<string, string> = {};
  beforeAll(async () => {
    system = await startTestSystem({}, { worker: false });
    const { prisma } = system.app.database;
    const now = new Date();
    const [conversationId, messageId, callId] = [uuidv7(), uuidv7(), uuidv7()];
    await prisma.conversation.create({
      data: {
        ...{
          id: conversationId,
          owner: 'local',
          model: 'm',
          provider: 'p',
          pacing: 'HUMAN',
          status: 'ACTIVE',
        },
        ...{ lastActivityAt: now, createdAt: now, updatedAt: now },
      },
    });
    await prisma.message.create({
      data: { id: messageId, conversationId, role: 'USER', content: 'Hi', status: 'COMPLETED' },
    });
    await prisma.inferenceLog.create({
      data: {
        ...{ id: callId, model: 'm', provider: 'p', status: 'SUCCESS' },
        ...{ latencyMs: 1, inputTokens: 1, outputTokens: 1 },
      },
    });
    const { apiToken } = await system.app.apiTokens.create(LOCAL_CALLER, {
      ...{ name: 'x', scopes: ['CONVERSATIONS_READ'], expiresAt: null },
    });
    ids.ApiToken = nodeId('ApiToken', apiToken.id);
    ids.Conversation = nodeId('Conversation', conversationId);
    ids.Message = nodeId('Message', messageId);
    ids.InferenceLog = nodeId('InferenceLog', callId);
  });
  afterAll(() => system.stop());

  const node = schema.getType('Node');
  const implementing = isInterfaceType(node) ? schema.getPossibleTypes(node) : [];
  test.each(implementing.map(({ name }) => name))('of type %s is returned by node(id:)', async (name) => {
    const query = 'query ($id: ID!) { node(id: $id) { __typename id } }';
    const { data, errors } = await system.request(query, { id: ids[name] });
    expect({ data, errors }).toEqual({
      data: { node: { __typename: name, id: ids[name] } },
      errors: undefined,
    });
  });
});

type Field = GraphQLField<unknown, unknown>;

function rootFields(of: GraphQLSchema): Record<string, Field[]> {
  return {
    query: Object.values(of.getQueryType()?.getFields() ?? {}),
    mutation: Object.values(of.getMutationType()?.getFields() ?? {}),
    subscription: Object.values(of.getSubscriptionType()?.getFields() ?? {}),
  };
}

function variablesOf({ args }: Field): string {
  return args.length === 0 ? '' : `(${args.map(({ name, type }) => `$${name}: ${type}`).join(', ')})`;
}

function argumentsOf({ args }: Field): string {
  return args.length === 0 ? '' : `(${args.map(({ name }) => `${name}: $${name}`).join(', ')})`;
}

/** A selection of all fields that enters no type twice on the way down. */
function everything(type: Field['type'], entered: readonly string[] = []): string {
  const named = schema.getType(/\w+/.exec(String(type))?.[0] ?? '');
  if (!named || isLeafType(named) || isInputObjectType(named)) return '';
  if (entered.includes(named.name) || named.name === 'Node') return '{ __typename }';
  const members: readonly Data[] = isAbstractType(named) ? schema.getPossibleTypes(named) : [named];
  const below = [...entered, named.name];
  const selections = members.map((member) => {
    const fields = (Object.values(member.getFields()) as Field[]).map((field) => {
      const needsArguments = field.args.some(
        (arg) => isNonNullType(arg.type) && arg.defaultValue === undefined,
      );
      return needsArguments ? '' : `${field.name} ${everything(field.type, below)}`;
    });
    return `... on ${member.name} { ${fields.join(' ')} }`;
  });
  return `{ __typename ${selections.join(' ')} }`;
}

function describedPlaces(type: GraphQLNamedType): (readonly [string, string | null | undefined])[] {
  const places: (readonly [string, string | null | undefined])[] = [[type.name, type.description]];
  if (isEnumType(type))
    for (const value of type.getValues()) places.push([`${type.name}.${value.name}`, value.description]);
  if (isInputObjectType(type) || hasFields(type))
    for (const field of Object.values(type.getFields())) {
      places.push([`${type.name}.${field.name}`, field.description]);
      for (const arg of 'args' in field ? field.args : [])
        places.push([`${type.name}.${field.name}(${arg.name}:)`, arg.description]);
    }
  return places;
}

function hasFields(type: GraphQLNamedType) {
  return isObjectType(type) || isInterfaceType(type);
}
