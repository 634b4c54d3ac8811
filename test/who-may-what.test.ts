import { randomUUID } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import {
  type GraphQLField,
  type GraphQLObjectType,
  getNamedType,
  isInterfaceType,
  isObjectType,
} from 'graphql';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { API_SCOPES } from '../core/domain/vocabulary.ts';
import { subgraphSchema } from '../server/graphql/schema/subgraph.ts';
import { Frames } from './support/frames.ts';
import { type Data, type GraphQLResult, startTestSystem, type TestSystem } from './support/harness.ts';
import { sumOf } from './support/held.ts';
import { nodeId } from './support/node-ids.ts';
import { CREATE, SEND } from './support/operations.ts';
import { ERROR, type Things, TRIES, type Try, variablesIn } from './support/root-fields.ts';
import { createApiToken, requestAs, tokenFor, WITH_TOKENS } from './support/tokens.ts';

const schema = subgraphSchema();
const ROOTS = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()] as const;

const FIELDS = ROOTS.flatMap((root) =>
  Object.values(root?.getFields() ?? {}).map((field) => [`${root}.${field.name}`, field] as const),
);

let system: TestSystem;
let alices: Things;
const ALICE = { sub: 'alice', tenant: 'acme' };

beforeAll(async () => {
  // On the embedded database, which has no second wall: what holds here is the code.
  system = await startTestSystem({ ...WITH_TOKENS, FEDERATION: '1', DATABASE_URL: '' });
  alices = await thingsOf(await tokenFor(ALICE));
});
afterAll(() => system.stop());

/** Makes a caller something of each kind. */
async function thingsOf(token: string): Promise<Things> {
  const created = await requestAs(system.url, token, CREATE, { input: { greet: false } });
  const conversation = created.data.createConversation.conversation.id;
  const input = { conversationId: conversation, text: 'A secret of hers' };
  const sent = await requestAs(system.url, token, SEND, { input });
  const { apiToken } = await createApiToken(system.url, token, {
    name: 'hers',
    scopes: ['CONVERSATIONS_READ'],
  });
  const call = await system.upstream.nextRequest();
  await call.send('An answer');
  await call.finish();
  const { prisma } = system.app.database;
  // What is compared later must not change by itself: the answer is stored, and what it means is published.
  const settled = { tenant: 'acme', pendingTurnId: null, outboxSince: null, messageCount: 2 };
  await vi.waitFor(() => prisma.conversation.findFirstOrThrow({ where: settled }), {
    timeout: 60_000,
    interval: 20,
  });
  const row = await vi.waitFor(() => prisma.inferenceLog.findFirstOrThrow({ where: { tenant: 'acme' } }), {
    timeout: 60_000,
    interval: 20,
  });
  return {
    conversation,
    message: sent.data.sendMessage.sentMessage.id,
    inferenceLog: nodeId('InferenceLog', row.id),
    apiToken: apiToken.id,
  };
}

function absent(): Things {
  return {
    conversation: nodeId('Conversation', randomUUID()),
    message: nodeId('Message', randomUUID()),
    inferenceLog: nodeId('InferenceLog', randomUUID()),
    apiToken: nodeId('ApiToken', randomUUID()),
  };
}

/** The result of an operation; of a subscription its refusal, or that it was begun. */
async function tried(field: string, token: string, things: Things): Promise<GraphQLResult> {
  const { query } = TRIES[field] as Try;
  const variables = variablesIn(query, things);
  if (!field.startsWith('Subscription.')) return requestAs(system.url, token, query, variables);
  const frames = await Frames.open(system.url);
  frames.send({ type: 'connection_init', payload: { authorization: `Bearer ${token}` } });
  await frames.next();
  const before = await openSubscriptions();
  frames.send({ id: 'a', type: 'subscribe', payload: { query, variables } });
  let result: GraphQLResult | null = null;
  const answered = refusalIn(frames).then((answer) => {
    result = answer;
  });
  // A subscription says nothing while nothing happens: it is refused, or it is counted as open.
  while (!result && (await openSubscriptions()) === before) await setImmediate();
  if (!result) frames.send({ id: 'b', type: 'subscribe', payload: { query: '{ viewer { id } }' } });
  await answered;
  await frames.close();
  await expect.poll(openSubscriptions, { interval: 5 }).toBe(before);
  return result ?? {};
}

/** Reads until the subscription `a` is refused, or the query `b` that was sent after it is answered. */
async function refusalIn(frames: Frames): Promise<GraphQLResult> {
  for (;;) {
    const { id, type, payload }: Data = await frames.next();
    if (id === 'a' && type === 'error') return { errors: payload };
    if (id === 'a' && type === 'next' && payload.errors) return payload;
    if (id === 'b' && type === 'complete') return { data: 'begun' };
  }
}

