import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from 'openai';
import { describe, expect, it } from 'vitest';
import type { ModelErrorCode } from '../../domain/vocabulary.ts';
import { StatusError } from '../provider/openai-client.ts';
import { classifyLlmError, LlmAbortError, LlmError } from './errors.ts';

function answered(status: number, error: object | undefined, headers: Record<string, string> = {}): APIError {
  return APIError.generate(status, error && { error }, undefined, new Headers(headers));
}

/** The error that the client throws for an error object in a stream. */
function streamed(error: object): APIError {
  return new APIError(undefined, error, undefined, new Headers());
}

function withCode(code: string, message = 'it failed'): Error {
  return Object.assign(new Error(message), { code });
}

const KNOWN: readonly (readonly [ModelErrorCode, string, unknown])[] = [
  [
    'RATE_LIMITED',
    "OpenAI's 429",
    answered(429, {
      message: 'Rate limit reached for gpt-4o on requests per min. Please try again in 20s.',
      type: 'requests',
      code: 'rate_limit_exceeded',
    }),
  ],
  ['RATE_LIMITED', 'a 429 without a body', answered(429, undefined)],
  [
    'RATE_LIMITED',
    "OpenRouter's 429 in a stream",
    streamed({
      code: 429,
      message: 'Provider returned error',
      metadata: { raw: 'openai/gpt-4o is temporarily rate-limited upstream' },
    }),
  ],
  [
    'RATE_LIMITED',
    "Google's standard text",
    new Error('429 RESOURCE_EXHAUSTED: Resource has been exhausted (e.g. check quota).'),
  ],
  [
    'RATE_LIMITED',
    "Google's quota per minute",
    new Error("Quota exceeded for quota metric 'Generate Content API requests per minute'"),
  ],
  ['RATE_LIMITED', 'prose', new Error('Too Many Requests')],
  ['RATE_LIMITED', 'a status in prose', new Error('Request failed with status code 429')],
  ['RATE_LIMITED', "Google's status alone", streamed({ status: 'RESOURCE_EXHAUSTED', message: 'it failed' })],
  [
    'RATE_LIMITED',
    'a 429 whose type says little',
    answered(429, { message: 'slow down', type: 'api_error' }),
  ],
  ['PERMISSION_DENIED', 'a 401 whose type says little', answered(401, { message: 'no', type: 'api_error' })],
  ['UNKNOWN', 'a 400 whose type says little', answered(400, { message: 'too long', type: 'api_error' })],
  ['UNKNOWN', 'a 413 whose type says little', answered(413, { message: 'too long', type: 'server_error' })],
  ['MODEL_NOT_FOUND', 'a 404 whose type says little', answered(404, { message: 'no', type: 'server_error' })],
  [
    'SERVICE_UNAVAILABLE',
    'a type that says little, alone',
    streamed({ type: 'api_error', message: 'it failed' }),
  ],
  [
    'QUOTA_EXCEEDED',
    "LiteLLM's",
    answered(400, { message: 'Budget has been exceeded!', type: 'budget_exceeded', code: '400' }),
  ],
  [
    'QUOTA_EXCEEDED',
    "OpenAI's other 429",
    answered(429, {
      message: 'You exceeded your current quota, please check your plan and billing details.',
      type: 'insufficient_quota',
      code: 'insufficient_quota',
    }),
  ],
  [
    'QUOTA_EXCEEDED',
    'the same without its code',
    answered(429, {
      message: 'You exceeded your current quota, please check your plan and billing details.',
    }),
  ],
  [
    'QUOTA_EXCEEDED',
    "OpenRouter's 402",
    answered(402, { message: 'Insufficient credits. Add more credits and retry the request.', code: 402 }),
  ],
  ['QUOTA_EXCEEDED', 'a 402 in a stream', streamed({ code: 402, message: 'no more' })],
  [
    'QUOTA_EXCEEDED',
    "Anthropic's balance",
    answered(400, {
      message: 'Your credit balance is too low to access the API.',
      type: 'invalid_request_error',
    }),
  ],
  ['QUOTA_EXCEEDED', 'billing in prose', new Error('Billing account is disabled')],
  [
    'MODEL_NOT_FOUND',
    "OpenAI's 404",
    answered(404, {
      message: 'The model `gpt-9` does not exist or you do not have access to it.',
      code: 'model_not_found',
    }),
  ],
  [
    'MODEL_NOT_FOUND',
    "OpenRouter's 400",
    answered(400, { message: 'gpt-9 is not a valid model ID', code: 400 }),
  ],
  ['MODEL_NOT_FOUND', "Ollama's prose", new Error("model 'llama9' not found, try pulling it first")],
  [
    'PERMISSION_DENIED',
    'a 401',
    answered(401, { message: 'Incorrect API key provided: sk-abc***xyz.', code: 'invalid_api_key' }),
  ],
  ['PERMISSION_DENIED', 'a 403', answered(403, { message: 'Country, region, or territory not supported' })],
  [
    'PERMISSION_DENIED',
    "Google's 400",
    answered(400, { message: 'API key not valid. Please pass a valid API key.' }),
  ],
  ['PERMISSION_DENIED', 'prose', new Error('Unauthorized')],
  ['SERVICE_UNAVAILABLE', 'a 500', answered(500, { message: 'The server had an error' })],
  ['SERVICE_UNAVAILABLE', 'a 502', answered(502, undefined)],
  [
    'SERVICE_UNAVAILABLE',
    'a 503 with a page for a body',
    APIError.generate(503, undefined, '<html>limit</html>', new Headers()),
  ],
  [
    'SERVICE_UNAVAILABLE',
    "Anthropic's 529",
    answered(529, { message: 'Overloaded', type: 'overloaded_error' }),
  ],
  [
    'SERVICE_UNAVAILABLE',
    "OpenAI's error in a stream",
    streamed({ message: 'The server had an error while processing your request', type: 'server_error' }),
  ],
  [
    'SERVICE_UNAVAILABLE',
    "Google's overload",
    new Error('[503 Service Unavailable] The model is overloaded. Please wait.'),
  ],
  [
    'SERVICE_UNAVAILABLE',
    'a refused connection under its wrappings',
    new APIConnectionError({
      cause: new TypeError('fetch failed', {
        cause: withCode('ECONNREFUSED', 'connect ECONNREFUSED 127.0.0.1:9'),
      }),
    }),
  ],
  ['SERVICE_UNAVAILABLE', 'an unknown host', withCode('ENOTFOUND', 'getaddrinfo ENOTFOUND api.example')],
  ['SERVICE_UNAVAILABLE', 'a connection that was reset', withCode('ECONNRESET', 'aborted')],
  ['SERVICE_UNAVAILABLE', 'a socket that hung up', new Error('socket hang up')],
  [
    'SERVICE_UNAVAILABLE',
    "undici's cut stream",
    new TypeError('terminated', { cause: withCode('UND_ERR_SOCKET', 'other side closed') }),
  ],
  [
    'SERVICE_UNAVAILABLE',
    'a connection that failed for another reason',
    new APIConnectionError({ cause: new Error('self-signed certificate') }),
  ],
  ['TIMEOUT', "the client's own limit", new APIConnectionTimeoutError()],
  ['TIMEOUT', 'a 408', answered(408, { message: 'slow' })],
  ['TIMEOUT', 'a 504', answered(504, undefined)],
  ['TIMEOUT', "Google's deadline", new Error('4 DEADLINE_EXCEEDED: Deadline exceeded')],
  [
    'TIMEOUT',
    "undici's limit",
    new TypeError('fetch failed', { cause: withCode('UND_ERR_HEADERS_TIMEOUT', 'Headers Timeout Error') }),
  ],
  ['TIMEOUT', 'a connection that timed out', withCode('ETIMEDOUT')],
  [
    'TIMEOUT',
    'AbortSignal.timeout',
    new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
  ],
  [
    'CONTENT_BLOCKED',
    "Azure's filter",
    answered(400, {
      message:
        "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
      code: 'content_filter',
    }),
  ],
  [
    'CONTENT_BLOCKED',
    "OpenRouter's moderation",
    answered(403, {
      code: 403,
      message: 'Input flagged',
      metadata: { reasons: ['violence'], provider_name: 'OpenAI' },
    }),
  ],
  ['CONTENT_BLOCKED', "Google's safety", new Error('Candidate was blocked due to SAFETY')],
  [
    'CONTEXT_TOO_LONG',
    "OpenAI's",
    answered(400, {
      message: "This model's maximum context length is 128000 tokens.",
      code: 'context_length_exceeded',
    }),
  ],
  [
    'CONTEXT_TOO_LONG',
    "Anthropic's",
    answered(400, { message: 'prompt is too long: 210000 tokens > 200000 maximum' }),
  ],
  [
    'CONTEXT_TOO_LONG',
    "llama.cpp's",
    answered(400, {
      message: 'the request exceeds the available context size',
      type: 'exceed_context_size_error',
    }),
  ],
  ['UNKNOWN', 'a request that is wrong', answered(400, { message: 'messages: must not be empty' })],
  ['UNKNOWN', 'a thing that is no error', 42],
  ['UNKNOWN', 'nothing', undefined],
];

