import fc from 'fast-check';
import {
  buildSchema,
  execute,
  type GraphQLNamedType,
  type GraphQLSchema,
  getNamedType,
  isAbstractType,
  isCompositeType,
  isObjectType,
  parse,
  validate,
} from 'graphql';
import { describe, expect, test } from 'vitest';
import type { FeedMessage, HeardEvent } from '../../../core/live/feed/events.ts';
import { assumedModel } from '../../../core/llm/models/model.ts';
import { modelsOf } from '../../../core/llm/registry/models.ts';
import { EVENTS as EVENTS_DOCUMENT } from '../../../test/support/operations.ts';
import { schema } from '../schema/schema.ts';
import { Projection } from './projection.ts';

const model = assumedModel('a/one', 'A');
const context = {
  models: modelsOf(() => ({ models: [model], available: new Set([model.id]), default: model })),
  delivered: { set: () => {} },
};

const position = { epoch: 'epoch-one', seq: 7, at: 1_764_000_000_000 };
const turn = { turnId: '0197a2f0-0000-7000-8000-000000000000', model: 'a/one' };
const message: FeedMessage = {
  id: '0197a2f0-0000-7000-8000-000000000001',
  role: 'USER',
  content: 'Is "that" so?\n\ud800 \u2028 é 漢',
  status: 'COMPLETED',
  model: null,
  clientMessageId: '0197A2F0-0000-7000-8000-000000000002',
  createdAt: 1_764_000_000_001,
};
const usage = { inputTokens: 1, outputTokens: 2, totalTokens: 3 };
const fallback = { requestedModel: 'gone', unavailability: 'RETIRED' as const };
const failed = { code: 'RATE_LIMITED' as const, retryable: true };
const EVENTS: readonly HeardEvent[] = [
  { ...position, type: 'MessageAdded', message },
  { ...position, type: 'TurnStarted', ...turn, cause: 'USER_MESSAGE' },
  { ...position, type: 'TurnStarted', ...turn, cause: 'REGENERATION', fallback },
  {
    ...position,
    type: 'TurnTextAdded',
    turnId: turn.turnId,
    text: ' "so" \u0001\udfff',
    offset: 3,
    tokens: 2,
  },
  { ...position, type: 'TurnThinking', turnId: turn.turnId, seconds: 2.5 },
  { ...position, type: 'TurnCompleted', ...turn, text: 'Well.', usage, isTruncated: true },
  { ...position, type: 'TurnCompleted', ...turn, text: '', usage: null },
  { ...position, type: 'TurnInterrupted', ...turn, text: 'We', tokens: 1, reason: 'USER_MESSAGE' },
  { ...position, type: 'TurnInterrupted', ...turn, text: '', tokens: 0, reason: 'CANCELLED' },
  { ...position, type: 'TurnFailed', ...turn, text: 'W', ...failed },
  { ...position, type: 'TypingChanged', typing: true },
  { ...position, type: 'TypingNudge', text: 'Go on' },
  { ...position, type: 'ConversationUpdated', title: null, model: 'a/one', pacing: 'HUMAN' },
  { ...position, type: 'ConversationEnded', reason: 'IDLE_TIMEOUT' },
  { ...position, type: 'FeedReset' },
];

/** What the executor answers, as JSON; null: errors. */
async function executed(
  of: GraphQLSchema,
  source: string,
  event: object,
  variableValues = {},
  contextValue = {},
): Promise<string | null> {
  const document = parse(source, { noLocation: true });
  // The context of one operation is not that of another.
  const own = { ...contextValue };
  const result = await execute({ schema: of, document, rootValue: event, contextValue: own, variableValues });
  // Such a subscription is refused before it is open.
  if (result.errors?.some(({ extensions }) => extensions.code === 'QUERY_TOO_COMPLEX')) return 'refused';
  return result.errors ? null : JSON.stringify(result);
}

