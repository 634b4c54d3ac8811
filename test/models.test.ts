import { afterEach, expect, test } from 'vitest';
import { startTestProxy } from './support/forward-proxy.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { rowIdOf } from './support/node-ids.ts';
import { CREATE, EVENTS, REGENERATE, SEND, UPDATE } from './support/operations.ts';
import { type ScriptedUpstream, startScriptedUpstream } from './support/scripted-model/scripted.ts';

const MODELS = /* GraphQL */ `
  query Models { models { id name vendor contextWindow isDefault isAvailable } }
`;

let system: TestSystem | undefined;
let upstream: ScriptedUpstream | undefined;
afterEach(async () => {
  await system?.stop();
  await upstream?.close();
});

async function start(env: Record<string, string>): Promise<TestSystem> {
  system = await startTestSystem({ IDLE_NUDGE_MS: '3600000', ...env });
  return system;
}

async function call(document: string, input: Data): Promise<Data> {
  return Object.values((await system?.request(document, { input }))?.data)[0];
}

const modelsOf = async (): Promise<Data[]> => (await system?.request(MODELS))?.data.models;
const create = (input: Data = {}): Promise<Data> =>
  call(CREATE, { greet: false, pacing: 'INSTANT', ...input });

/** Sends a message and returns how its turn started. */
async function startedWith({ id, latestEventCursor }: Data): Promise<Data> {
  const listener = system?.listen(EVENTS, { conversationId: id, after: latestEventCursor });
  await call(SEND, { conversationId: id, text: 'Hello?' });
  return (await listener?.until('TurnStarted'))?.at(-1);
}

test('the address of a server is enough: the models that it lists are offered, and the first one answers', async () => {
  upstream = await startScriptedUpstream({
    models: ['llama3.2:latest', 'qwen3:8b', 'nomic-embed-text:latest'],
  });
  await start({ OPENAI_BASE_URL: upstream.baseURL });
  const { host } = new URL(upstream.baseURL);
  expect(await modelsOf()).toEqual([
    {
      ...{ id: 'llama3.2:latest', name: 'llama3.2:latest', vendor: host },
      ...{ contextWindow: null, isDefault: true, isAvailable: true },
    },
    {
      ...{ id: 'qwen3:8b', name: 'qwen3:8b', vendor: host },
      ...{ contextWindow: null, isDefault: false, isAvailable: true },
    },
  ]);
  const { conversation } = await create();
  expect(await startedWith(conversation)).toMatchObject({ model: { id: 'llama3.2:latest' }, fallback: null });
  expect((await upstream.nextRequest()).model).toBe('llama3.2:latest');
});

test('a conversation that began with Demo keeps its title, and goes on with a model', async () => {
  upstream = await startScriptedUpstream({ models: ['m'] });
  const { app } = await start({ OPENAI_BASE_URL: upstream.baseURL });
  const { conversation } = await create();
  const { id } = conversation;
  await app.database.prisma.conversation.update({ where: { id: rowIdOf(id) }, data: { model: 'demo' } });
  const ASK = 'query Ask($id: ID!) { conversation(id: $id) { model { id name vendor isAvailable } } }';
  expect((await system?.request(ASK, { id }))?.data.conversation.model).toEqual({
    ...{ id: 'demo', name: 'Demo', vendor: 'TaskFlow', isAvailable: false },
  });
  expect(await startedWith(conversation)).toMatchObject({
    ...{ model: { id: 'm' }, fallback: { requestedModel: { id: 'demo' }, unavailability: 'RETIRED' } },
  });
});

test('an address without its /v1, or with the path of a request, is corrected', async () => {
  upstream = await startScriptedUpstream({ models: ['m'] });
  for (const path of ['', '/v1/chat/completions']) {
    await start({ OPENAI_BASE_URL: upstream.baseURL.replace('/v1', path) });
    await startedWith((await create()).conversation);
    expect((await upstream.nextRequest()).model).toBe('m');
    await system?.stop();
  }
});

test('a model that the server has added since is found when it is named', async () => {
  const models = ['m'];
  upstream = await startScriptedUpstream({ models });
  await start({ OPENAI_BASE_URL: upstream.baseURL });
  models.push('new');
  // The list is not read again within two seconds.
  const named = () => create({ model: 'new' });
  await expect.poll(named, { timeout: 60_000 }).toMatchObject({ conversation: { model: { id: 'new' } } });
  expect((await modelsOf()).map(({ id }) => id)).toEqual(['m', 'new']);
});

test('requests for lists and answers go through the configured proxy', async () => {
  upstream = await startScriptedUpstream({ models: ['m'] });
  const proxy = await startTestProxy(Number(new URL(upstream.baseURL).port));
  await start({ OPENAI_BASE_URL: 'http://models.example/v1', HTTP_PROXY: proxy.address });
  await startedWith((await create()).conversation);
  expect((await upstream.nextRequest()).model).toBe('m');
  expect(proxy.asked[0]).toBe('GET http://models.example/v1/models');
  expect(proxy.asked.at(-1)).toBe('POST http://models.example/v1/chat/completions');
  proxy.close();
});

test('a server that is unreachable does not prevent a start', async () => {
  const gone = await startScriptedUpstream();
  await gone.close();
  await start({ OPENAI_BASE_URL: gone.baseURL });
  expect(await modelsOf()).toMatchObject([{ id: 'default', isDefault: true, isAvailable: true }]);
  const { conversation } = await create({ model: 'default' });
  expect(conversation.model.id).toBe('default');
});

test('without a key Demo answers under its own name, and the other models are shown as needing a key', async () => {
  await start({ OPENAI_BASE_URL: '' });
  const [demo, ...others] = await modelsOf();
  expect(demo).toMatchObject({
    id: 'demo',
    name: 'Demo',
    vendor: 'TaskFlow',
    isDefault: true,
    isAvailable: true,
  });
  expect(others.length).toBeGreaterThan(5);
  expect(others.filter(({ isAvailable, isDefault }) => isAvailable || isDefault)).toEqual([]);
  const { conversation } = await create();
  const { id } = conversation;
  const listener = system?.listen(EVENTS, { conversationId: id, after: conversation.latestEventCursor });
  await call(SEND, { conversationId: id, text: 'Hello?' });
  const events = await listener?.until('TurnCompleted');
  expect(events?.find(({ __typename }) => __typename === 'TurnStarted')).toMatchObject({
    ...{ model: { id: 'demo' }, fallback: null },
  });
  expect(await system?.app.metrics.registry.metrics()).toMatch(
    /llm_requests_total\{model="demo",provider="demo"/,
  );
});

test('a model without its key is refused where it is named, and does not answer where it was chosen before', async () => {
  const { app } = await start({ OPENAI_BASE_URL: '' });
  const model = 'openai/gpt-4o';
  const refused = {
    __typename: 'InvalidInputError',
    fieldErrors: [{ path: 'model', message: expect.stringContaining('has no key: "openai/gpt-4o"') }],
  };
  expect(await create({ model })).toMatchObject(refused);
  const { conversation } = await create();
  const conversationId = conversation.id;
  expect(await call(UPDATE, { conversationId, model })).toMatchObject(refused);
  expect(await call(REGENERATE, { conversationId, model })).toMatchObject(refused);
  await app.database.prisma.conversation.update({ where: { id: rowIdOf(conversationId) }, data: { model } });
  expect(await startedWith(conversation)).toMatchObject({
    model: { id: 'demo' },
    fallback: { requestedModel: { id: model }, unavailability: 'UNAVAILABLE' },
  });
});
