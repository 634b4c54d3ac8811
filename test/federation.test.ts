import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { buildSchema, findBreakingChanges, lexicographicSortSchema, printSchema } from 'graphql';
import { createClient } from 'graphql-ws';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { DEFAULT_TENANT } from '../core/domain/owner.ts';
import { OwnRows } from '../core/store/own-rows.ts';
import { schema } from '../server/graphql/schema/schema.ts';
import { subgraphSchema } from '../server/graphql/schema/subgraph.ts';
import { type Data, type GraphQLResult, Heard, startTestSystem, type TestSystem } from './support/harness.ts';
import { HeldResources } from './support/held.ts';
import { nodeId, rowIdOf } from './support/node-ids.ts';
import * as ask from './support/protocol-documents.ts';
import { StreamReader } from './support/stream-reader.ts';

/** The product as a subgraph: queried as a gateway does, then by a gateway that also has a subgraph of a third party. */
let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem({ FEDERATION: '1', IDLE_NUDGE_MS: '3600000' });
  system.upstream.answerAll('Well, hello there. It is good to hear from you.');
});
afterAll(() => system.stop());

async function conversation(): Promise<{ id: string; after: string }> {
  const { data } = await system.request(ask.CREATE, { input: { greet: false, pacing: 'INSTANT' } });
  const { id, latestEventCursor: after } = data.createConversation.conversation;
  return { id, after };
}

/** Says something in it and waits for the answer. Returns every event of both. */
async function exchange({ id, after }: { id: string; after: string }): Promise<Data[]> {
  const heard = system.listen(ask.EVENTS, { id, after });
  await system.request(ask.SEND, { input: { conversationId: id, text: 'Hi' } });
  const events = await heard.until('TurnCompleted');
  heard.stop();
  return events;
}

const ENTITIES = /* GraphQL */ `
  query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      __typename
      ... on Conversation { id latestEventCursor messages(first: 1) { nodes { id } } }
      ... on Message { id content }
    }
  }
`;
const SMALL =
  'query ($representations: [_Any!]!) { _entities(representations: $representations) { __typename } }';
const entities = (representations: unknown[]) => system.request(ENTITIES, { representations });
const conversationOf = (id: unknown) => ({ __typename: 'Conversation', id });
const messageOf = (id: unknown) => ({ __typename: 'Message', id });

test('[P-74] the setting only adds to the schema, and without it the schema is unchanged', () => {
  const contract = readFileSync(new URL('../schema.graphql', import.meta.url), 'utf8');
  expect(findBreakingChanges(buildSchema(contract), subgraphSchema())).toEqual([]);
  expect(Object.keys(subgraphSchema().getQueryType()?.getFields() ?? {})).toContain('_entities');
  expect(`${printSchema(lexicographicSortSchema(schema))}\n`).toBe(contract);
});

