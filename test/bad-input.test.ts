import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Data, type GraphQLResult, startTestSystem, type TestSystem } from './support/harness.ts';
import { nodeId } from './support/node-ids.ts';
import { CANCEL, CONVERSATION, CREATE, EVENTS, SEND, UPDATE } from './support/operations.ts';
import { post } from './support/raw-http.ts';

const UUID = '019a0000-0000-7000-8000-000000000000';
const NOBODYS = nodeId('Conversation', UUID);

const BAD_IDS = [
  ['empty', () => ''],
  ['malformed', () => 'not an id'],
  ['5,000 characters long', () => 'QQ'.repeat(2_500)],
  ['a bare UUID', () => UUID],
  ['a UUID in upper case', () => NOBODYS.toUpperCase()],
  ['without a type', () => nodeId('', UUID)],
  ["a message's", () => nodeId('Message', UUID)],
  ['of an unknown type', () => nodeId('Toaster', UUID)],
  ['without a UUID inside', () => nodeId('Conversation', "' OR 1=1 --")],
  ["nobody's", () => NOBODYS],
  ["somebody else's", () => foreign],
] as const;

const PAGES = /* GraphQL */ `
  query Pages($first: Int, $last: Int, $after: String, $before: String) {
    conversations(first: $first, last: $last, after: $after, before: $before) { pageInfo { hasNextPage } }
  }
`;
const PAGE_OF_MESSAGES =
  'messages(first: 100) { nodes { id content answeredBy { id name vendor contextWindow isDefault } } }';
const SEND_LITERAL =
  'mutation { sendMessage(input: { conversationId: "x", text: "Hi", clientMessageId: "42" }) { __typename } }';
const EVERY_MUTATION = /* GraphQL */ `
  mutation Every($conversationId: ID!) {
    sendMessage(input: { conversationId: $conversationId, text: "Hi" }) { ...Failure }
    cancelTurn(input: { conversationId: $conversationId }) { ...Failure }
    reportActivity(input: { conversationId: $conversationId, activity: TYPING }) { ...Failure }
    updateConversation(input: { conversationId: $conversationId, title: "Mine" }) { ...Failure }
    regenerateAnswer(input: { conversationId: $conversationId }) { ...Failure }
    endConversation(input: { conversationId: $conversationId }) { ...Failure }
    deleteConversation(input: { conversationId: $conversationId }) { ...Failure }
  }
  fragment Failure on UserError { __typename message }
`;

