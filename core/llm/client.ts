import OpenAI from 'openai';
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import type { CompletionUsage } from 'openai/resources/completions';
import type { TokenUsage } from '../conversation/vocabulary.ts';
import { Call } from './call.ts';
import { type CompletionStream, completionStream } from './completion-stream.ts';
import type { Endpoint } from './endpoint.ts';
import { classifyLlmError, LlmAbortError, LlmError } from './errors.ts';
import type { ProviderName } from './provider.ts';

export interface LlmMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface LlmRequest {
  /** An id of the registry, such as `openai/gpt-4o-mini`. */
  model: string;
  messages: readonly LlmMessage[];
  /** Its abort closes the socket to the provider at once, so that the model stops and is no longer paid. */
  signal: AbortSignal;
  /** The longest answer, in tokens; unset is the model's own limit. */
  maxTokens?: number;
  /** The turn that it is asked for. Not sent to the provider. */
  about?: { conversationId: string; turnId: string };
}

/** Pieces of text as the model produces them, then exactly one end. Usage is null when the provider did not count. */
export type LlmChunk =
  | { type: 'text'; text: string }
  /** The model thinks and says nothing: one for each piece of its thoughts, which are not passed on. */
  | { type: 'thinking' }
  | { type: 'end'; usage: TokenUsage | null; finishReason: string | null; isTruncated: boolean };

/** A way to models. It holds no connection of its own to close. */
export interface Llm {
  readonly provider: ProviderName;
  /**
   * Asks once, without retries. Texts joined are the answer. Leaving the iteration early closes the socket.
   *
   * @throws {LlmError} while iterating, for every fault of the provider or the network, a stream cut short, and a time limit.
   * @throws {LlmAbortError} while iterating, after `signal` was aborted. Texts that had not been taken by then are dropped.
   */
  stream(request: LlmRequest): AsyncIterable<LlmChunk>;
}

export interface LlmOptions extends Endpoint {
  /** The longest silence before the first text and between texts, in ms; default 60,000. Time in which nobody reads is not counted. */
  timeoutMs?: number;
}

const DEFAULT_TIMEOUT_MS = 60_000;
/** How long the token counts may lag behind the answer's end before it is ended without them. */
const USAGE_GRACE_MS = 2_000;

