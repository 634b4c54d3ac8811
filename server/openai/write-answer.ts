import type { ServerResponse } from 'node:http';
import { onAbort } from '../../core/async/on-abort.ts';
import type { TokenUsage } from '../../core/domain/vocabulary.ts';
import { EVENT_STREAM } from '../transport/streams/event-stream.ts';
import { STREAM_HEADERS } from '../transport/streams/stream-response.ts';
import type { Answer, Piece } from './answer.ts';
import type { ApiError } from './api-error.ts';

export interface WriteOptions {
  /** Aborts when the caller has left. */
  signal: AbortSignal;
  /** Whether the last chunk of a stream has the tokens. */
  includeUsage: boolean;
  /** What to say of an error of the answer. */
  errorOf: (error: unknown) => ApiError;
  /** How long a stream may be silent before a comment keeps the connection alive, in milliseconds. */
  heartbeatMs?: number;
}

/** Answers with one JSON object when the answer is complete. Throws what the answer throws. */
export async function writeWhole(response: ServerResponse, answer: Answer): Promise<void> {
  let { model } = answer;
  let content = '';
  let end: Extract<Piece, { type: 'end' }> | undefined;
  for await (const piece of answer.pieces) {
    if (piece.type === 'model') model = piece.model;
    else if (piece.type === 'text') content += piece.text;
    else end = piece;
  }
  if (!end || response.destroyed) return;
  const message = { role: 'assistant', content, refusal: null };
  const choice = { index: 0, message, logprobs: null, finish_reason: finishReason(end) };
  const body = JSON.stringify({
    ...{ id: answer.id, object: 'chat.completion', created: now(), model, choices: [choice] },
    ...(end.usage && { usage: usageOf(end.usage) }),
  });
  const length = Buffer.byteLength(body);
  response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': length });
  response.end(body);
}

/**
 * Streams an answer as server-sent events. The response begins with the first text or, if there is none yet, with the first
 * heartbeat: until then an error of the answer is thrown, so that it gets a status of its own. Later it is an event.
 */
export async function writeStream(
  response: ServerResponse,
  answer: Answer,
  options: WriteOptions,
): Promise<void> {
  const stream = new ChunkStream(response, answer, options);
  try {
    for await (const piece of answer.pieces) await stream.write(piece);
  } catch (error) {
    if (!response.headersSent || options.signal.aborted) throw error;
    await stream.send(options.errorOf(error).body);
  } finally {
    stream.stop();
  }
  if (response.headersSent && !response.destroyed) response.end();
}

class ChunkStream {
  readonly #response: ServerResponse;
  readonly #options: WriteOptions;
  readonly #id: string;
  readonly #created = now();
  readonly #heartbeats: NodeJS.Timeout;
  #model: string;

  constructor(response: ServerResponse, { id, model }: Answer, options: WriteOptions) {
    this.#response = response;
    this.#options = options;
    this.#id = id;
    this.#model = model;
    // Set before it begins: the end of the caller's right ends what is a stream.
    response.setHeader('content-type', EVENT_STREAM.type);
    const { heartbeatMs = EVENT_STREAM.heartbeatMs } = options;
    this.#heartbeats = setInterval(() => this.#beat(), heartbeatMs);
  }

  async write(piece: Piece): Promise<void> {
    if (piece.type === 'model') {
      this.#model = piece.model;
      return;
    }
    this.#begin();
    if (piece.type === 'text') return this.#choice({ content: piece.text });
    await this.#choice({}, finishReason(piece));
    if (this.#options.includeUsage) {
      const usage = piece.usage && usageOf(piece.usage);
      await this.send({ ...this.#chunk([]), usage });
    }
    await this.#write('data: [DONE]\n\n');
  }

  /** Resolves when there is room for more, or the caller has left. */
  send(event: object): Promise<void> {
    return this.#write(`data: ${JSON.stringify(event)}\n\n`);
  }

  stop(): void {
    clearInterval(this.#heartbeats);
  }

  #begin(): void {
    const response = this.#response;
    if (response.headersSent || response.destroyed) return;
    response.writeHead(200, STREAM_HEADERS);
    void this.#choice({ role: 'assistant', content: '', refusal: null });
  }

  #beat(): void {
    if (!this.#response.headersSent) this.#begin();
    else if (!this.#response.writableNeedDrain) void this.#write(EVENT_STREAM.heartbeat);
  }

  #choice(delta: object, finish_reason: string | null = null): Promise<void> {
    const chunk = this.#chunk([{ index: 0, delta, logprobs: null, finish_reason }]);
    return this.send(this.#options.includeUsage ? { ...chunk, usage: null } : chunk);
  }

  #chunk(choices: readonly object[]) {
    return {
      ...{ id: this.#id, object: 'chat.completion.chunk', created: this.#created },
      ...{ model: this.#model, choices },
    };
  }

  async #write(text: string): Promise<void> {
    if (this.#response.destroyed) return;
    this.#heartbeats.refresh();
    if (!this.#response.write(text)) await drained(this.#response, this.#options.signal);
  }
}

/** Resolves when the response has room for more, or the signal aborts. */
async function drained(response: ServerResponse, signal: AbortSignal): Promise<void> {
  let removeListener = () => {};
  await new Promise<void>((resolve) => {
    response.once('drain', resolve);
    removeListener = onAbort(signal, () => {
      response.off('drain', resolve);
      resolve();
    });
  });
  removeListener();
}

function finishReason({ isTruncated }: { isTruncated: boolean }): 'length' | 'stop' {
  return isTruncated ? 'length' : 'stop';
}

function usageOf({ inputTokens, outputTokens, totalTokens }: TokenUsage) {
  return { prompt_tokens: inputTokens, completion_tokens: outputTokens, total_tokens: totalTokens };
}

/** Unix seconds. */
function now(): number {
  return Math.floor(Date.now() / 1_000);
}