let system: TestSystem;
let mine: string;
/** An existing conversation of another user. */
let foreign: string;
beforeAll(async () => {
  system = await startTestSystem();
  system.upstream.answerAll('Yes.');
  const { data } = await system.request(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
  mine = data.createConversation.conversation.id;
  const now = new Date();
  const row = await system.app.database.prisma.conversation.create({
    data: {
      id: '019a1111-1111-7111-8111-111111111111',
      owner: 'somebody else',
      model: 'openai/gpt-4o-mini',
      provider: 'demo',
      pacing: 'INSTANT',
      status: 'ACTIVE',
      lastActivityAt: now,
      createdAt: now,
      updatedAt: now,
    },
  });
  foreign = nodeId('Conversation', row.id);
});
afterAll(() => system.stop());
afterEach(() => vi.restoreAllMocks());

const transports = {
  HTTP: (query: string, variables?: Data) => system.request(query, variables),
  WebSocket: overSocket,
};

describe.each(['HTTP', 'WebSocket'] as const)('over %s', (transport) => {
  const ask = (query: string, variables?: Data) => transports[transport](query, variables);

  test.each([
    ['a document that ends too early', '{ viewer { id '],
    ['an empty document', ''],
    ['a document of 10,000 tokens', `{ ${'viewer { id } '.repeat(2_500)} }`],
    ['a document nested 100,000 deep', '{a'.repeat(100_000)],
    ['a document of 300,000 characters', `# ${'x'.repeat(300_000)}\n{ viewer { id } }`],
  ])('[P-50] %s is GRAPHQL_PARSE_FAILED', async (_what, query) => {
    expect(codesOf(await ask(query))).toEqual(['GRAPHQL_PARSE_FAILED']);
  });

  test.each([
    ['a field that does not exist', '{ viewer { shoeSize } }'],
    ['an argument of the wrong type', '{ conversations(first: "many") { totalCount } }'],
    ['a fragment that spreads itself', 'fragment A on Viewer { ...A } { viewer { ...A } }'],
    ['an invalid UUID in the document', SEND_LITERAL],
  ])('[P-50] %s is GRAPHQL_VALIDATION_FAILED', async (_what, query) => {
    expect(codesOf(await ask(query))).toEqual(['GRAPHQL_VALIDATION_FAILED']);
  });

  test('[P-50] a document of several operations without operationName is refused, with the reason', async () => {
    const result = await ask('query A { viewer { id } } query B { viewer { id } }');
    expect(codesOf(result)).toEqual(['OPERATION_RESOLUTION_FAILURE']);
  });

  test.each([
    ['lists within lists', `{ conversations(first: 100) { edges { node { ${PAGE_OF_MESSAGES} } } } }`],
    ['a page of two billion', '{ conversations(first: 2147483647) { edges { node { id } } } }'],
    ['300 aliases', `{ ${Array.from({ length: 301 }, (_, n) => `a${n}: viewer { id }`).join(' ')} }`],
  ])('[P-50] %s are QUERY_TOO_COMPLEX', async (_what, query) => {
    expect(codesOf(await ask(query))).toEqual(['QUERY_TOO_COMPLEX']);
  });

  test.each([
    ['a negative first', { first: -1 }, 'first'],
    ['a negative last', { last: -1 }, 'last'],
    ['first over 100', { first: 101 }, 'first'],
    ['last over 100', { last: 101 }, 'last'],
    ['first with last', { first: 1, last: 1 }, 'last'],
    ['a malformed after', { after: 'not a cursor' }, 'after'],
    ['a malformed before', { before: '' }, 'before'],
    ['a cursor of another list', { after: base64('019a0000-0000-7000-8000-000000000000') }, 'after'],
  ])('[P-03] %s of a list is BAD_USER_INPUT that names the argument', async (_what, variables, argument) => {
    const { errors } = await ask(PAGES, variables);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument } }]);
    expect(errors?.[0]?.message).toContain(argument);
  });

  test('a malformed cursor of a list of messages is BAD_USER_INPUT', async () => {
    const query =
      'query ($id: ID!) { conversation(id: $id) { messages(after: "?") { pageInfo { hasNextPage } } } }';
    expect(codesOf(await ask(query, { id: mine }))).toEqual(['BAD_USER_INPUT']);
  });

  test.each([
    ['an invalid UUID', SEND, { input: { conversationId: NOBODYS, text: 'Hi', clientMessageId: '42' } }],
    ['a variable of the wrong type', PAGES, { first: 'many' }],
    ['a variable that is missing', CONVERSATION, {}],
    ['an unknown field of an input', SEND, { input: { conversationId: NOBODYS, text: 'Hi', loud: true } }],
    ['an unknown value of an enum', CREATE, { input: { pacing: 'BREATHLESS' } }],
    ['null where there must be a value', CANCEL, { input: null }],
  ])('[P-50] %s is BAD_USER_INPUT', async (_what, query, variables) => {
    expect(codesOf(await ask(query, variables))).toEqual(['BAD_USER_INPUT']);
  });

  test('an unknown model is an InvalidInputError that names the field', async () => {
    const { data } = await ask(CREATE, { input: { model: `none${'!'.repeat(1_000)}` } });
    expect(data.createConversation).toMatchObject({
      __typename: 'InvalidInputError',
      fieldErrors: [{ path: 'model', message: expect.stringContaining('"none!') }],
    });
    expect(data.createConversation.message.length).toBeLessThan(300);
  });

  test.each([
    ['empty', '', 'must not be empty'],
    ['white space', ' \n\t\u00A0\u3000 ', 'must not be empty'],
    ['32,001 characters', 'a'.repeat(32_001), 'must be at most 32,000 characters'],
    ['32,001 emoji', '😀'.repeat(32_001), 'must be at most 32,000 characters'],
    ['a text with a NUL character', 'one\0two', 'must not contain the NUL character'],
  ])('a message that is %s is an InvalidInputError, and is not stored', async (_what, text, message) => {
    const before = await messageCount(mine);
    const { data } = await ask(SEND, { input: { conversationId: mine, text } });
    expect(data.sendMessage).toMatchObject({
      __typename: 'InvalidInputError',
      message: `text ${message}`,
      fieldErrors: [{ path: 'text', message }],
    });
    expect(await messageCount(mine)).toBe(before);
  });

  test.each([
    ['32,000 characters', 'a'.repeat(32_000)],
    ['32,000 emoji', '😀'.repeat(32_000)],
    ['32,000 characters amid white space', `  ${'ß'.repeat(32_000)}\n\n`],
  ])('a message of %s is accepted', async (_what, text) => {
    const { data } = await ask(SEND, { input: { conversationId: mine, text } });
    expect(data.sendMessage.__typename).toBe('SendMessageSuccess');
    expect(data.sendMessage.sentMessage.content === text.trim()).toBe(true);
  });

  test('half a surrogate pair is stored as U+FFFD', async () => {
    const { data } = await ask(SEND, { input: { conversationId: mine, text: 'half \uD83D of it' } });
    expect(data.sendMessage.sentMessage.content).toBe('half \uFFFD of it');
  });

  test('a title that is empty or too long is an InvalidInputError', async () => {
    for (const title of [' ', 'a'.repeat(201)]) {
      const { data } = await ask(UPDATE, { input: { conversationId: mine, title } });
      expect(data.updateConversation).toMatchObject({ fieldErrors: [{ path: 'title' }] });
    }
  });

  describe.each(BAD_IDS)('an id that is %s', (_what, idOf) => {
    test('[P-02] reads as null', async () => {
      const id = idOf();
      const { data, errors } = await ask(
        'query ($id: ID!) { node(id: $id) { id } conversation(id: $id) { id } }',
        { id },
      );
      expect({ data, errors }).toEqual({ data: { node: null, conversation: null }, errors: undefined });
    });

    test('[P-02] is a NotFoundError to every mutation', async () => {
      const conversationId = idOf();
      const { data } = await ask(EVERY_MUTATION, { conversationId });
      expect(Object.values(data)).toEqual(
        Array(7).fill({ __typename: 'NotFoundError', message: 'There is no such conversation.' }),
      );
    });
  });

  test('[P-51] an unexpected error is masked: the caller sees neither its message nor its stack', async () => {
    vi.spyOn(system.app.conversations, 'create').mockRejectedValueOnce(new Error('password=hunter2'));
    const result = await ask(CREATE, { input: {} });
    expect(result.errors).toMatchObject([
      { message: 'Something went wrong on our side.', extensions: { code: 'INTERNAL_SERVER_ERROR' } },
    ]);
    expect(JSON.stringify(result)).not.toMatch(/hunter2|stack|\.ts|node_modules/);
  });

  test.each([
    ['parsing', '{ viewer {', {}],
    ['validation', '{ viewer { shoeSize } }', {}],
    ['a variable', PAGES, { first: 'many' }],
    ['an argument', PAGES, { first: -1 }],
    ['limits', '{ conversations(first: 2147483647) { edges { node { id } } } }', {}],
  ])('an error of %s has only its message, place and code', async (_what, query, variables) => {
    const { errors = [] } = await ask(query, variables);
    expect(errors.length).toBeGreaterThan(0);
    for (const { message: _message, ...rest } of errors) {
      expect(['locations', 'path', 'extensions']).toEqual(expect.arrayContaining(Object.keys(rest)));
      expect(['code', 'argument']).toEqual(expect.arrayContaining(Object.keys(rest.extensions ?? {})));
    }
  });
});

