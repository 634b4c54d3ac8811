import { randomUUID } from 'node:crypto';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { createLog } from '../core/telemetry/log.ts';
import { prune } from '../worker/prune.ts';
import { describeBackends } from './support/backends.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { CREATE, EVENTS, SEND } from './support/operations.ts';

const MODEL = 'openai/gpt-4o-mini';

await describeBackends('what is measured', (backend) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem({ ...(await backend.env()), TOKEN_WARNING_THRESHOLD: '500' });
  });
  afterAll(() => system.stop());

  /** The value of a sample on /metrics, by its name and labels as printed; 0 when it is missing. */
  async function sampled(sample: string): Promise<number> {
    const shown = await system.app.metrics.registry.metrics();
    const line = shown.split('\n').find((each) => each.startsWith(`${sample} `));
    return Number(line?.slice(sample.length + 1) ?? 0);
  }
  const risesBy = async (sample: string, by: number, during: () => Promise<unknown>) => {
    const before = await sampled(sample);
    await during();
    await vi.waitFor(async () => expect(await sampled(sample), sample).toBe(before + by), 5_000);
  };
  async function conversation() {
    const { data } = await system.request(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
    const { id, latestEventCursor } = data.createConversation.conversation;
    return {
      id,
      latestEventCursor,
      listener: system.listen(EVENTS, { conversationId: id, after: latestEventCursor }),
    };
  }
  async function asked() {
    const talk = await conversation();
    await system.request(SEND, { input: { conversationId: talk.id, text: 'Well?' } });
    return { ...talk, call: await system.upstream.nextRequest() };
  }

  test('an answer counts as a call, a turn, its tokens, its time, a job, a write of the feed', async () => {
    const provider = system.app.llm.provider;
    await risesBy(`llm_requests_total{model="${MODEL}",provider="${provider}",status="SUCCESS"}`, 1, () =>
      risesBy(`llm_latency_ms_count{model="${MODEL}"}`, 1, () =>
        risesBy(`llm_time_to_first_token_ms_count{model="${MODEL}"}`, 1, () =>
          risesBy(`llm_tokens_total{model="${MODEL}",direction="input"}`, 21, () =>
            risesBy('turns_total{outcome="done"}', 1, () =>
              risesBy('feed_appends_total{step="finish"}', 1, () =>
                risesBy('job_duration_ms_count{queue="turns",outcome="done"}', 1, async () => {
                  const { call, listener } = await asked();
                  await call.send('Yes, well.');
                  await call.finish({ usage: { prompt_tokens: 21, completion_tokens: 4, total_tokens: 25 } });
                  await listener.until('TurnCompleted');
                }),
              ),
            ),
          ),
        ),
      ),
    );
    expect(await sampled('tokens_spoken_total')).toBeGreaterThan(0);
    expect(await sampled('pacing_lag_ms_count')).toBeGreaterThan(0);
    expect(await sampled('database_query_duration_ms_count')).toBeGreaterThan(0);
    if (system.app.config.redisUrl)
      expect(await sampled('redis_command_duration_ms_count{command="evalsha"}')).toBeGreaterThan(0);
  });

  test('a large prompt is counted', () =>
    risesBy(`token_budget_warnings_total{model="${MODEL}"}`, 1, async () => {
      const { id, listener } = await conversation();
      await system.request(SEND, { input: { conversationId: id, text: 'word '.repeat(600) } });
      const call = await system.upstream.nextRequest();
      await call.send('Many words.');
      await call.finish();
      await listener.until('TurnCompleted');
    }));

  test('an interrupted answer counts by its reason', () =>
    risesBy('turn_interruptions_total{reason="USER_MESSAGE"}', 1, () =>
      risesBy('turns_total{outcome="interrupted"}', 1, async () => {
        const { id, call, listener } = await asked();
        await call.send('Some words');
        await listener.until('TurnTextAdded');
        await system.request(SEND, { input: { conversationId: id, text: 'No, wait' } });
        await listener.until('TurnInterrupted');
        const next = await system.upstream.nextRequest();
        await next.send('Go on.');
        await next.finish();
        await listener.until('TurnCompleted');
      }),
    ));

  test('a call that fails counts by its code, and a redaction of its text by its kind', () =>
    risesBy(`llm_errors_total{model="${MODEL}",code="PERMISSION_DENIED"}`, 1, () =>
      risesBy('turns_total{outcome="error"}', 1, () =>
        risesBy('redactions_total{kind="EMAIL"}', 1, async () => {
          const { call, listener } = await asked();
          await call.fail(401, { error: { message: 'asha@example.com may not' } });
          await listener.until('TurnFailed');
        }),
      ),
    ));

  test('an operation is labelled with a field of the schema, whatever name the client gives it', async () => {
    await risesBy('graphql_operations_total{operation="models",outcome="ok"}', 1, () =>
      system.request('query StrangersName { mine: models { id } }'),
    );
    await risesBy('graphql_operations_total{operation="invalid",outcome="refused"}', 1, () =>
      system.request('{ nonsense }'),
    );
    await risesBy('graphql_operations_total{operation="unparsable",outcome="refused"}', 1, () =>
      system.request('{'),
    );
    await risesBy('graphql_operations_total{operation="sendMessage",outcome="not_found"}', 1, () =>
      system.request(SEND, { input: { conversationId: 'nobody', text: 'Hi' } }),
    );
    const shown = await system.app.metrics.registry.metrics();
    expect(shown).not.toContain('StrangersName');
    expect(shown).not.toContain('mine');
    expect(shown).not.toContain('nonsense');
  });

  test('a listener counts while it listens over WebSocket, and one that resumes counts as a replay', async () => {
    const active = 'subscriptions_active{field="conversationEvents"}';
    const before = await sampled(active);
    const { id, latestEventCursor, listener } = await conversation();
    const replays = await sampled('feed_replays_total');
    const second = system.listen(EVENTS, { conversationId: id, after: latestEventCursor });
    await expect.poll(() => sampled(active)).toBe(before + 2);
    second.stop();
    expect(await sampled('feed_replays_total')).toBeGreaterThan(replays);
    await expect.poll(() => sampled(active)).toBe(before + 1);
    listener.stop();
    await expect.poll(() => sampled(active)).toBe(before);
  });

  test('an unknown cursor counts as a reset', () =>
    risesBy('feed_resets_total', 1, async () => {
      const { id } = await conversation();
      const other = await conversation();
      const listener = system.listen(EVENTS, { conversationId: id, after: other.latestEventCursor });
      await listener.until('FeedReset');
    }));

  test('a feed that begins is reconciled once, and counts', () =>
    risesBy('feed_reconciliations_total{outcome="done"}', 1, async () => {
      const id = uuidv7();
      await system.app.feed.state(id);
      await system.app.feed.state(id);
    }));

  test('statistics are by model and interval, with rates, sums, percentiles and reasons', async () => {
    const model = `made/${randomUUID()}`;
    const base = { model, provider: 'p', inputTokens: 10, outputTokens: 2 };
    const calls = [
      ...Array.from({ length: 9 }, (_, i) => ({ ...base, status: 'SUCCESS', latencyMs: (i + 1) * 100 })),
      { ...base, status: 'ERROR', errorCode: 'TIMEOUT', latencyMs: 9_000 },
      { ...base, status: 'ERROR', errorCode: 'TIMEOUT', latencyMs: 9_000 },
      { ...base, status: 'ERROR', latencyMs: 9_000 },
      { ...base, status: 'ABORTED', latencyMs: 50 },
    ];
    for (const input of calls) await system.request(INGEST, { input });
    const from = new Date(Date.now() - 86_400_000).toISOString();
    const stats = (bucket: string): Promise<Data[]> =>
      vi.waitFor(async () => {
        const to = new Date(Date.now() + 1_000).toISOString();
        const { data, errors } = await system.request(STATS, { from, to, bucket });
        expect(errors).toBeUndefined();
        const own = data.inferenceStats.filter((each: Data) => each.modelId === model);
        expect(own.reduce((sum: number, { requests }: Data) => sum + requests, 0)).toBe(calls.length);
        return own;
      }, 60_000);
    const days = await stats('DAY');
    if (days.length === 1)
      expect(days[0]).toEqual({
        start: expect.stringMatching(/T00:00:00/),
        modelId: model,
        requests: 13,
        errors: 3,
        aborted: 1,
        errorRate: 3 / 13,
        inputTokens: 130,
        outputTokens: 26,
        latencyP50Ms: 500,
        latencyP95Ms: 860,
        latencyP99Ms: 892,
        firstTokenP50Ms: null,
        errorsByCode: [
          { code: 'TIMEOUT', count: 2 },
          { code: 'UNKNOWN', count: 1 },
        ],
      });
    const refused = await system.request(STATS, { from, to: new Date().toISOString(), bucket: 'MINUTE' });
    expect(refused.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument: 'bucket' } });
    const backwards = await system.request(STATS, { from, to: from, bucket: 'DAY' });
    expect(backwards.errors?.[0]).toMatchObject({ extensions: { code: 'BAD_USER_INPUT', argument: 'to' } });
  });

  test('records are deleted once they are older than their retention', async () => {
    const { inferenceLogs: logs, personRows: erasures, database } = system.app;
    const { inferenceLog } = database.prisma;
    const record = (ageDays: number) => ({
      ...{ id: randomUUID(), model: 'aged', provider: 'p', status: 'SUCCESS' as const, latencyMs: 1 },
      ...{ inputTokens: 1, outputTokens: 1, createdAt: new Date(Date.now() - ageDays * 86_400_000) },
    });
    const [old, kept] = [record(31), record(29)];
    await inferenceLog.createMany({ data: [old, kept] });
    const log = createLog({ level: 'silent', format: 'json' });
    expect(await prune({ logs, erasures, days: 30, log }, new AbortController().signal)).toBe(1);
    expect(await inferenceLog.findMany({ where: { model: 'aged' } })).toMatchObject([{ id: kept.id }]);
  });
});

const INGEST = /* GraphQL */ `
  mutation Ingest($input: IngestInferenceInput!) {
    ingestInference(input: $input) { ... on IngestInferenceSuccess { id } }
  }
`;

const STATS = /* GraphQL */ `
  query Stats($from: DateTime!, $to: DateTime!, $bucket: StatsBucket!) {
    inferenceStats(from: $from, to: $to, bucket: $bucket) {
      start modelId requests errors aborted errorRate inputTokens outputTokens
      latencyP50Ms latencyP95Ms latencyP99Ms firstTokenP50Ms
      errorsByCode { code count }
    }
  }
`;
