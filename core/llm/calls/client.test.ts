import { EventEmitter } from 'node:events';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import {
  type ScriptedUpstream,
  startScriptedUpstream,
} from '../../../test/support/scripted-model/scripted.ts';
import { LlmError } from '../errors/errors.ts';
import { createLlm, type Llm, type LlmChunk, type LlmOptions } from './client.ts';

let upstream: ScriptedUpstream;
let stop: AbortController;

beforeAll(async () => {
  upstream = await startScriptedUpstream();
});
afterAll(() => upstream.close());
afterEach(() => {
  stop?.abort();
  upstream.answerAll(null);
});

function llm(options: Partial<LlmOptions> = {}): Llm {
  return createLlm({ provider: 'custom', baseURL: upstream.baseURL, timeoutMs: 5_000, ...options });
}

function ask(model: Llm = llm(), request: { model?: string; maxTokens?: number; stop?: string[] } = {}) {
  stop = new AbortController();
  const stream = model.stream({
    model: 'openai/gpt-4o-mini',
    messages: [{ role: 'user', content: 'Hi' }],
    signal: stop.signal,
    ...request,
  });
  return stream[Symbol.asyncIterator]();
}

async function next(answer: AsyncIterator<LlmChunk>): Promise<LlmChunk | undefined> {
  const { value, done } = await answer.next();
  return done ? undefined : value;
}

async function drain(answer: AsyncIterator<LlmChunk>): Promise<LlmChunk[]> {
  const chunks: LlmChunk[] = [];
  for (let chunk = await next(answer); chunk; chunk = await next(answer)) chunks.push(chunk);
  return chunks;
}

/** The error that the rest of the answer throws. */
async function faultOf(answer: AsyncIterator<LlmChunk>): Promise<unknown> {
  return drain(answer).then(
    (chunks) => expect.unreachable(`ended with ${JSON.stringify(chunks)}`),
    (error: unknown) => error,
  );
}

const USAGE = { prompt_tokens: 7, completion_tokens: 2, total_tokens: 9 };

