import { randomUUID } from 'node:crypto';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { errorOf, openaiAt, postCompletion } from './support/openai.ts';
import { rawRequest } from './support/raw-http.ts';
import { createApiToken, tokenFor, WITH_TOKENS } from './support/tokens.ts';

const MODEL = 'openai/gpt-4o-mini';
const HELLO = { model: MODEL, messages: [{ role: 'user' as const, content: 'Hello?' }] };

let system: TestSystem;
let alice: string;
let client: OpenAI;
beforeAll(async () => {
  system = await startTestSystem(WITH_TOKENS);
  alice = await tokenFor({ sub: 'alice', tenant: 'acme' });
  client = openaiAt(system.url, alice);
});
afterAll(() => system.stop());

const post = (body: unknown, headers?: Record<string, string>) =>
  postCompletion(system.url, alice, body, headers);

/** The records of calls whose question has this text, as soon as there is one. */
const logged = (question: string): Promise<Data[]> =>
  vi.waitFor(async () => {
    const rows = await system.app.database.prisma.inferenceLog.findMany({
      where: { inputPreview: question },
    });
    expect(rows).not.toEqual([]);
    return rows;
  }, 60_000);

describe('a list of models', () => {
  test('has those that can be used, and each can be asked for by its id', async () => {
    const { data } = await client.models.list();
    expect(data.map(({ id }) => id)).toContain(MODEL);
    const model = { id: MODEL, object: 'model', created: 0, owned_by: 'OpenAI' };
    expect(data.find(({ id }) => id === MODEL)).toEqual(model);
    expect(await client.models.retrieve(MODEL)).toEqual(model);
    const plain = await fetch(`${system.url}/v1/models/${MODEL}`, {
      headers: { authorization: `Bearer ${alice}` },
    });
    expect(await plain.json()).toEqual(model);
  });

  test('does not have one that does not exist', async () => {
    const error = await errorOf(client.models.retrieve('no/such'));
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ code: 'model_not_found', param: 'model' });
    expect((await errorOf(client.models.retrieve('%'))).code).toBe('model_not_found');
  });
});

