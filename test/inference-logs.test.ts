import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { nodeId } from './support/node-ids.ts';
import { CANCEL, CREATE, EVENTS, SEND } from './support/operations.ts';

await describeBackends('the log of calls to models', (backend) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem(await backend.env());
  });
  afterAll(() => system.stop());

  async function asked(text = 'Well?') {
    const { data } = await system.request(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
    const { id, latestEventCursor } = data.createConversation.conversation;
    const listener = system.listen(EVENTS, { conversationId: id, after: latestEventCursor });
    const { turnId } = (await system.request(SEND, { input: { conversationId: id, text } })).data.sendMessage;
    return { id, turnId, listener, call: await system.upstream.nextRequest() };
  }
  /** The records of a conversation, as soon as there are `count`. */
  const logged = (conversationId: string, count = 1): Promise<Data[]> =>
    vi.waitFor(async () => {
      const { data } = await system.request(LOGS, { conversationId });
      expect(data.inferenceLogs.edges).toHaveLength(count);
      expect(data.inferenceLogs.totalCount).toBe(count);
      return data.inferenceLogs.edges.map(({ node }: Data) => node);
    }, 60_000);

  test('prompt and answer are kept as previews, redacted before they are cut', async () => {
    const said = `Mail ${'long'.repeat(20)} to asha@example.com, card 4111 1111 1111 1111. `;
    const { id, listener, call } = await asked(said);
    await call.send(`${'x'.repeat(490)} call +91 98765 43210 now`);
    await call.finish();
    await listener.until('TurnCompleted');
    const [log] = await logged(id);
    expect(log.inputPreview).toBe(`Mail ${'long'.repeat(20)} to [EMAIL], card [CREDIT_CARD].`);
    expect(log.outputPreview).toBe(`${'x'.repeat(490)} call [PHO`);
    expect(log.errorMessage).toBeNull();
  });

  test('the message of a provider about a failure is kept, redacted', async () => {
    const { id, listener, call } = await asked();
    await call.fail(400, { error: { message: 'asha@example.com may not ask', code: 'odd' } });
    await listener.until('TurnFailed');
    expect((await logged(id))[0].errorMessage).toContain('[EMAIL] may not ask');
  });

  test('an answer is logged with the tokens that the provider counted', async () => {
    const { id, turnId, listener, call } = await asked();
    await call.send('Yes, well.');
    await call.finish({ usage: { prompt_tokens: 21, completion_tokens: 4, total_tokens: 25 } });
    await listener.until('TurnCompleted');
    const [log] = await logged(id);
    expect(log).toMatchObject({
      conversationId: id,
      messageId: turnId,
      modelId: 'openai/gpt-4o-mini',
      status: 'SUCCESS',
      inputTokens: 21,
      outputTokens: 4,
      tokensEstimated: false,
      errorCode: null,
    });
    expect(log.timeToFirstTokenMs).toBeLessThanOrEqual(log.latencyMs);
  });

  test('an interrupted answer is logged as aborted, its tokens estimated', async () => {
    const { id, listener, call } = await asked();
    await call.send('Twelve chars');
    await listener.until('TurnTextAdded');
    await system.request(CANCEL, { input: { conversationId: id } });
    expect((await logged(id))[0]).toMatchObject({
      status: 'ABORTED',
      outputTokens: 3,
      tokensEstimated: true,
    });
  });

  test('each attempt that fails is logged, with its code', async () => {
    const { id, listener, call } = await asked();
    await call.fail(503, {}, { 'retry-after-ms': '1' });
    await (await system.upstream.nextRequest()).fail(401, {});
    await listener.until('TurnFailed');
    expect(
      (await logged(id, 2)).map(({ errorCode, timeToFirstTokenMs }) => [errorCode, timeToFirstTokenMs]),
    ).toEqual([
      ['PERMISSION_DENIED', null],
      ['SERVICE_UNAVAILABLE', null],
    ]);
  });

  test('telemetry of another service is stored once, however often it is sent', async () => {
    const { data } = await system.request(CREATE, { input: { greet: false } });
    const conversationId = data.createConversation.conversation.id;
    const words = { errorMessage: 'from 203.0.113.9', inputText: 'PAN ABCPE1234F', outputText: '' };
    const [idempotencyKey, occurredAt] = [randomUUID(), '2026-11-01T12:00:00.000Z'];
    const input = { ...MEASURED, ...words, conversationId, idempotencyKey, occurredAt };
    const id = nodeId('InferenceLog', idempotencyKey);
    for (let i = 0; i < 3; i++)
      expect((await system.request(INGEST, { input })).data.ingestInference).toEqual({ id });
    expect((await logged(conversationId))[0]).toMatchObject({
      id,
      createdAt: occurredAt,
      modelId: 'other/model',
      provider: 'other',
      status: 'ERROR',
      errorCode: 'TIMEOUT',
      latencyMs: 1_200,
      errorMessage: 'from [IP_ADDRESS]',
      inputPreview: 'PAN [PAN]',
      outputPreview: '',
    });
    const later = { ...MEASURED, conversationId };
    await system.request(INGEST, { input: later });
    await logged(conversationId, 2);
  });

  test('telemetry is stored without the characters that no database stores', async () => {
    const { data } = await system.request(CREATE, { input: { greet: false } });
    const conversationId = data.createConversation.conversation.id;
    const input = { ...MEASURED, conversationId, inputText: 'a\0b\ud800c' };
    await system.request(INGEST, { input });
    expect((await logged(conversationId))[0].inputPreview).toBe('a\ufffdb\ufffdc');
  });

  test.each([
    [{ occurredAt: new Date(Date.now() + 3_600_000).toISOString() }, 'occurredAt'],
    [{ occurredAt: '0000-01-01T00:00:00Z' }, 'occurredAt'],
    [{ model: ' ' }, 'model'],
    [{ provider: 'x'.repeat(201) }, 'provider'],
    [{ latencyMs: -1 }, 'latencyMs'],
    [{ inputTokens: -1 }, 'inputTokens'],
    [{ outputTokens: -5 }, 'outputTokens'],
    [{ conversationId: 'nonsense' }, 'conversationId'],
    [{ messageId: 'nonsense' }, 'messageId'],
    [{ errorMessage: 'x'.repeat(65_537) }, 'errorMessage'],
    [{ inputText: 'x'.repeat(65_537) }, 'inputText'],
    [{ outputText: 'x'.repeat(65_537) }, 'outputText'],
  ])('invalid telemetry is refused, with the name of the field: %j', async (fault, path) => {
    const { data } = await system.request(INGEST, { input: { ...MEASURED, ...fault } });
    expect(data.ingestInference.fieldErrors.map((each: Data) => each.path)).toEqual([path]);
  });

  test('a filter by a name that cannot be stored finds nothing', async () => {
    const { data, errors } = await system.request(LOGS, { model: 'a\0b' });
    expect([errors, data.inferenceLogs.edges]).toEqual([undefined, []]);
  });

  test('the log is read newest first, in pages, by status and model', async () => {
    const { data } = await system.request(CREATE, { input: { greet: false } });
    const conversationId = data.createConversation.conversation.id;
    for (const latencyMs of [500, 400, 300, 200, 100])
      await system.request(INGEST, { input: { ...MEASURED, conversationId, latencyMs, status: 'SUCCESS' } });
    const all = await logged(conversationId, 5);
    expect(all.map(({ createdAt }) => createdAt)).toEqual(
      all
        .map(({ createdAt }) => createdAt)
        .sort()
        .reverse(),
    );
    const pages: string[] = [];
    let after: string | null = null;
    do {
      const page: Data = (await system.request(LOGS, { conversationId, first: 2, after })).data.inferenceLogs;
      pages.push(...page.edges.map(({ node }: Data) => node.id));
      after = page.pageInfo.hasNextPage ? page.pageInfo.endCursor : null;
    } while (after);
    expect(pages).toEqual(all.map(({ id }) => id));
    const failed = await system.request(LOGS, { conversationId, status: 'ERROR' });
    expect(failed.data.inferenceLogs.totalCount).toBe(0);
    const count = async (model: string) =>
      (await system.request(LOGS, { conversationId, model })).data.inferenceLogs.totalCount;
    expect([await count('other/model'), await count('other')]).toEqual([5, 0]);
  });

  test('the log keeps the measurements of a deleted conversation, and nothing that leads to it', async () => {
    const { data } = await system.request(CREATE, { input: { greet: false } });
    const conversationId = data.createConversation.conversation.id;
    await system.request(
      `mutation ($id: ID!) { deleteConversation(input: { conversationId: $id }) { __typename } }`,
      {
        id: conversationId,
      },
    );
    const model = `late/${randomUUID()}`;
    await system.request(INGEST, {
      input: { ...MEASURED, model, conversationId, inputText: 'secret words' },
    });
    const row = await vi.waitFor(
      () => system.app.database.prisma.inferenceLog.findFirstOrThrow({ where: { model } }),
      60_000,
    );
    expect(row).toMatchObject({
      conversationId: null,
      messageId: null,
      inputPreview: null,
      latencyMs: 1_200,
    });
  });
});

const MEASURED = {
  model: 'other/model',
  provider: 'other',
  status: 'ERROR',
  errorCode: 'TIMEOUT',
  latencyMs: 1_200,
  inputTokens: 10,
  outputTokens: 0,
};

const INGEST = /* GraphQL */ `
  mutation Ingest($input: IngestInferenceInput!) {
    ingestInference(input: $input) {
      ... on IngestInferenceSuccess { id }
      ... on InvalidInputError { fieldErrors { path message } }
      ... on UserError { message }
    }
  }
`;

const LOGS = /* GraphQL */ `
  query Logs($conversationId: ID, $status: InferenceStatus, $model: String, $first: Int, $after: String) {
    inferenceLogs(conversationId: $conversationId, status: $status, model: $model, first: $first, after: $after) {
      totalCount
      pageInfo { hasNextPage endCursor }
      edges {
        node {
          id conversationId messageId modelId provider status latencyMs timeToFirstTokenMs inputTokens outputTokens
          tokensEstimated errorCode errorMessage inputPreview outputPreview createdAt
        }
      }
    }
  }
`;