describe('an answer', () => {
  it('comes piece by piece as the model produces it, then ends with its usage', async () => {
    const answer = ask();
    const first = next(answer);
    const request = await upstream.nextRequest();
    await request.send('Hel');
    expect(await first).toEqual({ type: 'text', text: 'Hel' });
    await request.send('lo 👋');
    expect(await next(answer)).toEqual({ type: 'text', text: 'lo 👋' });
    await request.finish({ usage: USAGE });
    expect(await next(answer)).toEqual({
      type: 'end',
      finishReason: 'stop',
      isTruncated: false,
      usage: { inputTokens: 7, outputTokens: 2, totalTokens: 9 },
    });
    expect(await next(answer)).toBeUndefined();
  });

  it('says when its length was the limit', async () => {
    const answer = drain(ask(llm(), { maxTokens: 3 }));
    const request = await upstream.nextRequest();
    expect(request.request.maxTokens).toBe(3);
    await request.send('one two three');
    await request.finish({ reason: 'length' });
    expect((await answer).at(-1)).toMatchObject({ type: 'end', finishReason: 'length', isTruncated: true });
  });

  it('is complete when only its token counts are lost', async () => {
    const answer = ask();
    const first = next(answer);
    const request = await upstream.nextRequest();
    await request.raw('data: {"choices":[{"index":0,"delta":{"content":"ok"},"finish_reason":"stop"}]}\n\n');
    expect(await first).toEqual({ type: 'text', text: 'ok' });
    await request.cut();
    expect(await drain(answer)).toEqual([
      { type: 'end', finishReason: 'stop', isTruncated: false, usage: null },
    ]);
  });

  it('is not held up by a server that keeps the connection open after the end', async () => {
    const answer = drain(ask(llm({ timeoutMs: 50 })));
    const request = await upstream.nextRequest();
    await request.send('ok');
    await request.finishAndHang({ usage: USAGE });
    expect((await answer).slice(1)).toEqual([expect.objectContaining({ type: 'end', finishReason: 'stop' })]);
    await request.closed;
  });

  it('is not held up by a server that keeps sending comments after the end', async () => {
    const answer = drain(ask(llm({ timeoutMs: 100 })));
    const request = await upstream.nextRequest();
    await request.send('ok');
    await request.raw('data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n');
    const kept = setInterval(() => void request.comment('ping'), 10);
    expect((await answer).at(-1)).toMatchObject({ type: 'end', finishReason: 'stop' });
    clearInterval(kept);
    await request.closed;
  });

  it('is read as long as text follows the finish reason', async () => {
    const answer = drain(ask());
    const request = await upstream.nextRequest();
    await request.send('one');
    await request.raw('data: {"choices":[{"delta":{},"finish_reason":"stop"}]}\n\n');
    for (let i = 0; i < 8; i++) await request.send('more');
    await request.finish();
    expect((await answer).filter(({ type }) => type === 'text').length).toBe(9);
  });

  it('without a finish reason is complete after [DONE]', async () => {
    const answer = drain(ask());
    const request = await upstream.nextRequest();
    await request.send('ok');
    await request.raw('data: [DO');
    await request.raw('NE]\n\n');
    await request.end();
    expect(await answer).toEqual([
      { type: 'text', text: 'ok' },
      { type: 'end', finishReason: null, isTruncated: false, usage: null },
    ]);
  });

  it('is read from a server that cannot stream', async () => {
    const answer = drain(ask());
    const request = await upstream.nextRequest();
    const choices = [{ index: 0, message: { role: 'assistant', content: 'whole' }, finish_reason: 'stop' }];
    await request.fail(200, { id: 'x', created: 0, model: 'm', choices, usage: USAGE });
    expect(await answer).toEqual([
      { type: 'text', text: 'whole' },
      {
        type: 'end',
        finishReason: 'stop',
        isTruncated: false,
        usage: { inputTokens: 7, outputTokens: 2, totalTokens: 9 },
      },
    ]);
  });

  it("ignores comments and a model's thoughts", async () => {
    const answer = drain(ask());
    const request = await upstream.nextRequest();
    await request.comment('OPENROUTER PROCESSING');
    await request.think('let me see');
    await request.send('42');
    await request.finish();
    expect((await answer).filter((chunk) => chunk.type === 'text')).toEqual([{ type: 'text', text: '42' }]);
  });
});

describe('a request', () => {
  async function requestOf(options: Partial<LlmOptions>, model?: string) {
    const answer = drain(ask(llm(options), { ...(model && { model }), maxTokens: 5 }));
    const request = await upstream.nextRequest();
    await request.send('ok');
    await request.finish();
    await answer;
    return request.request;
  }

  it('has the texts before which the model stops, if there are any', async () => {
    const bodies: Record<string, unknown>[] = [];
    const overheard: typeof fetch = (url, init) => {
      bodies.push(JSON.parse(String(init?.body)));
      return fetch(url, init);
    };
    upstream.answerAll('ok');
    for (const stop of [['END', '\n\n'], []]) await drain(ask(llm({ fetch: overheard }), { stop }));
    expect(bodies.map((body) => body.stop)).toEqual([['END', '\n\n'], undefined]);
  });

  it('to OpenAI has the id of the model without its prefix', async () => {
    const { model } = await requestOf({ provider: 'openai', apiKey: 'sk-test-1234' }, 'openai/gpt-4o');
    expect(model).toBe('gpt-4o');
    expect((await requestOf({ provider: 'openai' }, 'google/gemini-2.5-flash')).model).toBe(
      'google/gemini-2.5-flash',
    );
  });

  it('to other servers has the whole id of the model', async () => {
    expect((await requestOf({ provider: 'openrouter' }, 'openai/gpt-4o')).model).toBe('openai/gpt-4o');
    expect((await requestOf({ provider: 'custom' }, 'openai/gpt-4o')).model).toBe('openai/gpt-4o');
  });

  it('has the key, and no Authorization header without one', async () => {
    expect((await requestOf({ apiKey: 'sk-test-1234' })).headers.authorization).toBe('Bearer sk-test-1234');
    expect((await requestOf({ apiKey: null })).headers.authorization).toBeUndefined();
  });

  it('names the app to OpenRouter only', async () => {
    expect((await requestOf({ provider: 'openrouter' })).headers['x-title']).toBe('TaskFlow');
    expect((await requestOf({ provider: 'custom' })).headers['x-title']).toBeUndefined();
  });

  it.each([
    [{ prompt_tokens: -1, completion_tokens: 2, total_tokens: 1 }, null],
    [{ prompt_tokens: '7', completion_tokens: 2, total_tokens: 9 }, null],
    [{ prompt_tokens: 7.5, completion_tokens: 2, total_tokens: 9.5 }, null],
    [{ prompt_tokens: 7, completion_tokens: null, total_tokens: 7 }, null],
    [
      { prompt_tokens: 7, completion_tokens: 2 },
      { inputTokens: 7, outputTokens: 2, totalTokens: 9 },
    ],
  ])('takes only whole numbers as token counts: %j', async (counted, usage) => {
    const answer = ask();
    const asked = upstream.nextRequest();
    const chunks = drain(answer);
    const request = await asked;
    await request.send('ok');
    await request.finish({ usage: counted as never });
    expect((await chunks).at(-1)).toMatchObject({ type: 'end', usage });
  });

  it('asks for a stream, for token counts and for a limit of the length', async () => {
    expect(await requestOf({})).toMatchObject({ stream: true, includeUsage: true, maxTokens: 5 });
  });
});