describe('a completion', () => {
  test('is one object with its usage', async () => {
    const answer = client.chat.completions.create({
      ...{ model: MODEL, max_tokens: 50, temperature: 0.5, user: 'u', seed: 1, stop: null },
      messages: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'user', content: 'Hi' },
        { role: 'assistant', content: 'Hello.', refusal: null },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'One' },
            { type: 'text', text: 'Two' },
          ],
        },
      ],
    });
    const call = await system.upstream.nextRequest();
    expect(call.request.maxTokens).toBe(50);
    expect(call.messages).toEqual([
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello.' },
      { role: 'user', content: 'One\nTwo' },
    ]);
    await call.think('Hm.');
    await call.send('Well, ');
    await call.send('hello.');
    const usage = { prompt_tokens: 21, completion_tokens: 4, total_tokens: 25 };
    await call.finish({ usage });
    const { id, created, _request_id, ...rest } = await answer;
    expect(id).toMatch(/^chatcmpl-/);
    expect(_request_id).toMatch(/^[\da-f-]{36}$/);
    expect(Math.abs(created - Date.now() / 1_000)).toBeLessThan(600);
    const message = { role: 'assistant', content: 'Well, hello.', refusal: null };
    expect(rest).toEqual({
      ...{ object: 'chat.completion', model: MODEL, usage },
      choices: [{ index: 0, message, logprobs: null, finish_reason: 'stop' }],
    });
  });

  test('says that the model stopped at its limit of tokens', async () => {
    const answer = client.chat.completions.create(HELLO);
    const call = await system.upstream.nextRequest();
    await call.send('Well');
    await call.finish({ reason: 'length' });
    expect((await answer).choices[0]?.finish_reason).toBe('length');
  });

  test('comes as chunks: the role, the texts, the reason of the end, the usage if wanted, then [DONE]', async () => {
    const answer = post({ ...HELLO, stream: true, stream_options: { include_usage: true } });
    const call = await system.upstream.nextRequest();
    await call.send('Hel');
    const response = await answer;
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-cache, no-transform',
      'x-accel-buffering': 'no',
    });
    await call.send('lo');
    const usage = { prompt_tokens: 1, completion_tokens: 2, total_tokens: 3 };
    await call.finish({ usage });
    const events = (await response.text()).split('\n\n').filter(Boolean);
    expect(events.pop()).toBe('data: [DONE]');
    const chunks = events.map((event) => JSON.parse(event.slice('data: '.length)));
    expect(new Set(chunks.map(({ id, object, model }) => `${id} ${object} ${model}`)).size).toBe(1);
    expect(chunks.map(({ choices: [choice] }) => choice && [choice.delta, choice.finish_reason])).toEqual([
      [{ role: 'assistant', content: '', refusal: null }, null],
      [{ content: 'Hel' }, null],
      [{ content: 'lo' }, null],
      [{}, 'stop'],
      undefined,
    ]);
    expect(chunks.map((chunk) => chunk.usage)).toEqual([null, null, null, null, usage]);
  });

  test('is heard by the client word by word', async () => {
    const opened = client.chat.completions.create({ ...HELLO, stream: true });
    const call = await system.upstream.nextRequest();
    await call.send('One');
    const chunks = (await opened)[Symbol.asyncIterator]();
    const heard = async () => (await chunks.next()).value?.choices[0]?.delta.content;
    expect([await heard(), await heard()]).toEqual(['', 'One']);
    await call.send(' two');
    expect(await heard()).toBe(' two');
    await call.finish();
    const { value: end } = await chunks.next();
    expect([end?.choices[0]?.finish_reason, end && 'usage' in end]).toEqual(['stop', false]);
    expect((await chunks.next()).done).toBe(true);
  });

  test('that its caller leaves is aborted at the model at once, streamed or not', async () => {
    for (const stream of [true, false]) {
      const leave = new AbortController();
      const answer = client.chat.completions.create({ ...HELLO, stream }, { signal: leave.signal });
      const call = await system.upstream.nextRequest();
      await call.send('One');
      if (stream) await answer;
      else answer.catch(() => {});
      leave.abort();
      await call.closed;
    }
  });

  test('whose caller leaves before its first word is aborted, too', async () => {
    const leave = new AbortController();
    const answer = errorOf(
      client.chat.completions.create({ ...HELLO, stream: true }, { signal: leave.signal }),
    );
    const call = await system.upstream.nextRequest();
    leave.abort();
    await call.closed;
    expect(await answer).toBeInstanceOf(OpenAI.APIUserAbortError);
  });

  test('is in the log of calls with its owner, and stores neither a conversation nor a message', async () => {
    const { conversation, message } = system.app.database.prisma;
    const before = [await conversation.count(), await message.count()];
    const question = `Question ${randomUUID().slice(0, 4)}`;
    const answer = client.chat.completions.create({
      ...{ model: MODEL, messages: [{ role: 'user', content: question }] },
    });
    const call = await system.upstream.nextRequest();
    await call.send('Indeed.');
    await call.finish();
    await answer;
    expect(await logged(question)).toMatchObject([
      {
        ...{ owner: 'alice', tenant: 'acme', conversationId: null, messageId: null },
        ...{ model: MODEL, status: 'SUCCESS', outputPreview: 'Indeed.' },
      },
    ]);
    expect([await conversation.count(), await message.count()]).toEqual(before);
  });
});