const openSubscriptions = () => sumOf(system.app.metrics.subscriptionsActive);

/** Everything that is stored of Alice's. */
async function stored(): Promise<unknown> {
  const { prisma } = system.app.database;
  return Promise.all([
    prisma.conversation.findMany({ where: { tenant: 'acme' }, include: { messages: true } }),
    prisma.apiToken.findMany({ where: { tenant: 'acme', name: 'hers' } }),
    prisma.inferenceLog.findMany({ where: { tenant: 'acme' } }),
  ]);
}

test('every root field has a rule, and is tried here', () => {
  expect(FIELDS.length).toBeGreaterThan(20);
  const without = FIELDS.filter(([, field]) => !hasRule(field)).map(([name]) => name);
  expect(without).toEqual([]);
  expect(Object.keys(TRIES).sort()).toEqual(FIELDS.map(([name]) => name).sort());
});

function hasRule(field: GraphQLField<unknown, unknown>): boolean {
  const { pothosOptions } = field.extensions as { pothosOptions?: { authScopes?: object } };
  return Object.keys(pothosOptions?.authScopes ?? {}).length > 0;
}

test('what belongs to somebody is reached by root fields alone, and by fields of what was reached', () => {
  // A type of rows that another type leads to would need a rule of its own.
  const owned = ['Conversation', 'Message', 'ApiToken', 'InferenceLog'];
  const leads = Object.values(schema.getTypeMap()).flatMap((type) =>
    (isObjectType(type) || isInterfaceType(type)) && !ROOTS.includes(type as GraphQLObjectType)
      ? Object.values(type.getFields())
          .filter((field) => owned.includes(getNamedType(field.type).name))
          .map((field) => `${type.name}.${field.name}`)
      : [],
  );
  const known =
    /^(?:\w+Success|\w+Edge|\w+Connection|MessageAdded|TurnCompleted|TurnInterrupted|TurnFailed)\./;
  expect(leads.filter((lead) => !known.test(lead)).sort()).toEqual([
    // Each is read for the viewer alone, or is of a row that was.
    'ConversationChange.conversation',
    'Viewer.apiTokens',
  ]);
});

describe.each(Object.keys(TRIES))('%s', (field) => {
  const { scope, roles, refusal } = TRIES[field] as Try;
  const asRole = (role: string) => tokenFor({ sub: 'mallory', tenant: 'evil', role });

  test('is refused to a caller without a token', async () => {
    const { query } = TRIES[field] as Try;
    const result = await requestAs(system.url, null, query, variablesIn(query, alices));
    expect(result).toEqual({
      errors: [{ message: expect.any(String), extensions: { code: 'UNAUTHENTICATED' } }],
    });
  });

  test.each([
    ['another user of the tenant', { sub: 'mallory', tenant: 'acme', role: 'USER' }],
    ["another tenant's user of the same id", { sub: 'alice', tenant: 'evil', role: 'USER' }],
    ["another tenant's admin", { sub: 'mallory', tenant: 'evil', role: 'ADMIN' }],
    ['a service', { sub: 'mallory', tenant: 'evil', role: 'SERVICE' }],
  ])(
    '[P-78] answers %s about what is not theirs as about what does not exist, and does nothing',
    async (_who, claims) => {
      const token = await tokenFor(claims);
      const before = await stored();
      const foreign = await tried(field, token, alices);
      expect(withoutIds(foreign)).toEqual(withoutIds(await tried(field, token, absent())));
      expect(JSON.stringify(foreign)).not.toContain('A secret of hers');
      expect(await stored()).toEqual(before);
    },
  );

  test.each(['USER', 'ADMIN', 'OPERATOR', 'SERVICE'])(
    '[P-79] is for %s if its rule says so',
    async (role) => {
      const result = await tried(field, await asRole(role), absent());
      if (!roles || roles.includes(role)) expect(codesOf(result)).not.toContain('FORBIDDEN');
      else expect(codesOf(result)).toEqual(['FORBIDDEN']);
    },
  );

  test('[P-79] is for API tokens of its scope alone', async () => {
    // Each of its own, because an owner can have 100.
    const owner = await tokenFor({ sub: field, role: 'OPERATOR' });
    for (const given of API_SCOPES) {
      const { secret } = await createApiToken(system.url, owner, { name: given, scopes: [given] });
      const result = await tried(field, secret, absent());
      const isEnough =
        scope === null ||
        scope === given ||
        (scope === 'CONVERSATIONS_READ' && given === 'CONVERSATIONS_WRITE');
      if (isEnough || refusal === 'null') expect([given, codesOf(result)]).not.toContainEqual(['FORBIDDEN']);
      else expect([given, codesOf(result)]).toEqual([given, ['FORBIDDEN']]);
    }
  });
});

