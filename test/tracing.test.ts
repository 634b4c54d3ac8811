import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { type Backend, describeBackends } from './support/backends.ts';
import type { Data } from './support/harness.ts';
import { CREATE, SEND } from './support/operations.ts';
import { type CollectedSpan, OtlpCollector } from './support/otlp-collector.ts';
import { buildProduct, type Product, startProduct } from './support/product.ts';
import { type ScriptedUpstream, startScriptedUpstream } from './support/scripted-model/scripted.ts';

const CALLERS_TRACE = '0af7651916cd43dd8448eb211c80319c';
const CALLERS_SPAN = 'b7ad6b7169203331';
const SECRET = 'sk-verysecretkey0123456789abcdef';
const [SERVER, CLIENT, PRODUCER, CONSUMER] = [2, 3, 4, 5];

/** The built product in processes of its own, which send traces to a collector and log lines to this test. */
await describeBackends('a question and its answer, as an operator sees them', (backend) => {
  const collector = new OtlpCollector();
  let upstream: ScriptedUpstream;
  let dataDir: string;
  let processes: Product[];
  let url: string;
  let lines: Data[];
  let conversationId: string;
  let sent: Response;
  let failed: Data;

  beforeAll(async () => {
    buildProduct();
    dataDir = await mkdtemp(join(tmpdir(), 'taskflow-tracing-'));
    upstream = await startScriptedUpstream();
    const env = {
      ...(await backend.env()),
      DATA_DIR: dataDir,
      OPENAI_BASE_URL: upstream.baseURL,
      OPENAI_API_KEY: SECRET,
      OTEL_EXPORTER_OTLP_ENDPOINT: await collector.start(),
      OTEL_BSP_SCHEDULE_DELAY: '50',
      TOKEN_WARNING_THRESHOLD: '1',
    };
    processes = start(backend, env);
    url = (await Promise.all(processes.map(({ ready }) => ready)))[0] as string;
    await converse();
    for (const each of processes) each.terminate();
    const endings = await Promise.all(processes.map(({ ended }) => ended));
    lines = endings.flatMap(({ stdout }) =>
      stdout
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    );
  });
  afterAll(async () => {
    for (const each of processes) each.kill();
    await upstream.close();
    collector.stop();
    await rm(dataDir, { recursive: true, force: true });
  });

  async function converse() {
    const created = await call(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
    conversationId = (await created.json()).data.createConversation.conversation.id;
    const input = { conversationId, text: 'My canary sings.' };
    sent = await call(
      SEND,
      { input },
      { traceparent: `00-${CALLERS_TRACE}-${CALLERS_SPAN}-01`, 'x-request-id': 'mine-1' },
    );
    const request = await upstream.nextRequest();
    await request.send('A canary? Lovely.');
    await request.finish({ usage: { prompt_tokens: 21, completion_tokens: 4, total_tokens: 25 } });
    await spans('process inference-logs', 1);
    failed = (await (await call(SEND, { input: { conversationId, text: 'And yours?' } })).json()).data
      .sendMessage;
    await (await upstream.nextRequest()).fail(401, {
      error: { message: `"My canary sings." is refused to ${SECRET}` },
    });
    await spans('process inference-logs', 2);
  }

  const call = (query: string, variables: object, headers: Record<string, string> = {}) =>
    fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ query, variables }),
    });

  /** The spans of that name, as soon as there are `count`. */
  const spans = (name: string, count: number): Promise<CollectedSpan[]> =>
    vi.waitFor(() => {
      const found = collector.spans.filter((span) => span.name === name);
      expect(found.length, name).toBeGreaterThanOrEqual(count);
      return found;
    }, 60_000);

  test('belong to the caller’s trace, from the mutation through the job and the model to the stored answer', async () => {
    const own = (name: string) =>
      collector.spans.filter((span) => span.traceId === CALLERS_TRACE && span.name === name);
    const [mutation] = own('mutation sendMessage') as [CollectedSpan];
    const [added] = own('add turns.turns') as [CollectedSpan];
    const [job] = own('process turns') as [CollectedSpan];
    const [chat] = own('chat openai/gpt-4o-mini') as [CollectedSpan];
    const [stored] = own('store answer') as [CollectedSpan];
    expect(mutation).toMatchObject({ kind: SERVER, parentId: CALLERS_SPAN });
    expect(added).toMatchObject({ kind: PRODUCER, parentId: mutation.spanId });
    expect(job).toMatchObject({ kind: CONSUMER, parentId: added.spanId });
    expect(chat).toMatchObject({ kind: CLIENT, parentId: job.spanId });
    expect(stored).toMatchObject({ parentId: job.spanId, isError: false });
    expect(own('process inference-logs')).toHaveLength(1);
    const apart = backend.name !== 'embedded';
    expect(mutation.service).toBe(apart ? 'taskflow-server' : 'taskflow');
    expect(job.service).toBe(apart ? 'taskflow-worker' : 'taskflow');
  });

  test('the call to the model follows the semantic conventions for generative AI', async () => {
    const [answered, refused] = collector.spans.filter(({ name }) => name.startsWith('chat ')) as [
      CollectedSpan,
      CollectedSpan,
    ];
    expect(answered.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'custom',
      'gen_ai.request.model': 'openai/gpt-4o-mini',
      'gen_ai.request.stream': true,
      'gen_ai.conversation.id': expect.any(String),
      'gen_ai.response.finish_reasons': ['stop'],
      'gen_ai.response.time_to_first_chunk': expect.any(Number),
      'gen_ai.usage.input_tokens': 21,
      'gen_ai.usage.output_tokens': 4,
    });
    expect(refused).toMatchObject({ isError: true, attributes: { 'error.type': 'PERMISSION_DENIED' } });
    expect(refused.traceId).not.toBe(answered.traceId);
  });

  test('no span contains what was said, or a key, and what workers do between jobs is not traced', () => {
    expect(collector.raw).not.toMatch(/canary|Lovely|verysecret/);
    expect(collector.raw).toContain('chat openai/gpt-4o-mini');
    // A job begins a trace when the sweep adds it, for a process that was too slow.
    const others = collector.spans.filter(
      ({ parentId, kind }) => parentId === '' && kind !== SERVER && kind !== PRODUCER,
    );
    expect(others).toEqual([]);
  });

  test('the log lines of an answer and of a failure have the conversation, the turn and the component', () => {
    const over = lines.find(({ msg }) => msg === 'turn completed');
    expect(over).toMatchObject({ component: 'turns', trace_id: CALLERS_TRACE, model: 'openai/gpt-4o-mini' });
    expect(over).toMatchObject({
      outcome: 'completed',
      attempts: 1,
      ms: expect.any(Number),
      tokens: expect.any(Number),
    });
    expect(conversationId).toContain(over.conversationId);
    const { conversationId: id, turnId } = over;
    const large = lines.find(({ component }) => component === 'token-guard');
    expect(large).toMatchObject({ level: 40, conversationId: id, turnId, threshold: 1 });
    const fault = lines.find(({ msg }) => msg === 'the model failed');
    expect(fault).toMatchObject({ component: 'turns', level: 40, code: 'PERMISSION_DENIED', status: 401 });
    expect(fault.reason).toBe('"[…]" is refused to [redacted]');
    expect(failed.turnId).toContain(fault.turnId);
  });

  test('the answer to a request has the request id of its caller', () => {
    expect(sent.headers.get('x-request-id')).toBe('mine-1');
  });

  test('no log line contains what was said, or a key', () => {
    expect(lines.length).toBeGreaterThan(3);
    expect(JSON.stringify(lines)).not.toMatch(/canary|Lovely|verysecret/);
  });
});

/** The first of them serves. */
function start({ name }: Backend, env: Record<string, string>): Product[] {
  if (name === 'embedded') return [startProduct(env)];
  return [startProduct(env, 'server-main'), startProduct(env, 'worker-main')];
}