describe('a fault of a model is classified by its source', () => {
  it.each(KNOWN.map(([code, what, error]) => ({ code, what, error })))('$code: $what', ({ code, error }) => {
    expect(classifyLlmError(error)?.code).toBe(code);
  });
});

describe('a number in a message is a status only if the message marks it as one', () => {
  it.each([
    ['took 500 tokens', 'UNKNOWN'],
    ['404 items were indexed', 'UNKNOWN'],
    ['the answer has 429 words', 'UNKNOWN'],
    ['error: 500 tokens over the window', 'UNKNOWN'],
    ['waited 503ms', 'UNKNOWN'],
    ['port 4010 and 5030', 'UNKNOWN'],
    ['error code: 503', 'SERVICE_UNAVAILABLE'],
    ['HTTP 502', 'SERVICE_UNAVAILABLE'],
    ['HTTP/1.1 401', 'PERMISSION_DENIED'],
    ['{"error":{"code":404}}', 'MODEL_NOT_FOUND'],
    ['[408]: gone', 'TIMEOUT'],
    ['500 status code (no body)', 'SERVICE_UNAVAILABLE'],
  ])('%s', (message, code) => {
    expect(classifyLlmError(new Error(message))?.code).toBe(code);
  });
});

describe('an abort is nothing to report', () => {
  it.each([
    ['the client', new APIUserAbortError()],
    ['fetch', new DOMException('This operation was aborted', 'AbortError')],
    ['ours', new LlmAbortError('stopped')],
    ['Node', Object.assign(new Error('The operation was aborted'), { code: 'ABORT_ERR' })],
    ['one that wraps an abort', new Error('failed', { cause: new DOMException('stop', 'AbortError') })],
    ['prose', new Error('Request was aborted.')],
  ])('of %s', (_, error) => {
    expect(classifyLlmError(error)).toBeNull();
  });
});