describe('the option for token counts', () => {
  const refusal = { error: { message: "Unknown parameter: 'stream_options'", code: 'unknown_parameter' } };

  it.each([400, 422])(
    'is dropped after the server refuses it with %i, also in later requests',
    async (status) => {
      const model = llm();
      const first = drain(ask(model));
      const refused = await upstream.nextRequest();
      expect(refused.request.includeUsage).toBe(true);
      await refused.fail(status, refusal);
      const again = await upstream.nextRequest();
      expect(again.request.includeUsage).toBe(false);
      await again.send('ok');
      await again.finish();
      expect((await first)[0]).toEqual({ type: 'text', text: 'ok' });
      const second = drain(ask(model));
      const next = await upstream.nextRequest();
      expect(next.request.includeUsage).toBe(false);
      await next.send('ok');
      await next.finish();
      await second;
    },
  );

  it('is kept after a refusal that only quotes the request', async () => {
    const model = llm();
    const fault = faultOf(ask(model));
    await (await upstream.nextRequest()).fail(400, refusal);
    await (await upstream.nextRequest()).fail(400, { error: { message: 'temperature is wrong' } });
    expect(await fault).toMatchObject({ message: 'temperature is wrong' });
    const next = drain(ask(model));
    const request = await upstream.nextRequest();
    expect(request.request.includeUsage).toBe(true);
    await request.send('ok');
    await request.finish();
    await next;
  });

  it.each([
    [400, { error: { message: 'Unknown parameter: temperature' } }],
    [500, refusal],
  ])('is kept if something else is refused: %i %j', async (status, body) => {
    const asked = upstream.requests.length;
    const fault = faultOf(ask());
    await (await upstream.nextRequest()).fail(status, body);
    await fault;
    expect(upstream.requests.length).toBe(asked + 1);
  });
});