function projected(of: GraphQLSchema, source: string, event: object, variableValues = {}, shared = {}) {
  return (
    Projection.compile({ schema: of, document: parse(source), variableValues }, shared)?.write(event) ?? null
  );
}

/** Selections of a type: fields under any alias, the same ones again, fragments, conditions, at most so deep. */
function selectionsOf(type: GraphQLNamedType, depth: number): fc.Arbitrary<string> {
  const choices: fc.Arbitrary<string>[] = [fc.constant('__typename')];
  const alias = fc.constantFrom('', '', '', 'a: ', 'b: ');
  const condition = fc.constantFrom(
    '',
    '',
    '',
    '@include(if: $yes)',
    '@skip(if: $yes)',
    '@include(if: true)',
    '@skip(if: $no)',
  );
  if ('getFields' in type)
    for (const field of Object.values(type.getFields())) {
      const named = getNamedType(field.type);
      if (isCompositeType(named) && depth === 0) continue;
      // An alias would often give two different fields the same name.
      const below = isCompositeType(named)
        ? selectionsOf(named, depth - 1).map((text) => `${field.name} ${text}`)
        : fc
            .tuple(alias, condition)
            .map(([as, on]) => `${as && `${as.slice(0, 1)}_${field.name}: `}${field.name} ${on}`);
      choices.push(below);
    }
  const kinds = isAbstractType(type) ? schema.getPossibleTypes(type) : isObjectType(type) ? [type] : [];
  if (depth > 0)
    for (const kind of kinds)
      choices.push(
        fc
          .tuple(condition, selectionsOf(kind, depth - 1))
          .map(([on, text]) => `... on ${kind.name} ${on} ${text}`),
      );
  return fc
    .array(fc.oneof(...choices), { minLength: 1, maxLength: 12 })
    .map((selections) => `{ ${selections.join(' ')} }`);
}

describe('the projection of an event', () => {
  const type = schema.getType('ConversationEvent');
  if (!type) throw new Error('no such type');

  test('is what the executor answers, whatever is selected of whichever event', async () => {
    let compared = 0;
    const selections = fc.tuple(selectionsOf(type, 2), selectionsOf(type, 2), fc.boolean());
    await fc.assert(
      fc.asyncProperty(selections, async ([selected, spread, yes]) => {
        const source = `subscription($yes: Boolean!, $no: Boolean = false) {
          events: conversationEvents(conversationId: "c") { ...Spread ...on ConversationEvent ${selected} } }
          fragment Spread on ConversationEvent ${spread}`;
        const variables = { yes };
        if (validate(schema, parse(source)).some(({ message }) => !/never used/.test(message))) return;
        for (const event of EVENTS) {
          const json = projected(schema, source, event, variables, context);
          const answer = await executed(schema, source, event, variables, context);
          if (json === null || answer === 'refused') continue;
          compared += 1;
          expect(json).toBe(answer);
        }
      }),
      { numRuns: 20, endOnFailure: true },
    );
    expect(compared).toBeGreaterThan(50);
  });

  test('is written of every event', () => {
    const isWritten = (event: HeardEvent) =>
      projected(schema, EVENTS_DOCUMENT, event, { conversationId: 'c' }, context) !== null;
    expect(EVENTS.filter((event) => !isWritten(event))).toEqual([]);
  });

  test('of a type that is not in the schema is left to the executor', () => {
    const source = 'subscription { conversationEvents(conversationId: "c") { cursor } }';
    expect(projected(schema, source, { ...position, type: 'FromTheFuture' }, {}, context)).toBeNull();
  });

  test('is written once for all who hear the same event', () => {
    const source = 'subscription { conversationEvents(conversationId: "c") { at } }';
    let reads = 0;
    const event = {
      ...position,
      type: 'FeedReset',
      get at() {
        reads += 1;
        return position.at;
      },
    };
    const projection = Projection.compile({ schema, document: parse(source) }, context);
    expect(projection?.write(event)).toBe(projection?.write(event));
    expect(reads).toBe(1);
  });
});