describe('an LlmError', () => {
  it('is returned unchanged', () => {
    const error = new LlmError('TIMEOUT', 'slow');
    expect(classifyLlmError(error)).toBe(error);
  });

  it.each([
    ['RATE_LIMITED', true],
    ['SERVICE_UNAVAILABLE', true],
    ['TIMEOUT', true],
    ['UNKNOWN', true],
    ['QUOTA_EXCEEDED', false],
    ['MODEL_NOT_FOUND', false],
    ['PERMISSION_DENIED', false],
    ['CONTENT_BLOCKED', false],
  ] as const)('%s may be tried again: %s', (code, retryable) => {
    expect(new LlmError(code, '').retryable).toBe(retryable);
  });

  it('of a request that the provider finds wrong must not be retried', () => {
    expect(classifyLlmError(answered(422, { message: 'bad temperature' }))).toMatchObject({
      code: 'UNKNOWN',
      retryable: false,
      status: 422,
    });
  });

  it.each([
    ['retry-after-ms', { 'retry-after-ms': '1500', 'retry-after': '9' }, 'x', 1500],
    ['retry-after in seconds', { 'retry-after': '2.5' }, 'x', 2500],
    ['its message', {}, 'Please try again in 1m20.5s.', 80_500],
    ["its message's milliseconds", {}, 'retry after 300ms', 300],
    ['nothing', {}, 'Slow down', undefined],
    ['a header that says nothing', { 'retry-after': 'soon' }, 'x', undefined],
  ])('knows how long to wait from %s', (_, headers, message, expected) => {
    expect(classifyLlmError(answered(429, { message }, headers))?.retryAfterMs).toBe(expected);
  });

  it('knows how long to wait from a date', () => {
    const at = new Date(Date.now() + 60_000).toUTCString();
    const wait = classifyLlmError(answered(503, {}, { 'retry-after': at }))?.retryAfterMs ?? 0;
    expect(wait).toBeGreaterThan(55_000);
    expect(wait).toBeLessThanOrEqual(60_000);
  });

  it.each([3_600_000, -3_600_000])(
    'knows it from a date of a provider whose clock is %i ms from ours',
    (off) => {
      const date = new Date(Date.now() + off).toUTCString();
      const at = new Date(Date.parse(date) + 60_000).toUTCString();
      const fault = classifyLlmError(answered(503, {}, { date, 'retry-after': at }));
      expect(fault?.retryAfterMs).toBe(60_000);
    },
  );

  it.each([
    ['sk-proj-abcdEFGH12345678'],
    ['sk-or-v1-0123456789abcdef'],
    ['AIzaSyA0123456789abcdefghij'],
    ['gsk_0123456789abcdef'],
    ['Bearer eyJhbGciOi.J9.x_y-z'],
    ['my-secret-of-another-shape'],
  ])('never contains a key: %s', (key) => {
    const error = classifyLlmError(
      answered(401, { message: `Incorrect API key provided: ${key}. See /keys?key=${key}&x=1` }),
      {
        secrets: ['my-secret-of-another-shape'],
      },
    );
    const shown = `${error?.message}\n${error?.stack}\n${error?.cause instanceof Error ? `${error.cause.message}${error.cause.stack}` : ''}`;
    expect(shown).not.toContain(key.replace('Bearer ', ''));
    expect(error?.message).toContain('[redacted]');
  });

  it('has a message of one bounded line', () => {
    const message = classifyLlmError(new Error(`a\nb ${'x'.repeat(5000)}`))?.message ?? '';
    expect(message).toMatch(/^a b x+$/);
    expect(message.length).toBe(500);
  });
});

