import { randomUUID } from 'node:crypto';
import fc from 'fast-check';
import { execute, type GraphQLOutputType, getNamedType, isCompositeType, parse, validate } from 'graphql';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Database, openDatabase } from '../../../core/db/database.ts';
import { type Caller, LOCAL_CALLER } from '../../../core/domain/caller.ts';
import { idAfter } from '../../../core/domain/ids.ts';
import { MemoryFeed } from '../../../core/live/feed/memory.ts';
import {
  createTestDatabase,
  isPostgresAvailable,
  MIGRATIONS_DIR,
  type TestDatabase,
} from '../../../test/support/database.ts';
import { CONVERSATION, CONVERSATIONS } from '../../../test/support/operations.ts';
import { queryContext } from '../../../test/support/query-context.ts';
import { toNodeId } from '../ids.ts';
import { schema } from '../schema/schema.ts';
import { CompiledQuery } from './compiled-query.ts';

const ME: Caller = { ...LOCAL_CALLER, owner: 'me', role: 'USER' };
const MAY_NOT: Caller = { ...ME, apiTokenId: 'token', scopes: ['TELEMETRY_READ'] };
const TOO_MUCH =
  '{ conversations(first: 100) { nodes { messages(first: 100) { nodes { content model: answeredBy { name } } } } } }';
const available = await isPostgresAvailable();

