import type OpenAI from 'openai';
import type { ChatCompletion, ChatCompletionChunk } from 'openai/resources/chat/completions';
import { Stream } from 'openai/streaming';
import { classifyLlmError, LlmError } from './errors.ts';

/** The chunks of a streamed completion, and whether the server said that it had sent them all. */
export interface CompletionStream {
  chunks: AsyncIterable<ChatCompletionChunk>;
  /** Whether `[DONE]` has come: the only way to tell a finished stream from one that a proxy cut tidily. */
  readonly done: boolean;
}

/**
 * Reads a response as a stream of chunks. A server that ignores `stream: true` and answers with one JSON completion is read too.
 *
 * `client` lends its log level: without it the stream would print what it cannot parse.
 *
 * @throws {LlmError} when the response is neither, such as a web page: then the base URL is probably wrong.
 */
export async function completionStream(
  response: Response,
  controller: AbortController,
  client: OpenAI,
): Promise<CompletionStream> {
  const type = response.headers.get('content-type') ?? '';
  if (/^application\/json\b/i.test(type)) return wholeCompletion(await response.json());
  if (/^text\/html\b/i.test(type) || !response.body) {
    throw new LlmError(
      'UNKNOWN',
      `the server answered with ${type || 'nothing'} instead of an event stream: is the base URL right?`,
      {
        retryable: false,
        status: response.status,
      },
    );
  }
  const sentinel = new DoneSentinel();
  const watched = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(bytes, output) {
        sentinel.see(bytes);
        output.enqueue(bytes);
      },
    }),
  );
  const body = new Response(watched, { headers: response.headers });
  return {
    chunks: Stream.fromSSEResponse<ChatCompletionChunk>(body, controller, client),
    get done() {
      return sentinel.seen;
    },
  };
}

/** Notices `data: [DONE]` in bytes that may be split anywhere; the `openai` client swallows it. */
class DoneSentinel {
  seen = false;
  #tail = '';

  see(bytes: Uint8Array): void {
    const end = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
      .subarray(-TAIL)
      .toString('latin1');
    this.#tail = (this.#tail + end).slice(-TAIL);
    this.seen ||= DONE_AT_END.test(this.#tail);
  }
}

const TAIL = 24;
const DONE_AT_END = /(?:^|\n)data: ?\[DONE\]\s*$/;

function wholeCompletion(body: unknown): CompletionStream {
  const choice = isCompletion(body) ? body.choices[0] : undefined;
  if (!isCompletion(body) || !choice) {
    throw classifyLlmError(body) ?? new LlmError('UNKNOWN', 'the server answered without an answer');
  }
  const { id, created, model, usage } = body;
  const { message, finish_reason } = choice;
  const chunk: ChatCompletionChunk = {
    ...{ id, created, model, object: 'chat.completion.chunk' },
    choices: [{ index: 0, delta: { content: message.content }, finish_reason: finish_reason ?? 'stop' }],
    ...(usage && { usage }),
  };
  return {
    done: true,
    chunks: (async function* () {
      yield chunk;
    })(),
  };
}

function isCompletion(body: unknown): body is ChatCompletion {
  return typeof body === 'object' && body !== null && 'choices' in body && Array.isArray(body.choices);
}