/** Makes a way to models out of the `openai` client. Nothing is read from the environment but what the options say. */
export function createLlm(options: LlmOptions): Llm {
  const { provider, baseURL, apiKey, query, headers, body, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const client = new OpenAI({
    baseURL,
    apiKey: apiKey || 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    maxRetries: 0,
    // The limits are ours; this one only must not come before them.
    timeout: timeoutMs * 2,
    logLevel: 'off',
    ...(query && { defaultQuery: query }),
    ...(options.fetch && { fetch: options.fetch }),
    defaultHeaders: {
      ...(apiKey ? {} : { Authorization: null }),
      ...(provider === 'openrouter' ? { 'X-Title': 'TaskFlow' } : {}),
      ...headers,
    },
  });
  return {
    provider,
    stream: (request) => streamAnswer({ client, provider, timeoutMs, body, secret: apiKey }, request),
  };
}

async function* streamAnswer(
  upstream: Upstream,
  request: LlmRequest,
): AsyncGenerator<LlmChunk, void, undefined> {
  const call = new Call(request.signal);
  const heard: Heard = { text: false, finishReason: null, usage: null };
  try {
    if (call.over) throw new LlmAbortError('the answer was aborted before it was asked for');
    call.expectWithin(upstream.timeoutMs);
    const response = await ask(upstream, request, call);
    const stream = await completionStream(response, call.controller, upstream.client);
    for await (const chunk of stream.chunks) {
      if (call.over) break;
      const text = hear(heard, chunk);
      if (text) {
        heard.text = true;
        call.rest();
        yield { type: 'text', text };
      }
      if (heard.finishReason) call.expectWithin(Math.min(USAGE_GRACE_MS, upstream.timeoutMs));
      else if (text || isReasoning(chunk)) call.expectWithin(upstream.timeoutMs);
    }
    requireWhole(heard, stream, call);
  } catch (error) {
    const fault = faultOf(error, call, heard, upstream);
    if (fault) throw fault;
  } finally {
    call.dispose();
  }
  const { usage, finishReason } = heard;
  yield { type: 'end', usage, finishReason, isTruncated: finishReason === 'length' };
}

interface Upstream {
  client: OpenAI;
  provider: ProviderName;
  timeoutMs: number;
  secret: string | null | undefined;
  body: Endpoint['body'];
}

interface Heard {
  text: boolean;
  finishReason: string | null;
  usage: TokenUsage | null;
}

function ask({ client, provider, body }: Upstream, request: LlmRequest, call: Call): Promise<Response> {
  const { model, messages, maxTokens } = request;
  const openai = provider === 'openai';
  return client.chat.completions
    .create(
      {
        ...body,
        model: openai ? model.replace(/^openai\//, '') : model,
        messages: [...messages],
        stream: true,
        stream_options: { include_usage: true },
        // OpenAI's newer models refuse max_tokens; other servers know no other name.
        ...(maxTokens !== undefined &&
          (openai ? { max_completion_tokens: maxTokens } : { max_tokens: maxTokens })),
      },
      { signal: call.controller.signal },
    )
    .asResponse();
}

/** Notes what the chunk says of the answer's end; answers its text, if any. */
function hear(heard: Heard, chunk: ChatCompletionChunk): string {
  if (chunk.usage) heard.usage = usageIn(chunk.usage);
  const choice: StreamedChoice | undefined = chunk.choices?.[0];
  if (!choice) return '';
  if (choice.error) throw classifyLlmError(choice.error) ?? new LlmError('UNKNOWN', 'the provider gave up');
  heard.finishReason = choice.finish_reason || heard.finishReason;
  if (heard.finishReason === 'content_filter') {
    throw new LlmError('CONTENT_BLOCKED', "the provider's content filter stopped the answer");
  }
  if (heard.finishReason === 'error')
    throw new LlmError('SERVICE_UNAVAILABLE', 'the provider gave up amid the answer');
  return choice.delta?.content ?? '';
}

/** Null where the provider's counts are none. */
function usageIn(usage: CompletionUsage): TokenUsage | null {
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens } = usage;
  if (!isCount(inputTokens) || !isCount(outputTokens)) return null;
  const totalTokens = isCount(total_tokens) ? total_tokens : inputTokens + outputTokens;
  return { inputTokens, outputTokens, totalTokens };
}

function isCount(value: unknown): boolean {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= MOST_TOKENS;
}

/** What GraphQL's and PostgreSQL's integers hold; half of it, so that the sum of two does, too. */
const MOST_TOKENS = 1_073_741_823;

/** OpenRouter reports a fault of the model's own provider inside the choice. */
type StreamedChoice = ChatCompletionChunk.Choice & { error?: unknown };

/** A model that thinks aloud before it speaks is alive: OpenRouter and DeepSeek stream its thoughts beside the content. */
function isReasoning(chunk: ChatCompletionChunk): boolean {
  const delta:
    | (ChatCompletionChunk.Choice.Delta & { reasoning?: unknown; reasoning_content?: unknown })
    | undefined = chunk.choices?.[0]?.delta;
  return Boolean(delta?.reasoning || delta?.reasoning_content);
}

function requireWhole(heard: Heard, stream: CompletionStream, call: Call): void {
  if (call.over || (!heard.finishReason && !stream.done)) throw new CutShort();
}

class CutShort extends Error {
  override readonly message = 'the stream ended before the answer did';
}

/** What to throw for an error of the stream; null when the answer was whole before it came. */
function faultOf(error: unknown, call: Call, heard: Heard, upstream: Upstream): Error | null {
  if (call.aborted) return new LlmAbortError('the answer was aborted', { cause: error });
  const context = { secret: upstream.secret, partial: heard.text };
  if (error instanceof LlmError) return withPartial(error, heard.text);
  if (heard.finishReason) return null;
  if (call.expired) {
    const message = `no text from the model for ${upstream.timeoutMs} ms`;
    return new LlmError('TIMEOUT', message, { partial: heard.text });
  }
  if (error instanceof CutShort)
    return new LlmError('SERVICE_UNAVAILABLE', error.message, { partial: heard.text });
  if (error instanceof SyntaxError) {
    return new LlmError('SERVICE_UNAVAILABLE', 'the provider sent a chunk that is not JSON', {
      partial: heard.text,
    });
  }
  return (
    classifyLlmError(error, context) ??
    new LlmError('SERVICE_UNAVAILABLE', 'the stream was aborted from the other side', { partial: heard.text })
  );
}

function withPartial(error: LlmError, partial: boolean): LlmError {
  const { code, message, retryable, retryAfterMs, status, cause } = error;
  return new LlmError(code, message, { retryable, retryAfterMs, status, cause, partial });
}