describe('a subscription', () => {
  test('that selects too much is QUERY_TOO_COMPLEX', async () => {
    const aliases = Array.from({ length: 301 }, (_, n) => `a${n}: cursor`).join(' ');
    const query = `subscription ($id: ID!) { conversationEvents(conversationId: $id) { ${aliases} } }`;
    expect(codesOf(await overSocket(query, { id: mine }))).toEqual(['QUERY_TOO_COMPLEX']);
  });

  test.each(BAD_IDS)('of an id that is %s is NOT_FOUND', async (_what, idOf) => {
    const { errors } = await overSocket(EVENTS, { conversationId: idOf() });
    expect(errors).toMatchObject([{ extensions: { code: 'NOT_FOUND', argument: 'conversationId' } }]);
  });

  test.each([
    ['words', 'not a cursor'],
    ['nothing', ''],
    ['a cursor of a list', base64(`1 ${UUID}`)],
    ['a cursor with a negative number', 'abcdefgh.-1'],
    ['a cursor with too large a number', 'abcdefgh.9999999999999999'],
  ])('[P-15] after %s is BAD_USER_INPUT, not a reset', async (_what, after) => {
    const { data, errors } = await overSocket(EVENTS, { conversationId: mine, after });
    expect(data ?? null).toBeNull();
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'after' } }]);
  });

  test('that cannot be opened because of an internal error is masked', async () => {
    vi.spyOn(system.app.feed, 'subscribe').mockImplementationOnce(() => {
      throw new Error('password=hunter2');
    });
    const result = await overSocket(EVENTS, { conversationId: mine });
    expect(codesOf(result)).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(JSON.stringify(result)).not.toMatch(/hunter2|stack/);
  });

  test('that breaks because of an internal error is masked', async () => {
    vi.spyOn(system.app.feed, 'subscribe').mockReturnValueOnce(brokenFeed());
    const result = await overSocket(EVENTS, { conversationId: mine });
    expect(codesOf(result)).toEqual(['INTERNAL_SERVER_ERROR']);
    expect(JSON.stringify(result)).not.toMatch(/hunter2|stack/);
  });

  test('over SSE is refused with the same error', async () => {
    const request = { query: EVENTS, variables: { conversationId: NOBODYS } };
    const { body } = await post(system.url, request, { accept: 'text/event-stream' });
    expect(body).toMatch(/^event: next\ndata: .*"code":"NOT_FOUND"/m);
  });
});

async function overSocket(query: string, variables?: Data): Promise<GraphQLResult> {
  try {
    return await system.listen(query, variables).result();
  } catch (errors) {
    if (Array.isArray(errors)) return { errors };
    throw errors;
  }
}

function brokenFeed(): AsyncIterableIterator<never> {
  return {
    next: () => Promise.reject(new Error('password=hunter2')),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}

async function messageCount(id: string): Promise<number> {
  return (await system.request(CONVERSATION, { id })).data.conversation.messageCount;
}

function codesOf({ errors }: GraphQLResult): unknown[] | undefined {
  return errors?.map(({ extensions }) => extensions?.code);
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64');
}
