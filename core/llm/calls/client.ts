import { untilAborted } from '../../async/until-aborted.ts';
import type { Owner } from '../../domain/owner.ts';
import type { TokenUsage } from '../../domain/vocabulary.ts';
import { classifyLlmError, LlmAbortError, LlmError, ofStream } from '../errors/errors.ts';
import { type Endpoint, secretsOf } from '../provider/endpoint.ts';
import type { ProviderName } from '../provider/provider.ts';
import { AnswerReader } from '../wire/answer-reader.ts';
import { readBody } from '../wire/body.ts';
import { ThinkingModels } from '../wire/thinking-models.ts';
import { Call } from './call.ts';
import { Requests } from './requests.ts';

export interface LlmMessage {
  role: 'system' | 'user' | 'assistant';
  content: string;
}

export interface LlmRequest {
  /** An id of the registry, such as `openai/gpt-4o-mini`. */
  model: string;
  messages: readonly LlmMessage[];
  /** Its abort closes the socket to the provider at once, so that the model stops and costs nothing more. */
  signal: AbortSignal;
  /** The longest answer, in tokens. Unset: the model's own limit. */
  maxTokens?: number;
  /** Texts before which the model stops. */
  stop?: readonly string[];
  /** Whether an answer without a word is valid: set when the request continues an answer that may already be complete. */
  mayBeEmpty?: boolean;
  /** Whose call it is, and the turn that it belongs to; null: it belongs to none. Not sent to the provider. */
  about?: Owner & { conversationId: string | null; turnId: string | null };
}

/** Pieces of text as the model produces them, then exactly one end. Usage is null when the provider did not count. */
export type LlmChunk =
  | { type: 'text'; text: string }
  /** One for each piece of the model's thoughts. The thoughts themselves are not passed on. */
  | { type: 'thinking' }
  | { type: 'end'; usage: TokenUsage | null; finishReason: string | null; isTruncated: boolean };

/** A client of a model server. It holds no connection that has to be closed. */
export interface Llm {
  readonly provider: ProviderName;
  /**
   * Sends one request, without retries. The joined texts are the answer, which has at least one word. Leaving the iteration
   * early closes the socket.
   *
   * @throws {LlmError} while iterating, for every fault of the provider or the network, a stream cut short, an answer without
   * a word, and a time limit.
   * @throws {LlmAbortError} while iterating, after `signal` was aborted. Texts that were not yet read are dropped.
   */
  stream(request: LlmRequest): AsyncIterable<LlmChunk>;
}

export interface LlmOptions extends Endpoint {
  /** The longest silence before the first text and between texts, in ms; default 60,000. Does not run while the reader does not ask for text. */
  timeoutMs?: number;
  /** How long keep-alives, such as comments, may extend that limit without a text or a thought, in ms; default 600,000. */
  maxWaitMs?: number;
}

const DEFAULT_TIMEOUT_MS = 60_000;
const DEFAULT_MAX_WAIT_MS = 600_000;
/** How long to wait for the token counts after the end of the answer, in milliseconds. */
const USAGE_GRACE_MS = 2_000;

/** Creates a client of a model server. It reads only its options, nothing from the environment. */
export function createLlm(options: LlmOptions): Llm {
  const { provider, timeoutMs = DEFAULT_TIMEOUT_MS } = options;
  const limits = { timeoutMs, maxWaitMs: options.maxWaitMs ?? DEFAULT_MAX_WAIT_MS };
  // `Call` enforces the limits; the library's own timeout only must not fire before them.
  const requests = new Requests(options, timeoutMs * 2);
  const thinking = new ThinkingModels();
  const secrets = secretsOf(options);
  return {
    provider,
    stream: (request) => streamAnswer({ requests, thinking, limits, secrets }, request),
  };
}

interface Upstream {
  requests: Requests;
  thinking: ThinkingModels;
  limits: { timeoutMs: number; maxWaitMs: number };
  secrets: readonly string[];
}

async function* streamAnswer(
  upstream: Upstream,
  request: LlmRequest,
): AsyncGenerator<LlmChunk, void, undefined> {
  const call = new Call(request.signal, upstream.limits);
  const answer = new AnswerReader(request.model, upstream.thinking);
  try {
    if (call.over) throw new LlmAbortError('the answer was aborted before it was asked for');
    call.progressed();
    const { signal } = call.controller;
    const response = await untilAborted(upstream.requests.send(request, signal), signal);
    for await (const item of readBody(response, signal)) {
      if (call.over) break;
      const { text, isThinking } = answer.read(item);
      if (answer.isDone) break;
      call.rest();
      if (isThinking) yield { type: 'thinking' };
      if (text) yield { type: 'text', text };
      if (answer.fault) throw answer.fault;
      if (text || isThinking) call.progressed();
      if (answer.seemsOver) call.endWithin(USAGE_GRACE_MS);
      else if (!text && !isThinking) call.isAlive();
    }
    requireWhole(answer, call);
  } catch (error) {
    const fault = faultOf(error, call, answer, upstream);
    if (fault) throw fault;
  } finally {
    call.dispose();
  }
  const rest = answer.end();
  if (rest) yield { type: 'text', text: rest };
  if (!answer.hasWord && !request.mayBeEmpty) throw noAnswer(answer);
  const { usage, finishReason, isTruncated } = answer;
  yield { type: 'end', usage, finishReason, isTruncated };
}

function requireWhole(answer: AnswerReader, call: Call): void {
  if (call.over || !(answer.isDone || answer.finishReason !== null || answer.isEmpty)) throw new CutShort();
}

class CutShort extends Error {
  override readonly message = 'the stream ended before the answer did';
}

/** The error to throw for an error of the stream; null when the answer was complete before it. */
function faultOf(error: unknown, call: Call, answer: AnswerReader, { secrets }: Upstream): Error | null {
  if (call.aborted) return new LlmAbortError('the answer was aborted', { cause: error });
  const partial = answer.hasWord;
  if (error instanceof LlmError) return ofStream(error, partial, secrets);
  if (call.expiry) return answer.finishReason ? null : new LlmError('TIMEOUT', call.expiry, { partial });
  if (answer.isWhole) return null;
  if (error instanceof CutShort) return new LlmError('SERVICE_UNAVAILABLE', error.message, { partial });
  const other = 'the stream was aborted from the other side';
  return (
    classifyLlmError(error, { secrets, partial }) ?? new LlmError('SERVICE_UNAVAILABLE', other, { partial })
  );
}

function noAnswer({ finishReason, hasThoughts }: AnswerReader): LlmError {
  const instead = hasThoughts ? 'thoughts and no word' : 'no word';
  return new LlmError(
    'NO_ANSWER',
    `the model answered with ${instead} (finish reason: ${finishReason ?? 'none'})`,
  );
}