describe.skipIf(!available)(`compiled queries${available ? '' : ' (SKIPPED: no PostgreSQL)'}`, () => {
  let own: TestDatabase;
  let database: Database;
  const feed = new MemoryFeed();
  const ids = { mine: '', others: '', deleted: idAfter(null), message: '' };

  beforeAll(async () => {
    own = await createTestDatabase();
    database = await openDatabase({ databaseUrl: own.url, dataDir: 'unused', migrationsDir: MIGRATIONS_DIR });
    const { prisma } = database;
    await prisma.conversation.createMany({
      data: Array.from({ length: 12 }, (_, i) => ({
        ...{ id: idAfter(null), owner: i % 4 === 3 ? 'another' : 'me', tenant: ME.tenant },
        ...({
          status: i % 2 ? 'ACTIVE' : 'COMPLETED',
          model: i % 3 ? 'openai/gpt-4o-mini' : 'gone/model',
        } as const),
        ...({ provider: 'demo', pacing: 'HUMAN' } as const),
        title: i % 5 ? `"T" \u2028 é ${i}` : null,
        lastActivityAt: new Date(Date.UTC(2026, 0, 1, 0, Math.floor(i / 4))),
        ...(i % 6 === 1 && { pendingTurnId: idAfter(null), pendingTurnCause: 'GREETING' as const }),
        ...(i % 6 === 2 && {
          failedTurnId: idAfter(null),
          failureCode: 'TIMEOUT' as const,
          failureRetryable: true,
        }),
      })),
    });
    ids.mine = (
      await prisma.conversation.findFirstOrThrow({ where: { owner: 'me' }, orderBy: { id: 'asc' } })
    ).id;
    ids.others = (await prisma.conversation.findFirstOrThrow({ where: { owner: 'another' } })).id;
    await prisma.message.createMany({
      data: Array.from({ length: 30 }, (_, i) => ({
        id: idAfter(null),
        conversationId: ids.mine,
        role: i % 2 ? ('ASSISTANT' as const) : ('USER' as const),
        content: `Is "that" so?\n\u0001 \u2028 é 漢 😀 ${i}`,
        status: i % 5 === 1 ? ('INTERRUPTED' as const) : ('COMPLETED' as const),
        ...(i % 5 === 1 && { interruptionReason: 'USER_MESSAGE' as const }),
        model: i % 2 ? 'openai/gpt-4o-mini' : null,
        clientMessageId: i % 2 ? null : randomUUID(),
      })),
    });
    ids.message = (await prisma.message.findFirstOrThrow({ orderBy: { id: 'asc' }, skip: 9 })).id;
  });
  afterAll(async () => {
    await database?.close();
    await own?.drop();
  });

  function contextFor(viewer: Caller, responseMaxBytes = 1_000_000) {
    return queryContext(database, viewer, responseMaxBytes, feed);
  }

  /** The data as JSON by both ways; null where there are errors. */
  async function both(
    source: string,
    variableValues: Record<string, unknown> = {},
    viewer = ME,
    most?: number,
  ) {
    const document = parse(source);
    const args = { schema, document, variableValues };
    const query = CompiledQuery.compile(args);
    const compiled = await query?.run({ ...args, contextValue: contextFor(viewer, most) }).catch(() => null);
    const executed = await execute({ ...args, contextValue: contextFor(viewer, most) });
    return {
      compiled: compiled ? `{"data":${compiled.data.json}}` : null,
      executed: executed.errors ? null : JSON.stringify(executed),
      code: executed.errors?.[0]?.extensions.code,
    };
  }

  test('the list and a conversation with its messages are compiled', async () => {
    for (const [source, variables] of [
      [CONVERSATIONS, { first: 5 }],
      [CONVERSATION, { id: toNodeId('Conversation', ids.mine) }],
    ] as const) {
      const { compiled, executed } = await both(source, variables);
      expect(compiled).toContain('"id"');
      expect(compiled).toBe(executed);
    }
  });

  test('what is selected, of whichever page, is what the executor answers', async () => {
    let compared = 0;
    const query = schema.getQueryType();
    const [list, one] = [query?.getFields().conversations, query?.getFields().conversation];
    if (!list || !one) throw new Error('no such fields');
    const { edges } = JSON.parse((await both('{ conversations { edges { cursor } } }')).compiled ?? '').data
      .conversations;
    const cursor = fc.constantFrom(...edges.map((edge: { cursor: string }) => edge.cursor), 'none', null);
    const size = fc.option(fc.constantFrom(0, 1, 3, 100, 101, -1));
    const page = fc.record({ first: size, last: size, after: cursor, before: cursor }, { requiredKeys: [] });
    const id = fc.constantFrom(
      ...[ids.mine, ids.mine, ids.others, ids.deleted].map((row) => toNodeId('Conversation', row)),
      ...[toNodeId('Message', ids.message), 'nonsense'],
    );
    const viewer = fc.constantFrom(ME, ME, { ...ME, owner: 'another' }, { ...ME, tenant: 'other' });
    const selections = fc.tuple(
      selectionOf(list.type, 4),
      selectionOf(one.type, 3),
      selectionOf(one.type, 3),
    );
    await fc.assert(
      fc.asyncProperty(
        selections,
        page,
        id,
        viewer,
        fc.boolean(),
        async (selected, asked, node, who, yes) => {
          const source = `query($first: Int, $last: Int, $after: String, $before: String, $id: ID!, $yes: Boolean!, $no: Boolean = false) {
          __typename
          list: conversations(first: $first, last: $last, after: $after, before: $before) ${selected[0]}
          ...Spread @include(if: $yes)
          conversation(id: $id) ${selected[1]} }
          fragment Spread on Query { again: conversation(id: $id) ${selected[2]} }`;
          if (validate(schema, parse(source)).some(({ message }) => !/never used/.test(message))) return;
          const { compiled, executed } = await both(source, { ...asked, id: node, yes }, who);
          expect(compiled).toBe(executed);
          if (compiled !== null) compared++;
        },
      ),
      { numRuns: 150, endOnFailure: true },
    );
    expect(compared).toBeGreaterThan(15);
  });

  test.each([
    ['of another owner', () => ids.others],
    ['that was deleted', () => ids.deleted],
  ])('a conversation %s is null', async (_which, row) => {
    const source = 'query($id: ID!) { conversation(id: $id) { id messages { nodes { content } } } }';
    const { compiled } = await both(source, { id: toNodeId('Conversation', row()) });
    expect(compiled).toBe('{"data":{"conversation":null}}');
  });

  test.each([
    ['a negative size', '{ conversations(first: -1) { nodes { id } } }', ME, 'BAD_USER_INPUT'],
    ['a caller who may not', '{ conversations { nodes { id } } }', MAY_NOT, 'FORBIDDEN'],
    ['more than an operation may ask for', TOO_MUCH, ME, 'QUERY_TOO_COMPLEX'],
  ])('%s is left to the executor, which refuses it', async (_what, source, viewer, code) => {
    const answer = await both(source, {}, viewer);
    expect(answer).toEqual({ compiled: null, executed: null, code });
  });

  test.each([
    ['another field of Query', '{ viewer { name } conversations { nodes { id } } }'],
    ['introspection', '{ __schema { description } conversations { nodes { id } } }'],
    ['a mutation', 'mutation { createConversation(input: {}) { __typename } }'],
  ])('%s is not compiled', (_what, source) => {
    expect(CompiledQuery.compile({ schema, document: parse(source) })).toBeNull();
  });

  test('its size is counted as the executor counts it', async () => {
    const sizes = [];
    for (const run of ['compiled', 'executed']) {
      const contextValue = contextFor(ME);
      const variableValues = { id: toNodeId('Conversation', ids.mine) };
      const args = { schema, document: parse(CONVERSATION), variableValues, contextValue };
      if (run === 'compiled') await CompiledQuery.compile(args)?.run(args);
      else await execute(args);
      sizes.push(contextValue.resultSize.atMost);
    }
    expect(sizes[0]).toBe(sizes[1]);
    expect(sizes[0]).toBeGreaterThan(3_000);
  });

  test('what cannot be written a few times in a row is not tried for a while', async () => {
    const args = { schema, document: parse('query($n: Int) { conversations(first: $n) { nodes { id } } }') };
    const query = CompiledQuery.compile(args);
    const run = (n: number) =>
      query?.run({ ...args, variableValues: { n }, contextValue: contextFor(ME) }).then(
        () => 'written',
        () => 'left',
      );
    expect([await run(-1), await run(-1), await run(2), await run(-1), await run(-1)]).toContain('written');
    expect(query?.isDue).toBe(true);
    expect(await run(-1)).toBe('left');
    const due = Array.from({ length: 101 }, () => query?.isDue);
    expect(due.indexOf(true)).toBe(100);
  });
});