describe('a fault', () => {
  it('of HTTP is classified, and the request is sent once', async () => {
    const fault = faultOf(ask());
    const request = await upstream.nextRequest();
    const asked = upstream.requests.length;
    await request.fail(429, { error: { message: 'Rate limit reached' } }, { 'retry-after': '3' });
    expect(await fault).toMatchObject({
      name: 'LlmError',
      code: 'RATE_LIMITED',
      retryable: true,
      retryAfterMs: 3000,
      status: 429,
      partial: false,
    });
    expect(upstream.requests.length).toBe(asked);
  });

  it.each([
    [401, { error: { message: 'Incorrect API key provided: sk-secret-1234' } }, 'PERMISSION_DENIED'],
    [402, { error: { message: 'Insufficient credits', code: 402 } }, 'QUOTA_EXCEEDED'],
    [404, { error: { message: 'No endpoints found for x/y', code: 404 } }, 'MODEL_NOT_FOUND'],
    [503, '<html>upstream down</html>', 'SERVICE_UNAVAILABLE'],
    [504, '', 'TIMEOUT'],
  ])('of status %i has its own code', async (status, body, code) => {
    const fault = faultOf(ask(llm({ apiKey: 'sk-secret-1234' })));
    await (await upstream.nextRequest()).fail(status, body);
    const error = await fault;
    expect(error).toMatchObject({ name: 'LlmError', code });
    expect(String(error)).not.toContain('sk-secret');
  });

  it('in the stream is classified, and marked as partial', async () => {
    const answer = ask();
    const first = next(answer);
    const request = await upstream.nextRequest();
    await request.send('Well');
    await first;
    const fault = faultOf(answer);
    await request.errorInStream({ code: 429, message: 'Rate limited upstream' });
    expect(await fault).toMatchObject({ code: 'RATE_LIMITED', partial: true });
  });

  it('inside a choice of the stream is classified', async () => {
    const fault = faultOf(ask());
    const request = await upstream.nextRequest();
    await request.raw(
      'data: {"choices":[{"index":0,"delta":{},"error":{"code":502,"message":"Provider down"},"finish_reason":"error"}]}\n\n',
    );
    await request.end();
    expect(await fault).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('by a content filter is CONTENT_BLOCKED', async () => {
    const fault = faultOf(ask());
    const request = await upstream.nextRequest();
    await request.finish({ reason: 'content_filter' });
    expect(await fault).toMatchObject({ code: 'CONTENT_BLOCKED', retryable: false });
  });

  it.each([
    ['its socket is destroyed', 'cut'],
    ['its body just ends', 'end'],
  ] as const)('is SERVICE_UNAVAILABLE when a stream is cut: %s', async (_, how) => {
    const answer = ask();
    const first = next(answer);
    const request = await upstream.nextRequest();
    await request.send('Once upon');
    await first;
    const fault = faultOf(answer);
    await request[how]();
    expect(await fault).toMatchObject({
      name: 'LlmError',
      code: 'SERVICE_UNAVAILABLE',
      partial: true,
      retryable: true,
    });
  });

  it('is SERVICE_UNAVAILABLE when a chunk is not JSON', async () => {
    const fault = faultOf(ask());
    const request = await upstream.nextRequest();
    await request.raw('data: {"choices":[{\n\n');
    await request.end();
    expect(await fault).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('is SERVICE_UNAVAILABLE when nobody listens at the address', async () => {
    const gone = await startScriptedUpstream();
    await gone.close();
    expect(await faultOf(ask(llm({ baseURL: gone.baseURL })))).toMatchObject({ code: 'SERVICE_UNAVAILABLE' });
  });

  it('contains no secret that a server repeats in the stream: key, header, query', async () => {
    const secrets = { key: 'plain-looking', header: 'of-the-gateway-0123', query: 'of-the-function-0123' };
    const options = {
      apiKey: secrets.key,
      headers: { 'x-key': secrets.header },
      query: { code: secrets.query },
    };
    const fault = faultOf(ask(llm(options)));
    const request = await upstream.nextRequest();
    await request.send('Hi');
    await request.raw(`data: {"error":{"message":"refused: ${Object.values(secrets).join(' ')}"}}\n\n`);
    expect(await fault).toMatchObject({
      message: 'refused: [redacted] [redacted] [redacted]',
      partial: true,
    });
  });

  it('says that the base URL may be wrong when a web page answers', async () => {
    const fault = faultOf(ask());
    await (await upstream.nextRequest()).fail(200, '<html></html>', { 'content-type': 'text/html' });
    expect(await fault).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      retryable: false,
      mayTryAgain: false,
      message: expect.stringContaining('base URL'),
    });
  });

  it('in a body of status 200 is classified', async () => {
    const fault = faultOf(ask());
    await (await upstream.nextRequest()).fail(200, { error: { code: 402, message: 'Insufficient credits' } });
    expect(await fault).toMatchObject({ code: 'QUOTA_EXCEEDED' });
  });
});

describe('the time limit', () => {
  it.each([
    ['before the headers', async () => {}],
    ['before the first text', async (request: Scripted) => void (await request.open())],
    ['between texts', async (request: Scripted) => void (await request.send('Well'))],
  ])('%s closes the socket and is TIMEOUT', async (_, begin) => {
    const fault = faultOf(ask(llm({ timeoutMs: 60 })));
    const request = await upstream.nextRequest();
    await begin(request);
    expect(await fault).toMatchObject({ name: 'LlmError', code: 'TIMEOUT', retryable: true });
    await request.closed;
  });

  it('holds even if the response, or its body, never ends and ignores an abort', async () => {
    const bodyless = async () => new Response(new ReadableStream());
    for (const fetch of [bodyless, () => new Promise<Response>(() => {})]) {
      expect(await faultOf(ask(llm({ timeoutMs: 20, fetch })))).toMatchObject({ code: 'TIMEOUT' });
    }
  });

  it('names its setting', async () => {
    const fault = faultOf(ask(llm({ timeoutMs: 30 })));
    await upstream.nextRequest();
    expect(await fault).toMatchObject({ message: expect.stringContaining('LLM_TIMEOUT_MS') });
  });

  it.each([
    ['comments', (request: Scripted) => request.comment('OPENROUTER PROCESSING')],
    ['pings', (request: Scripted) => request.raw('event: ping\ndata: {"type":"ping"}\n\n')],
    ['data that is null', (request: Scripted) => request.raw('data: null\n\n')],
    ['chunks without a word', (request: Scripted) => request.raw('data: {"choices":[]}\n\n')],
    ['parts of an event', (request: Scripted) => request.raw('data')],
  ])('is extended by %s up to the longest wait, and the message names that setting', async (_, live) => {
    const fault = faultOf(ask(llm({ timeoutMs: 600, maxWaitMs: 700 })));
    const request = await upstream.nextRequest();
    const kept = setInterval(() => void live(request), 15);
    // Without keep-alives the message would name the other setting.
    expect(await fault).toMatchObject({
      code: 'TIMEOUT',
      message: expect.stringContaining('LLM_MAX_WAIT_MS'),
    });
    clearInterval(kept);
    await request.closed;
  });
});

describe('an abort', () => {
  it('during the answer closes the socket and is an AbortError', async () => {
    const answer = ask();
    const first = next(answer);
    const request = await upstream.nextRequest();
    await request.send('Once upon');
    await first;
    const fault = faultOf(answer);
    const before = performance.now();
    stop.abort();
    expect((await request.closed).at - before).toBeLessThan(5_000);
    expect(await fault).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR' });
    expect(await fault).not.toBeInstanceOf(LlmError);
    expect(await request.send('a time')).toBe(false);
  });

  it('closes the socket even if nobody reads, and drops unread text', async () => {
    const answer = ask();
    const first = next(answer);
    const request = await upstream.nextRequest();
    await request.send('one');
    await request.send('two');
    await first;
    stop.abort();
    await request.closed;
    expect(await faultOf(answer)).toMatchObject({ name: 'AbortError' });
  });

  it('before the headers closes the socket', async () => {
    const fault = faultOf(ask());
    const request = await upstream.nextRequest();
    stop.abort(new Error('the turn was fenced'));
    await request.closed;
    expect(await fault).toMatchObject({ name: 'AbortError' });
  });

  it('before the start sends no request', async () => {
    const asked = upstream.requests.length;
    const answer = ask();
    stop.abort();
    expect(await faultOf(answer)).toMatchObject({ name: 'AbortError' });
    expect(upstream.requests.length).toBe(asked);
  });

  it('leaves no listener on its signal', async () => {
    upstream.answerAll('done');
    const answer = ask();
    const { signal } = stop;
    await drain(answer);
    expect(EventEmitter.getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('leaving an answer early', () => {
  it('closes the socket', async () => {
    const answer = ask();
    const first = next(answer);
    const request = await upstream.nextRequest();
    await request.send('Once upon');
    await first;
    await answer.return?.();
    await request.closed;
  });
});

type Scripted = Awaited<ReturnType<ScriptedUpstream['nextRequest']>>;