describe('the message that comes with a status', () => {
  const refused = (status: number, body: unknown, headers: Record<string, string> = {}) =>
    classifyLlmError(new StatusError(status, body, new Headers(headers)));

  it.each([
    [{ Message: 'User is not authorized' }, /User is not authorized/],
    [{ error: { why: 'odd words' } }, /odd words/],
    [{}, /answered 403/],
    ['', /answered 403/],
    [undefined, /answered 403/],
  ])('reaches the log in any form: %j', (body, words) => {
    expect(refused(403, body)?.message).toMatch(words);
  });

  const openai = (message: string, code?: string) => ({ error: { message, ...(code && { code }) } });

  it.each([
    [400, 'rate limit headers are not supported'],
    [400, 'the request timed out parameter is unknown'],
    [422, 'service unavailable is not a valid tier'],
    [409, 'too many requests fields'],
  ])('does not outweigh the status: %i "%s"', (status, message) => {
    expect(refused(status, openai(message))).toMatchObject({ code: 'UNKNOWN', mayTryAgain: false });
  });

  it.each([
    [
      400,
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    ],
    [400, 'the request exceeds the available context size, try increasing it'],
    [400, 'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).'],
    [400, 'prompt is too long: 210000 tokens > 200000 maximum'],
    [
      422,
      'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
    ],
    [500, 'the prompt is larger than the context size: context size exceeded'],
    [400, 'The decoder prompt (length 5000) is longer than the maximum model length of 4096.'],
    [400, "The input (5000 tokens) is longer than the model's context length (4096 tokens)."],
    [400, 'the model is loaded with context length of only 4096 tokens, which is not enough'],
    [400, "Reached context length of 4096 tokens with 'stopAtLimit'"],
    [400, 'input length and `max_tokens` exceed context limit: 199000 + 8000 > 200000'],
    [400, "This model's maximum prompt length is 131072 but the request contains 140000 tokens."],
    [422, '`inputs` tokens + `max_new_tokens` must be <= 8193. Given: 9000 `inputs` tokens'],
    [400, 'litellm.BadRequestError: ContextWindowExceededError: OpenAIException'],
    [413, 'Request too large for model `llama` on tokens per minute (TPM): Limit 6000, Requested 7000'],
    [429, 'Request too large for gpt-4 on tokens per min (TPM): Limit 10000, Requested 12000.'],
  ])('means CONTEXT_TOO_LONG when it says so: %i "%s"', (status, message) => {
    expect(
      refused(status, openai(message, status === 413 ? 'rate_limit_exceeded' : undefined)),
    ).toMatchObject({
      code: 'CONTEXT_TOO_LONG',
      retryable: false,
      mayTryAgain: false,
    });
  });

  it.each([
    [500, 'Jinja Exception: System message must be at the beginning.'],
    [500, 'template: :1:2: executing "" at <.X>: can\'t evaluate field X in type api.Message'],
    [400, 'Conversation roles must alternate user/assistant/user/assistant/...'],
    [500, 'Failed to parse chat template: unexpected token'],
    [400, 'After the optional system message, conversation roles must alternate'],
    [400, 'GenerateContentRequest.contents: contents is not specified'],
    [
      400,
      'This model does not support assistant message prefill. The conversation must end with a user message.',
    ],
  ])('of a template that refuses means no retry: %i "%s"', (status, message) => {
    expect(refused(status, openai(message))).toMatchObject({
      code: 'UNKNOWN',
      retryable: false,
      mayTryAgain: false,
    });
  });

  it.each([
    openai('Rate limit reached for model on tokens per day (TPD): Limit 100000. Please try again in 7m12s.'),
    openai(
      'Rate limit exceeded: free-models-per-day. Add 10 credits to unlock 1000 free model requests per day',
    ),
    [
      {
        error: {
          code: 429,
          message: 'You exceeded your current quota. Please retry in 34s.',
          status: 'RESOURCE_EXHAUSTED',
          details: [{ violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' }] }],
        },
      },
    ],
  ])('of a daily limit means QUOTA_EXCEEDED: %j', (body) => {
    expect(refused(429, body)).toMatchObject({ code: 'QUOTA_EXCEEDED', mayTryAgain: false });
  });

  it("gives way to the server's own header about retries", () => {
    const busy = openai('busy');
    expect(refused(503, busy)).toMatchObject({ code: 'SERVICE_UNAVAILABLE', mayTryAgain: true });
    expect(refused(503, busy, { 'x-should-retry': 'false' })).toMatchObject({ mayTryAgain: false });
    expect(refused(400, busy, { 'x-should-retry': 'true' })).toMatchObject({ mayTryAgain: true });
  });

  it.each([
    'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
    'DEPTH_ZERO_SELF_SIGNED_CERT',
    'CERT_HAS_EXPIRED',
    'ERR_TLS_CERT_ALTNAME_INVALID',
    'ERR_SSL_WRONG_VERSION_NUMBER',
    'ERR_INVALID_URL',
    'ENOTFOUND',
  ])('of a wrong address or certificate means no retry: %s', (code) => {
    expect(classifyLlmError(new APIConnectionError({ cause: withCode(code) as Error }))).toMatchObject({
      code: 'SERVICE_UNAVAILABLE',
      retryable: false,
      mayTryAgain: false,
    });
  });
});