/** Errors and messages may quote the ids of the call. */
function withoutIds(result: GraphQLResult): unknown {
  return JSON.parse(JSON.stringify(result).replace(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>'));
}

function codesOf({ errors }: GraphQLResult): unknown[] {
  return (errors ?? []).map(({ extensions }) => extensions?.code);
}

describe('node(id:)', () => {
  const NODE = 'query ($id: ID!) { node(id: $id) { __typename id } }';
  const types = schema.getPossibleTypes(
    schema.getType('Node') as Parameters<typeof schema.getPossibleTypes>[0],
  );
  const BY_TYPE: Record<string, keyof Things> = {
    Conversation: 'conversation',
    Message: 'message',
    InferenceLog: 'inferenceLog',
    ApiToken: 'apiToken',
  };

  test.each(types.map(({ name }) => name))(
    'answers a %s to those who may read it, and null to all others',
    async (type) => {
      const id = alices[BY_TYPE[type] as keyof Things];
      const isTelemetry = type === 'InferenceLog';
      const ask = async (claims: Parameters<typeof tokenFor>[0]) =>
        (await requestAs(system.url, await tokenFor(claims), NODE, { id })).data.node;
      const found = { __typename: type, id };
      expect(await ask(ALICE)).toEqual(isTelemetry ? null : found);
      expect(await ask({ ...ALICE, role: 'ADMIN' })).toEqual(found);
      expect(await ask({ sub: 'bob', tenant: 'acme' })).toBeNull();
      expect(await ask({ sub: 'bob', tenant: 'acme', role: 'ADMIN' })).toEqual(isTelemetry ? found : null);
      expect(await ask({ sub: 'alice', tenant: 'evil', role: 'ADMIN' })).toBeNull();
      expect(await ask({ sub: 'alice', tenant: 'evil', role: 'OPERATOR' })).toEqual(
        isTelemetry ? found : null,
      );
      expect(await ask({ sub: 'alice', tenant: 'evil', role: 'SERVICE' })).toBeNull();
    },
  );

  test('answers nothing to an API token without the scope', async () => {
    const owner = await tokenFor({ ...ALICE, role: 'ADMIN' });
    const { secret } = await createApiToken(system.url, owner, { name: 'w', scopes: ['TELEMETRY_WRITE'] });
    for (const id of Object.values(alices))
      expect(await requestAs(system.url, secret, NODE, { id })).toEqual({ data: { node: null } });
  });
});

const INGEST = /* GraphQL */ `
  mutation ($input: IngestInferenceInput!) {
    ingestInference(input: $input) { ... on IngestInferenceSuccess { id } ${ERROR} }
  }
`;
const MEASURED = {
  ...{ model: 'm', provider: 'p', status: 'SUCCESS', latencyMs: 1, inputTokens: 1, outputTokens: 1 },
};

test('telemetry that a service reports is of its tenant, whatever conversation it names', async () => {
  const service = await tokenFor({ sub: 'svc', tenant: 'evil', role: 'SERVICE' });
  const input = { ...MEASURED, conversationId: alices.conversation, inputText: 'planted' };
  const { data } = await requestAs(system.url, service, INGEST, { input });
  const LOG = 'query ($id: ID!) { node(id: $id) { ... on InferenceLog { conversationId inputPreview } } }';
  const readAs = async (claims: Parameters<typeof tokenFor>[0]) =>
    (await requestAs(system.url, await tokenFor(claims), LOG, { id: data.ingestInference.id })).data.node;
  await expect
    .poll(() => readAs({ sub: 'x', tenant: 'evil', role: 'ADMIN' }), { interval: 20 })
    .toEqual({ conversationId: null, inputPreview: null });
  expect(await readAs({ sub: 'x', tenant: 'acme', role: 'ADMIN' })).toBeNull();
});

test('telemetry of a tenant is stored whatever keys the services of others have used', async () => {
  const input = { ...MEASURED, idempotencyKey: randomUUID() };
  const LOG = 'query ($id: ID!) { node(id: $id) { id } }';
  for (const tenant of ['evil', 'acme', 'default']) {
    const report = async () =>
      requestAs(system.url, await tokenFor({ sub: 'svc', tenant, role: 'SERVICE' }), INGEST, { input });
    const { id } = (await report()).data.ingestInference;
    expect((await report()).data.ingestInference).toMatchObject({ id });
    const admin = await tokenFor({ sub: 'x', tenant, role: 'ADMIN' });
    await expect
      .poll(async () => (await requestAs(system.url, admin, LOG, { id })).data.node, { interval: 20 })
      .toEqual({ id });
  }
});
