import {
  afterAll,
  afterEach,
  beforeAll,
  beforeEach,
  describe,
  expect,
  type MockInstance,
  test,
  vi,
} from 'vitest';
import { idAfter } from '../core/domain/ids.ts';
import { OwnRows } from '../core/store/own-rows.ts';
import { CompiledQuery } from '../server/graphql/compiled/compiled-query.ts';
import { describeBackends } from './support/backends.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { nodeId } from './support/node-ids.ts';
import { CONVERSATION, CONVERSATIONS } from './support/operations.ts';
import { requestAs, tokenFor, WITH_TOKENS } from './support/tokens.ts';

const PAGE = /* GraphQL */ `
  query Page($id: ID!, $last: Int = 50) {
    conversation(id: $id) { messages(last: $last) { nodes { id content } } }
  }
`;

await describeBackends('a query that is answered directly', (backend) => {
  let system: TestSystem;
  let token: string;
  const ids = { usual: idAfter(null), large: idAfter(null), others: idAfter(null) };
  let run: MockInstance<CompiledQuery['run']>;

  beforeAll(async () => {
    system = await startTestSystem({ ...(await backend.env()), ...WITH_TOKENS }, { worker: false });
    token = await tokenFor({ sub: 'alice', tenant: 'acme' });
    const { prisma } = system.app.database;
    for (const [id, owner, text] of [
      [ids.usual, 'alice', 'Is "that" so? é 漢 😀'],
      [ids.large, 'alice', 'é😀"'.repeat(5_000)],
      [ids.others, 'bob', 'a secret'],
    ] as const) {
      await prisma.conversation.create({
        data: {
          ...{ id, owner, tenant: 'acme', status: 'ACTIVE', model: 'a/b', provider: 'demo', pacing: 'HUMAN' },
          lastActivityAt: new Date(),
        },
      });
      await prisma.message.createMany({
        data: Array.from({ length: 30 }, (_, i) => ({
          ...{ id: idAfter(null), conversationId: id, content: `${text} ${i}`, status: 'COMPLETED' as const },
          role: i % 2 ? ('ASSISTANT' as const) : ('USER' as const),
        })),
      });
    }
  });
  afterAll(() => system?.stop());
  beforeEach(() => {
    run = vi.spyOn(CompiledQuery.prototype, 'run');
  });
  afterEach(() => run.mockRestore());

  /** `path`: with a question mark the engine's own layer answers. */
  async function answer(path: string, body: string, headers: Record<string, string> = {}) {
    const response = await fetch(`${system.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}`, ...headers },
      body,
    });
    const { date: _, 'x-request-id': id, ...others } = Object.fromEntries(response.headers);
    expect(id).toBeTruthy();
    return { status: response.status, headers: others, text: await response.text() };
  }

  /** Both answers, after the document has become known. */
  async function both(query: string, variables: object, headers?: Record<string, string>) {
    const body = JSON.stringify({ query, variables });
    const engines = await answer('/graphql?by=engine', body, headers);
    expect(run).not.toHaveBeenCalled();
    return { direct: await answer('/graphql', body, headers), engines };
  }

  test.each([
    ['the list', CONVERSATIONS, { first: 20 }],
    ['a conversation', CONVERSATION, { id: nodeId('Conversation', ids.usual) }],
    ['a page of messages', PAGE, { id: nodeId('Conversation', ids.usual) }],
    ['one of another owner', PAGE, { id: nodeId('Conversation', ids.others) }],
    ['a page that is written in parts', PAGE, { id: nodeId('Conversation', ids.large) }],
  ])('%s has the same bytes and headers as by the engine', async (_what, query, variables) => {
    const { direct, engines } = await both(query, variables);
    expect(direct).toEqual(engines);
    expect(direct.status).toBe(200);
    expect(run).toHaveBeenCalledTimes(1);
    expect(direct.text).not.toContain('a secret');
  });

  test.each([
    'application/json',
    'application/graphql-response+json, application/json',
    'application/json;q=0.5, application/graphql-response+json',
    '*/*',
    'text/html, application/*;q=0.8',
  ])('Accept: %s is answered with the media type that the engine chooses', async (accept) => {
    const { direct, engines } = await both(CONVERSATIONS, { first: 1 }, { accept });
    expect(direct).toEqual(engines);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test.each([
    ['a stream is accepted only', CONVERSATIONS, { first: 1 }, { accept: 'text/event-stream' }, 0],
    [
      'the media type has a quality of zero',
      CONVERSATIONS,
      { first: 1 },
      { accept: 'application/json;q=0, */*' },
      0,
    ],
    ['a variable is not valid', CONVERSATIONS, { first: 'many' }, {}, 1],
    ['an argument is not valid', CONVERSATIONS, { first: 101 }, {}, 1],
    ['a cursor is not one', CONVERSATIONS, { first: 1, after: 'none' }, {}, 1],
    ['another field is selected', '{ viewer { name } }', {}, {}, 0],
  ])('where %s, the engine answers', async (_why, query, variables, headers, tried) => {
    const { direct, engines } = await both(query, variables, headers);
    expect(direct).toEqual(engines);
    expect(run).toHaveBeenCalledTimes(tried);
  });

  test.each([
    ['is no JSON', '{'],
    ['is a list', JSON.stringify([{ query: CONVERSATIONS }])],
    ['has an unknown name', JSON.stringify({ query: CONVERSATIONS, variables: { first: 1 }, other: 1 })],
    [
      'has an operation that does not exist',
      JSON.stringify({ query: CONVERSATIONS, operationName: 'Other' }),
    ],
  ])('a body that %s is refused by the engine', async (_what, body) => {
    expect(await answer('/graphql', body)).toEqual(await answer('/graphql?by=engine', body));
    expect(run).not.toHaveBeenCalled();
  });

  test('of a document that is not known yet the engine answers the first', async () => {
    const body = JSON.stringify({ query: `${CONVERSATIONS} # once`, variables: { first: 1 } });
    const first = await answer('/graphql', body);
    expect(run).not.toHaveBeenCalled();
    expect(await answer('/graphql', body)).toEqual(first);
    expect(run).toHaveBeenCalledTimes(1);
  });

  test('it is masked where a read fails unexpectedly, as by the engine', async () => {
    await both(PAGE, { id: nodeId('Conversation', ids.usual) });
    const fails = vi.spyOn(OwnRows.prototype, 'messagesOf').mockRejectedValue(new Error('of the inside'));
    run.mockClear();
    const { direct, engines } = await both(PAGE, { id: nodeId('Conversation', ids.usual) });
    fails.mockRestore();
    expect(direct).toEqual(engines);
    expect(direct.text).toContain('Something went wrong on our side.');
    expect(direct.text).not.toContain('inside');
  });

  test('another owner gets nothing of it by the same document', async () => {
    const variables = { id: nodeId('Conversation', ids.usual) };
    await both(PAGE, variables);
    const other = await requestAs(
      system.url,
      await tokenFor({ sub: 'bob', tenant: 'acme' }),
      PAGE,
      variables,
    );
    expect(other).toEqual({ data: { conversation: null } });
    expect(run).toHaveBeenCalledTimes(2);
  });

  test('it is counted and timed as every operation', async () => {
    const count = async () => {
      const { values } = await system.app.metrics.graphqlOperations.get();
      const isOne = ({ labels }: (typeof values)[number]) =>
        labels.operation === 'conversations' && labels.outcome === 'ok';
      return values.find(isOne)?.value ?? 0;
    };
    await both(CONVERSATIONS, { first: 1 });
    const before = await count();
    await both(CONVERSATIONS, { first: 1 }).catch(() => {});
    expect(await count()).toBeGreaterThan(before);
  });
});

describe('an answer', () => {
  test('that is too large is refused directly as by the engine', async () => {
    const system = await startTestSystem({ RESPONSE_MAX_BYTES: '65536' }, { worker: false });
    try {
      const id = idAfter(null);
      const { prisma } = system.app.database;
      await prisma.conversation.create({
        data: {
          ...{ id, owner: 'local', tenant: 'default', status: 'ACTIVE', model: 'a/b', provider: 'demo' },
          ...{ pacing: 'HUMAN', lastActivityAt: new Date() },
        },
      });
      await prisma.message.createMany({
        data: Array.from({ length: 10 }, () => ({
          ...{
            id: idAfter(null),
            conversationId: id,
            content: 'x'.repeat(10_000),
            status: 'COMPLETED' as const,
          },
          role: 'USER' as const,
        })),
      });
      const ask = () => system.request(PAGE, { id: nodeId('Conversation', id) });
      const [engines, direct] = [await ask(), await ask()];
      expect(direct).toEqual(engines);
      expect(direct.errors?.[0]?.extensions?.code).toBe('RESPONSE_TOO_LARGE');
      expect(direct.data).toBeNull();
    } finally {
      await system.stop();
    }
  });
});