/** Selections of a type: fields with an alias or without, fragments, conditions, at most so deep. */
function selectionOf(of: GraphQLOutputType, depth: number): fc.Arbitrary<string> {
  const type = getNamedType(of);
  const choices: fc.Arbitrary<string>[] = [fc.constant('__typename')];
  const condition = fc.constantFrom('', '', '', '@include(if: $yes)', '@skip(if: $yes)', '@skip(if: $no)');
  if ('getFields' in type)
    for (const field of Object.values(type.getFields())) {
      const args = field.args.some(({ name }) => name === 'last') ? pageArguments : fc.constant('');
      if (!isCompositeType(getNamedType(field.type)))
        choices.push(
          fc
            .tuple(fc.constantFrom('', 'a_'), condition)
            .map(([as, on]) => `${as && `${as}${field.name}: `}${field.name} ${on}`),
        );
      else if (depth > 0)
        choices.push(
          fc
            .tuple(args, condition, selectionOf(field.type, depth - 1))
            .map(([given, on, below]) => `${field.name}${given} ${on} ${below}`),
        );
    }
  if (depth > 0)
    choices.push(
      selectionOf(type, depth - 1).map((below) => `... on ${type.name} @include(if: $yes) ${below}`),
    );
  return fc
    .array(fc.oneof(...choices), { minLength: 1, maxLength: 8 })
    .map((selections) => `{ ${selections.join(' ')} }`);
}

const pageArguments = fc.constantFrom('', '', '(last: 4)', '(first: 3)', '(first: 0)');