describe('a reference to an entity', () => {
  let id: string;
  let messageId: string;
  afterEach(() => vi.restoreAllMocks());
  beforeAll(async () => {
    const mine = await conversation();
    id = mine.id;
    messageId = (await exchange(mine))[0].message.id;
  });

  test('[P-74] is resolved, of each type, in the order of the references, also when repeated', async () => {
    const other = await conversation();
    const references = [messageOf(messageId), conversationOf(other.id), conversationOf(id)];
    const { data, errors } = await entities([...references, ...references]);
    expect(errors).toBeUndefined();
    const found = data._entities.map(({ __typename, id }: Data) => ({ __typename, id }));
    expect(found).toEqual([...references, ...references]);
    expect(data._entities[0].content).toBe('Hi');
    expect(data._entities[1]).toMatchObject({ latestEventCursor: other.after, messages: { nodes: [] } });
    expect(data._entities[2].messages.nodes).toEqual([{ id: messageId }]);
  });

  test('is read together with all others of its type', async () => {
    const others = await Promise.all([conversation(), conversation(), conversation()]);
    const find = reads();
    await system.request(SMALL, { representations: others.map((one) => conversationOf(one.id)) });
    expect(find.queries()).toHaveLength(1);
  });

  test('to messages is read in pages like those of other lists', async () => {
    const conversationId = rowIdOf((await conversation()).id);
    const rows = Array.from({ length: 250 }, () => ({ id: uuidv7(), conversationId, content: 'Hi' }));
    await system.app.database.prisma.message.createMany({
      data: rows.map((row) => ({ ...row, role: 'USER', status: 'COMPLETED' })),
    });
    const read = vi.spyOn(OwnRows.prototype, 'messages');
    const representations = rows.map((row) => messageOf(nodeId('Message', row.id)));
    const { data } = await system.request(ENTITIES, { representations });
    expect(data._entities.map((one: Data) => one.id)).toEqual(representations.map(({ id }) => id));
    expect(read.mock.calls.map(([ids]) => ids.length)).toEqual([100, 100, 50]);
  });

  test.each([
    ['nobody’s', async () => nodeId('Conversation', '019a0000-0000-7000-8000-000000000000')],
    ['somebody else’s', () => strangersConversation().then((one) => one.conversation)],
    ['of another type', async () => messageId],
    ['of a type without entities', async () => nodeId('InferenceLog', rowIdOf(id))],
    ['no id', async () => 'no id'],
    ['a number', async () => 7],
    ['null', async () => null],
    ['left out', async () => undefined],
  ])('[P-74] whose id is %s is null, not an error', async (_what, idOf) => {
    const { data, errors } = await entities([conversationOf(id), conversationOf(await idOf())]);
    expect(errors).toBeUndefined();
    expect(data._entities).toEqual([expect.objectContaining({ id }), null]);
  });

  test('to a message that has the id of a conversation in the same request is null', async () => {
    const { data } = await entities([conversationOf(id), messageOf(nodeId('Message', rowIdOf(id)))]);
    expect(data._entities).toEqual([expect.objectContaining({ id }), null]);
  });

  test('[P-74] to a message of somebody else’s conversation is null, not an error', async () => {
    const { message } = await strangersConversation();
    const { data, errors } = await entities([messageOf(message)]);
    expect({ data, errors }).toEqual({ data: { _entities: [null] }, errors: undefined });
  });

  test.each([
    ['of a type that is not an entity', { __typename: 'Viewer', id: 'local' }],
    ['of an unknown type', { __typename: 'constructor', id: 'local' }],
    ['without a type', { id: 'local' }],
    ['a word', 'Conversation'],
    ['a list', [[]]],
  ])('that is %s is BAD_USER_INPUT', async (_what, reference) => {
    const { errors } = await entities([reference]);
    expect(errors).toMatchObject([{ extensions: { code: 'BAD_USER_INPUT', argument: 'representations' } }]);
  });

  test('that the caller does not own reads no feed', async () => {
    const look = vi.spyOn(system.app.feed, 'state');
    const nobodys = [1, 2, 3].map((n) => nodeId('Conversation', `019a0000-0000-7000-8000-00000000000${n}`));
    await entities([...nobodys, id].map(conversationOf));
    const looked = new Set(look.mock.calls.map(([of]) => of));
    expect(looked).toEqual(new Set([rowIdOf(id)]));
  });

  test('[P-74] beyond the limit of a request is BAD_USER_INPUT, and none is read', async () => {
    const find = reads();
    const many = (count: number) => Array.from({ length: count }, () => conversationOf(id));
    for (const count of [1_001, 9_000]) {
      const { errors } = await system.request(SMALL, { representations: many(count) });
      expect(errors).toMatchObject([
        { message: /1000/, extensions: { code: 'BAD_USER_INPUT', argument: 'representations' } },
      ]);
    }
    expect(find.queries()).toEqual([]);
    const { data } = await system.request(SMALL, { representations: many(1_000) });
    expect(data._entities).toHaveLength(1_000);
  });

  test('counts as an item of a page: many references that select pages are QUERY_TOO_COMPLEX', async () => {
    const query = ENTITIES.replace('first: 1)', 'first: 100)');
    const representations = Array.from({ length: 900 }, () => conversationOf(id));
    const { errors } = await system.request(query, { representations });
    expect(errors).toMatchObject([{ extensions: { code: 'QUERY_TOO_COMPLEX' } }]);
  });

  /** The queries for the viewer's conversations from now on. */
  function reads() {
    const read = vi.spyOn(OwnRows.prototype, 'conversations');
    return { queries: () => read.mock.calls };
  }

  /** A conversation of another owner, with a message. */
  async function strangersConversation() {
    const { turns, conversations, models } = system.app;
    const owner = { owner: 'somebody else', tenant: DEFAULT_TENANT };
    const of = { owner, model: models.default.id, pacing: 'INSTANT' as const, greet: false };
    const row = await conversations.create(of);
    const { message } = await turns.send({ conversationId: row.id, owner, text: 'Mine' });
    return { conversation: nodeId('Conversation', row.id), message: nodeId('Message', message.id) };
  }
});