describe('a failure of the model', () => {
  const STAYS = { 'x-should-retry': 'false' };
  test.each([
    [429, {}, { 'retry-after': '20' }, OpenAI.RateLimitError, 'rate_limit_exceeded', '20'],
    [
      429,
      { error: { message: 'no', code: 'insufficient_quota' } },
      {},
      OpenAI.RateLimitError,
      'insufficient_quota',
      null,
    ],
    [401, {}, {}, OpenAI.PermissionDeniedError, 'permission_denied', null],
    [404, {}, {}, OpenAI.NotFoundError, 'model_not_found', null],
    [503, {}, STAYS, OpenAI.InternalServerError, 'service_unavailable', null],
    [504, {}, STAYS, OpenAI.InternalServerError, 'timeout', null],
    [
      400,
      { error: { message: 'x', code: 'content_filter' } },
      {},
      OpenAI.BadRequestError,
      'content_filter',
      null,
    ],
    [
      400,
      { error: { message: 'maximum context length is 5 tokens' } },
      {},
      OpenAI.BadRequestError,
      'context_length_exceeded',
      null,
    ],
    [400, { error: { message: 'odd' } }, {}, OpenAI.BadRequestError, 'model_error', null],
  ])(
    '%s %j before the first word is an error of its class: %j',
    async (status, body, headers, kind, code, wait) => {
      for (const stream of [true, false]) {
        const answer = errorOf(client.chat.completions.create({ ...HELLO, stream }));
        const call = await system.upstream.nextRequest();
        const secret = { error: { message: 'key sk-abcdef1234567890 of 10.0.0.7 refused', ...body } };
        await call.fail(status, { ...secret, ...body }, headers);
        const error = await answer;
        expect(error).toBeInstanceOf(kind);
        expect(error).toMatchObject({ code, type: expect.any(String) });
        expect(error.headers.get('retry-after')).toBe(wait);
        expect(error.message).not.toMatch(/sk-|10\.0|odd/);
        await system.app.modelHealth.close(MODEL);
      }
    },
  );

  test('without a word is an error', async () => {
    const answer = errorOf(client.chat.completions.create(HELLO));
    await (await system.upstream.nextRequest()).finish();
    expect(await answer).toMatchObject({ status: 502, code: 'no_answer' });
  });

  test('in the middle of a stream is its last event', async () => {
    const opened = client.chat.completions.create({ ...HELLO, stream: true });
    const call = await system.upstream.nextRequest();
    await call.send('One');
    let said = '';
    const heard = (async () => {
      for await (const chunk of await opened) said += chunk.choices[0]?.delta.content ?? '';
    })();
    await opened;
    await call.errorInStream({ message: 'asha@example.com', code: 502 });
    const error = await errorOf(heard);
    expect(said).toBe('One');
    expect(error).toBeInstanceOf(OpenAI.APIError);
    expect(error).toMatchObject({ code: 'service_unavailable', type: 'server_error' });
    expect(error.message).not.toContain('asha');
  });

  test('that opened its circuit breaker is 503 without a call, until a probe may be sent', async () => {
    const { modelHealth } = system.app;
    await modelHealth.open(MODEL, 60_000);
    const before = system.upstream.requests.length;
    const error = await errorOf(client.chat.completions.create(HELLO));
    expect(error).toMatchObject({ status: 503, code: 'model_unavailable' });
    expect(error.headers.get('retry-after')).toBe('30');
    expect(system.upstream.requests.length).toBe(before);
    await modelHealth.open(MODEL, 0);
    const answer = client.chat.completions.create(HELLO);
    const call = await system.upstream.nextRequest();
    await call.send('Back.');
    await call.finish();
    await answer;
    expect(modelHealth.isOpen(MODEL)).toBe(false);
  });
});

describe('a caller', () => {
  test.each([
    ['nonsense', 'x'],
    ['an unknown API token', `tf_${'a'.repeat(43)}`],
  ])('with %s for a key is refused', async (_what, key) => {
    const stranger = openaiAt(system.url, key);
    const calls = [() => stranger.models.list(), () => stranger.chat.completions.create(HELLO)];
    for (const call of calls) {
      const error = await errorOf(call());
      expect(error).toBeInstanceOf(OpenAI.AuthenticationError);
      expect(error).toMatchObject({ code: 'invalid_api_key', type: 'invalid_request_error', param: null });
      expect(error.headers.get('www-authenticate')).toMatch(/^Bearer/);
    }
  });

  test('with an API token needs the scope of what it calls', async () => {
    const calls: [scopes: string[], models: boolean, completions: boolean][] = [
      [['CONVERSATIONS_READ'], true, false],
      [['CONVERSATIONS_WRITE'], true, true],
      [['TELEMETRY_READ'], false, false],
    ];
    const admin = await tokenFor({ sub: 'bob', tenant: 'acme', role: 'ADMIN' });
    for (const [scopes, models, completions] of calls) {
      const { secret } = await createApiToken(system.url, admin, { name: 'x', scopes });
      const bot = openaiAt(system.url, secret);
      const listed = await bot.models.list().catch((error) => error);
      expect([scopes, listed instanceof OpenAI.PermissionDeniedError]).toEqual([scopes, !models]);
      // It gets as far as its model, or not.
      const error = await errorOf(bot.chat.completions.create({ ...HELLO, model: 'no/such' }));
      expect([scopes, error.code]).toEqual([scopes, completions ? 'model_not_found' : 'missing_scope']);
    }
  });

  test('hears no more of a stream when its right has ended, and the model stops', async () => {
    const brief = openaiAt(system.url, await tokenFor({ sub: 'jo' }, 2));
    const answer = errorOf(brief.chat.completions.create({ ...HELLO, stream: true }));
    const call = await system.upstream.nextRequest();
    await call.closed;
    expect(await answer).toBeInstanceOf(OpenAI.APIConnectionError);
  });
});

