import type { ServerResponse } from 'node:http';
import { v7 as uuid } from 'uuid';
import type { ChatRequest, UpstreamChunk, Usage } from './chunks.ts';

/** Writes one answer in OpenAI's protocol, as a stream of server-sent events or as one JSON completion. */
export class AnswerWriter {
  readonly #request: ChatRequest;
  readonly #response: ServerResponse;
  readonly #signal: AbortSignal;
  readonly #id = `chatcmpl-${uuid()}`;
  readonly #created = Math.floor(Date.now() / 1000);
  #text = '';
  /** Ends the wait for a write that a client who has left will never let through. */
  #release = () => {};
  #finish: { reason: string; usage: Usage } | null = null;

  constructor(request: ChatRequest, response: ServerResponse, signal: AbortSignal) {
    this.#request = request;
    this.#response = response;
    this.#signal = signal;
    signal.addEventListener('abort', () => this.#release(), { once: true });
  }

  /** Writes a chunk; resolves when the socket has taken it, which is all the buffering there is. False: nothing may follow. */
  async write(chunk: UpstreamChunk): Promise<boolean> {
    if (this.#signal.aborted || this.#response.writableEnded) return false;
    switch (chunk.type) {
      case 'refuse':
        if (this.#response.headersSent) throw new Error('an answer that has begun cannot be refused');
        writeJson(
          this.#response,
          chunk.status,
          chunk.body ?? errorBody(`refused with ${chunk.status}`, null),
          chunk.headers,
        );
        return false;
      case 'cut':
        this.#response.destroy();
        return false;
      case 'end':
        this.#open();
        this.#response.end();
        return false;
      case 'error':
        await this.#send(
          `data: ${JSON.stringify({ ...this.#frame(), error: chunk.error, choices: [] })}\n\n`,
        );
        return true;
      case 'finish':
        await this.#finishWith(chunk.reason ?? 'stop', chunk.usage ?? this.#estimate());
        return true;
      case 'open':
        await this.#send('');
        return true;
      case 'comment':
        await this.#send(`: ${chunk.text}\n\n`);
        return true;
      case 'raw':
        await this.#send(chunk.text);
        return true;
      case 'reasoning':
        await this.#delta({ reasoning: chunk.text });
        return true;
      case 'text':
        this.#text += chunk.text;
        await this.#delta({ content: chunk.text });
        return true;
    }
  }

  /** Ends the answer as it should: with a finish reason, the usage that was asked for, and `[DONE]`. */
  async end(): Promise<void> {
    if (this.#signal.aborted || this.#response.writableEnded || this.#response.destroyed) return;
    if (!this.#finish) await this.#finishWith('stop', this.#estimate());
    if (!this.#request.stream) return this.#endWithJson();
    this.#response.end('data: [DONE]\n\n');
  }

  async #finishWith(reason: string, usage: Usage): Promise<void> {
    this.#finish = { reason, usage };
    await this.#delta({}, reason);
    if (this.#request.includeUsage) await this.#event({ choices: [], usage });
  }

  #delta(delta: object, finishReason: string | null = null): Promise<void> {
    return this.#event({ choices: [{ index: 0, delta, finish_reason: finishReason }] });
  }

  #event(fields: object): Promise<void> {
    return this.#send(`data: ${JSON.stringify({ ...this.#frame(), ...fields })}\n\n`);
  }

  async #send(bytes: string): Promise<void> {
    if (!this.#request.stream) return;
    const opening = this.#open();
    if (!opening && !bytes) return;
    await new Promise<void>((resolve) => {
      this.#release = resolve;
      this.#response.write(opening + bytes, () => resolve());
    });
  }

  /** The headers and the role, once, with whatever comes first. */
  #open(): string {
    if (this.#response.headersSent) return '';
    this.#response.writeHead(200, {
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': 'no-cache',
      'x-accel-buffering': 'no',
    });
    const choices = [{ index: 0, delta: { role: 'assistant', content: '' }, finish_reason: null }];
    return `data: ${JSON.stringify({ ...this.#frame(), choices })}\n\n`;
  }

  #frame() {
    return {
      id: this.#id,
      object: 'chat.completion.chunk',
      created: this.#created,
      model: this.#request.model,
    };
  }

  #endWithJson(): void {
    const message = { role: 'assistant', content: this.#text };
    writeJson(this.#response, 200, {
      ...this.#frame(),
      object: 'chat.completion',
      choices: [{ index: 0, message, finish_reason: this.#finish?.reason ?? 'stop' }],
      usage: this.#finish?.usage,
    });
  }

  #estimate(): Usage {
    const prompt = this.#request.messages.reduce(
      (sum, message) => sum + Math.ceil(message.content.length / 4) + 4,
      0,
    );
    const completion = Math.ceil(this.#text.length / 4);
    return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
  }
}

/** Ends a response with a JSON body. */
export function writeJson(
  response: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(typeof body === 'string' ? body : JSON.stringify(body));
}

/** OpenAI's shape of an error. */
export function errorBody(message: string, code: string | null, type = 'invalid_request_error') {
  return { error: { message, type, param: null, code } };
}