const STRANGERS = fileURLToPath(new URL('strangers', import.meta.url));
if (existsSync(`${STRANGERS}/node_modules`)) describeGateway();
else describe('SKIPPED: a gateway: no test/strangers/node_modules here', () => test.skip('it', () => {}));

function describeGateway() {
  test('[P-74] it composes with a subgraph that also has PageInfo and node, which it does not without the setting', async () => {
    const { data } = await system.request('{ _service { sdl } }');
    const sdl: string = data._service.sdl;
    const [none, ...faults] = faultsOf([
      sdl,
      readFileSync(`${STRANGERS}/../../schema.graphql`, 'utf8'),
      sdl.replace('type PageInfo @shareable', 'type PageInfo'),
      sdl.replace('type Query {', 'type Query { node(id: ID!): Node'),
    ]);
    expect(none).toEqual([]);
    expect(faults.map((one) => one.join())).toEqual([
      expect.stringContaining('Query.node'),
      expect.stringContaining('PageInfo.hasNextPage'),
      expect.stringContaining('Query.node'),
    ]);
  });

  /** The errors of composing each SDL with tickets. */
  function faultsOf(sdls: readonly string[]): string[][] {
    const input = JSON.stringify(sdls);
    const { stdout } = spawnSync(process.execPath, ['compose.mjs'], { cwd: STRANGERS, input });
    return JSON.parse(stdout.toString());
  }

  describe('a gateway', () => {
    let child: ChildProcess;
    let gateways: { ws: string; sse: string };
    beforeAll(async () => {
      child = spawn(process.execPath, ['gateway.mjs', `${system.url}/graphql`], {
        cwd: STRANGERS,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [line] = await once(createInterface({ input: child.stdout as NodeJS.ReadableStream }), 'line');
      gateways = JSON.parse(line).gateways;
    });
    afterAll(async () => {
      child.kill('SIGKILL');
      await once(child, 'exit');
    });

    async function request(query: string, variables: Data): Promise<GraphQLResult> {
      const response = await fetch(gateways.ws, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as GraphQLResult;
    }

    test('[P-74] joins conversations with the data of another subgraph, in both directions', async () => {
      const [one, other] = await Promise.all([conversation(), conversation()]);
      await exchange(one);
      const { data, errors } = await request(
        /* GraphQL */ `
          query ($id: ID!, $ids: [ID!]!) {
            conversation(id: $id) { messages { nodes { content } pageInfo { hasNextPage } } ticket { id openedAt } }
            tickets(conversationIds: $ids) {
              nodes { conversation { id messageCount latestEventCursor } }
              pageInfo { hasNextPage }
            }
          }
        `,
        { id: one.id, ids: [other.id, one.id] },
      );
      expect(errors).toBeUndefined();
      const ticket = { id: `ticket of ${one.id}`, openedAt: '2026-11-30T00:00:00.000Z' };
      expect(data.conversation).toMatchObject({ ticket, messages: { nodes: [{ content: 'Hi' }, {}] } });
      expect(data.tickets.nodes).toMatchObject([
        { conversation: { id: other.id, messageCount: 0, latestEventCursor: other.after } },
        { conversation: { id: one.id, messageCount: 2 } },
      ]);
    });

    test('[P-74] joins the events of a subscription', async () => {
      const CHANGES = 'subscription { changes: conversationChanges { conversation { id ticket { id } } } }';
      const heard = await overWebSocket(gateways.ws, CHANGES, {});
      await new HeldResources(system, '', {}).untilSubscriptions(1);
      const { id } = await conversation();
      expect(await heard.event()).toEqual({ conversation: { id, ticket: { id: `ticket of ${id}` } } });
      await heard.leave();
    });

    test('reads a reference that names nothing as null', async () => {
      const nobodys = nodeId('Conversation', '019a0000-0000-7000-8000-000000000000');
      const query =
        'query ($ids: [ID!]!) { tickets(conversationIds: $ids) { nodes { id conversation { status } } } }';
      const { data } = await request(query, { ids: [nobodys] });
      expect(data.tickets.nodes).toEqual([{ id: `ticket of ${nobodys}`, conversation: null }]);
    });

    test('[P-74] passes on a mutation, its result and the error for a wrong input', async () => {
      const { id } = await conversation();
      const rename = /* GraphQL */ `
        mutation ($input: UpdateConversationInput!) {
          updateConversation(input: $input) {
            __typename
            ... on UpdateConversationSuccess { conversation { title ticket { id } } }
            ... on InvalidInputError { fieldErrors { path } }
          }
        }
      `;
      const renamed = await request(rename, { input: { conversationId: id, title: 'Of tickets' } });
      expect(renamed).toEqual({
        data: {
          updateConversation: {
            __typename: 'UpdateConversationSuccess',
            conversation: { title: 'Of tickets', ticket: { id: `ticket of ${id}` } },
          },
        },
      });
      const refused = await request(rename, { input: { conversationId: id, title: ' ' } });
      expect(refused.data.updateConversation).toEqual({
        __typename: 'InvalidInputError',
        fieldErrors: [{ path: 'title' }],
      });
    });

    describe.each(['ws', 'sse'] as const)('that follows by %s', (transport) => {
      test.each([
        ['WebSocket', overWebSocket],
        ['server-sent events', overServerSentEvents],
      ])(
        '[P-74] resumes over %s after a cursor without loss or repetition, and leaves nothing open',
        async (_name, listen) => {
          const mine = await conversation();
          const whole = await exchange(mine);
          expect(whole.length).toBeGreaterThan(4);
          const before = await listen(gateways[transport], ask.EVENTS, mine);
          const heard = [await before.event(), await before.event()];
          await before.leave();
          const after = heard.at(-1).cursor;
          const events = await listen(gateways[transport], ask.EVENTS, { id: mine.id, after });
          while (heard.at(-1).__typename !== 'TurnCompleted') heard.push(await events.event());
          expect(heard).toEqual(whole);

          // Live, too.
          await system.request(ask.END, { id: mine.id });
          expect(await events.event()).toMatchObject({ __typename: 'ConversationEnded' });
          const held = new HeldResources(system, rowIdOf(mine.id), {});
          await held.untilSubscriptions(1);
          await events.leave();
          await held.untilSubscriptions(0);
        },
      );
    });
  });
}

interface Listening {
  event(): Promise<Data>;
  leave(): Promise<void>;
}

async function overWebSocket(url: string, query: string, variables: Data): Promise<Listening> {
  const client = createClient({ url: url.replace('http', 'ws'), webSocketImpl: WebSocket, retryAttempts: 0 });
  const heard = new Heard(client, query, variables);
  return { event: () => heard.event(), leave: async () => client.dispose() };
}

async function overServerSentEvents(url: string, query: string, variables: Data): Promise<Listening> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
    body: JSON.stringify({ query, variables }),
  });
  const reader = new StreamReader(response, '\n\n');
  return {
    async event() {
      const { data } = await reader.event();
      if (data.errors) throw new Error(JSON.stringify(data.errors));
      return data.data.conversationEvents;
    },
    leave: () => reader.leave(),
  };
}