describe('a request', () => {
  const message = { role: 'user', content: 'x' };
  const CASES: [body: unknown, param: string | null, code?: string][] = [
    [[], null],
    ['{', null, 'invalid_json'],
    [{ messages: [message] }, 'model'],
    [{ ...HELLO, model: '' }, 'model'],
    [{ ...HELLO, model: 'x'.repeat(201) }, 'model'],
    [{ model: MODEL }, 'messages'],
    [{ ...HELLO, messages: [] }, 'messages'],
    [{ ...HELLO, messages: Array(1_001).fill(message) }, 'messages'],
    [{ ...HELLO, messages: ['x'] }, 'messages[0]'],
    [{ ...HELLO, messages: [message, { role: 'tool', content: 'x' }] }, 'messages[1].role'],
    [{ ...HELLO, messages: [{ role: 'user' }] }, 'messages[0].content'],
    [{ ...HELLO, messages: [{ role: 'user', content: [] }] }, 'messages[0].content'],
    [
      { ...HELLO, messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] },
      'messages[0].content[0].type',
    ],
    [
      { ...HELLO, messages: [{ role: 'user', content: [{ type: 'text', text: 5 }] }] },
      'messages[0].content[0].text',
    ],
    [
      { ...HELLO, messages: [{ role: 'assistant', content: null, tool_calls: [{}] }] },
      'messages[0].tool_calls',
      'unsupported_parameter',
    ],
    [{ ...HELLO, stream: 'yes' }, 'stream'],
    [{ ...HELLO, stream_options: { include_usage: 1 } }, 'stream_options.include_usage'],
    [{ ...HELLO, max_tokens: 0 }, 'max_tokens'],
    [{ ...HELLO, max_completion_tokens: 1.5 }, 'max_completion_tokens'],
    [{ ...HELLO, stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop'],
    [{ ...HELLO, n: 2 }, 'n', 'unsupported_parameter'],
    [{ ...HELLO, tools: [{ type: 'function' }] }, 'tools', 'unsupported_parameter'],
    [{ ...HELLO, tool_choice: 'required' }, 'tool_choice', 'unsupported_parameter'],
    [{ ...HELLO, functions: [{}] }, 'functions', 'unsupported_parameter'],
    [{ ...HELLO, response_format: { type: 'json_object' } }, 'response_format', 'unsupported_parameter'],
    [{ ...HELLO, modalities: ['text', 'audio'] }, 'modalities', 'unsupported_parameter'],
    [{ ...HELLO, audio: { voice: 'x' } }, 'audio', 'unsupported_parameter'],
    [{ ...HELLO, logprobs: true }, 'logprobs', 'unsupported_parameter'],
    [{ ...HELLO, logit_bias: { 5: -100 } }, 'logit_bias', 'unsupported_parameter'],
    [{ ...HELLO, web_search_options: {} }, 'web_search_options', 'unsupported_parameter'],
  ];
  test.each(CASES)('%j is 400 that names the fault: %j', async (body, param, code = 'invalid_value') => {
    const response = await post(body);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      error: { message: expect.stringMatching(/\.$/), type: 'invalid_request_error', param, code },
    });
  });

  test.each([
    ['role', (deep: string) => `{"role":${deep},"content":"x"}`],
    ['content[0].type', (deep: string) => `{"role":"user","content":[{"type":${deep},"text":"x"}]}`],
  ])('whose %s is nested deeper than a call stack is 400', async (param, messageOf) => {
    const deep = '['.repeat(100_000) + ']'.repeat(100_000);
    const response = await post(new Blob([`{"model":"${MODEL}","messages":[${messageOf(deep)}]}`]));
    expect(response.status).toBe(400);
    expect((await response.json()).error).toMatchObject({
      param: `messages[0].${param}`,
      message: expect.stringContaining('is an array, but'),
    });
  });

  test('with what clients send by habit is answered', async () => {
    const answer = post({
      ...{ ...HELLO, n: 1, tools: [], tool_choice: 'auto', response_format: { type: 'text' } },
      ...{ modalities: ['text'], logprobs: false, top_logprobs: 0, logit_bias: {}, functions: null },
      ...{ presence_penalty: 0, frequency_penalty: 1, metadata: { a: 'b' }, store: true, top_p: 0.1 },
    });
    const call = await system.upstream.nextRequest();
    await call.send('Yes.');
    await call.finish();
    expect((await answer).status).toBe(200);
  });

  test('names a model that does not exist', async () => {
    const error = await errorOf(client.chat.completions.create({ ...HELLO, model: 'no/such' }));
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error).toMatchObject({ code: 'model_not_found', param: 'model' });
  });

  test('must be JSON in UTF-8 of at most 1 MiB', async () => {
    const statusOf = async (body: unknown, headers?: Record<string, string>) => {
      const response = await post(body, headers);
      return [response.status, ((await response.json()) as Data).error.code];
    };
    const unsupported = [415, 'unsupported_media_type'];
    expect(await statusOf(HELLO, { 'content-type': 'text/plain' })).toEqual(unsupported);
    expect(await statusOf(HELLO, { 'content-type': 'application/json; charset=latin1' })).toEqual(
      unsupported,
    );
    expect(await statusOf(HELLO, { 'content-encoding': 'gzip' })).toEqual(unsupported);
    expect(await statusOf(new Blob([new Uint8Array([0x22, 0xff, 0x22])]))).toEqual([400, 'invalid_json']);
    expect(await statusOf(' '.repeat(1_048_577))).toEqual([413, 'request_too_large']);
  });

  test.each([
    ['GET', '/v1/chat/completions', 405],
    ['POST', '/v1/models', 405],
    ['POST', '/v1/embeddings', 404],
    ['GET', '/v1', 404],
    ['GET', '/v1/', 404],
  ])('%s %s is %i in the form of OpenAI', async (method, path, status) => {
    const headers = { authorization: `Bearer ${alice}` };
    const response = await fetch(`${system.url}${path}`, { method, headers });
    expect([response.status, await response.json()]).toEqual([
      status,
      { error: expect.objectContaining({ type: 'invalid_request_error' }) },
    ]);
  });

  test('of a page of another origin is refused in the form of OpenAI', async () => {
    const response = await post(HELLO, { origin: 'http://evil.example' });
    expect(response.status).toBe(403);
    expect(await response.json()).toMatchObject({ error: { code: 'forbidden_origin' } });
  });

  test('under a name that a stranger pointed at this machine is refused (DNS rebinding)', async () => {
    const headers = { host: 'evil.example', connection: 'close', authorization: `Bearer ${alice}` };
    const answer = await rawRequest(system.url, 'GET /v1/models HTTP/1.1', headers);
    expect(answer).toMatch(/^HTTP\/1\.1 403 /);
    expect(answer).toContain('"code":"forbidden_host"');
  });

  test('has its id in the response, a given one or a new one', async () => {
    const given = await post({}, { 'x-request-id': 'mine' });
    expect(given.headers.get('x-request-id')).toBe('mine');
  });
});

describe('a server for one user', () => {
  let local: TestSystem;
  beforeAll(async () => {
    local = await startTestSystem({ OPENAI_BASE_URL: '' }, { worker: false });
  });
  afterAll(() => local.stop());

  test('accepts any key, and offers only models that it has a key for', async () => {
    const one = openaiAt(local.url, 'anything');
    expect((await one.models.list()).data.map(({ id }) => id)).toEqual(['demo']);
    const { choices } = await one.chat.completions.create({ ...HELLO, model: 'demo' });
    expect(choices[0]?.message.content).not.toBe('');
    const error = await errorOf(one.chat.completions.create(HELLO));
    expect(error).toBeInstanceOf(OpenAI.NotFoundError);
    expect(error.message).toContain('no key');
  });
});