describe('of any schema', () => {
  const other = buildSchema(`
    type Query { a: Int }
    type Subscription { thing(id: ID): Thing, things: [Thing!]! }
    interface Thing { name: String, must: Int!, many: [Int], other: Thing, args(of: Int = 3, in: In): String }
    input In { list: [Int!] }
    type Plain implements Thing { name: String, must: Int!, many: [Int], other: Thing, args(of: Int = 3, in: In): String, union: [Either!] }
    type Else { name: Int }
    union Either = Plain | Else
  `);
  const base = { __typename: 'Plain', name: 'n', must: 1, many: [1, null, 3] };
  const rest = { ...base, args: (given: unknown) => JSON.stringify(given) };
  // The field's own resolver returns the event.
  const thing = (value: unknown) => ({ thing: value });
  const compare = (selection: string, value: object, variables = {}) => {
    const source = `subscription($n: Int, $list: [Int!]) { thing { ${selection} } }`;
    const fields = other.getSubscriptionType()?.getFields().thing;
    if (fields) fields.resolve = (event) => event.thing ?? event;
    return {
      json: projected(other, source, value, variables),
      executed: executed(other, source, thing(value), variables),
    };
  };
  const abstractTypes = ['Thing', 'Either'] as const;
  for (const name of abstractTypes) {
    const abstract = other.getType(name);
    if (isAbstractType(abstract)) abstract.resolveType = (value) => value.__typename;
  }

  test.each([
    ['lists with nulls', 'many', rest],
    ['a null object', 'other { name }', { ...rest, other: null }],
    ['an object of an interface', 'other { __typename ... on Plain { name } }', { ...rest, other: base }],
    [
      'members of a union',
      '... on Plain { union { __typename ... on Else { n: name } ... on Plain { name } } }',
      { ...rest, union: [base, { __typename: 'Else', name: 4 }] },
    ],
    [
      'arguments, with defaults and variables',
      'args b: args(of: $n, in: { list: $list }) c: args(of: 4)',
      rest,
    ],
    ['no field at all', '... on Plain @skip(if: true) { name }', rest],
    ['a field that is selected twice', 'other { name } other { must }', { ...rest, other: base }],
  ])('%s are the same as of the executor', async (_name, selection, value) => {
    const { json, executed } = compare(selection, value, { n: 5, list: [1, 2] });
    expect(json).toBe(await executed);
    expect(json).not.toBeNull();
  });

  test.each([
    ['a promise', 'name', { ...rest, name: Promise.resolve('later') }],
    ['an error', 'name', { ...rest, name: new Error('no') }],
    [
      'a resolver that throws',
      'args',
      {
        ...rest,
        args: () => {
          throw new Error('no');
        },
      },
    ],
    ['null where it must not be', 'must', { ...rest, must: null }],
    ['a value that cannot be serialized', 'must', { ...rest, must: 'many' }],
    ['a list that is none', 'many', { ...rest, many: 3 }],
    ['an unknown type', 'other { name }', { ...rest, other: { __typename: 'Unknown' } }],
    ['a promise of an object', 'other { name }', { ...rest, other: Promise.resolve(base) }],
  ])('%s is left to the executor', (_name, selection, value) => {
    expect(compare(selection, value).json).toBeNull();
  });

  test('a resolver that reads what is its caller’s own is left to the executor', () => {
    const shared = Object.defineProperty({}, 'viewer', {
      get() {
        throw new Error('not shared');
      },
    });
    const reading = { ...rest, args: (_given: unknown, { viewer }: { viewer: unknown }) => String(viewer) };
    expect(projected(other, 'subscription { thing { args } }', reading, {}, shared)).toBeNull();
  });

  test('a variable that is not valid is left to the executor', () => {
    const source = 'subscription($n: Int) { thing { args(of: $n) } }';
    expect(projected(other, source, rest, { n: 'many' })).toBeNull();
  });
});
