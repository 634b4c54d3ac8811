import { randomUUID } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ChatRequest } from './chat-request.ts';

/** In OpenAI's form. */
export interface Usage {
  prompt_tokens: number;
  completion_tokens: number;
  total_tokens: number;
}

/**
 * One answer in OpenAI's protocol, written to `response`: server-sent events if the request asks for a stream, else one JSON
 * body. Each step resolves when the socket has accepted its bytes or has closed, so nothing else is buffered.
 */
export class Completion {
  readonly request: ChatRequest;
  readonly response: ServerResponse;
  readonly #frame;
  #text = '';
  #ending: { reason: string; usage: Usage } | null = null;
  /** Ends the wait for a write when the socket closes. */
  #release = () => {};

  constructor(request: ChatRequest, response: ServerResponse) {
    this.request = request;
    this.response = response;
    const created = Math.floor(Date.now() / 1000);
    this.#frame = { id: `chatcmpl-${randomUUID()}`, created, model: request.model };
    response.once('close', () => this.#release());
  }

  /** Whether nothing can follow: the answer has ended, or the client has closed the socket. */
  get isOver(): boolean {
    return this.response.writableEnded || this.response.destroyed;
  }

  /** Adds text to the answer. */
  text(content: string): Promise<void> {
    this.#text += content;
    return this.delta({ content });
  }

  /** Sends the finish reason, and the usage if it was requested. Default usage: an estimate of four characters per token. */
  async finish(reason = 'stop', usage = this.#estimate()): Promise<void> {
    this.#ending = { reason, usage };
    await this.delta({}, reason);
    if (this.request.includeUsage) await this.event({ choices: [], usage });
  }

  delta(delta: object, finishReason: string | null = null): Promise<void> {
    return this.event({ choices: [{ index: 0, delta, finish_reason: finishReason }] });
  }

  event(fields: object): Promise<void> {
    return this.send(`data: ${this.#json('chat.completion.chunk', fields)}\n\n`);
  }

  /** Sends bytes of the stream unchanged. The headers and the role are sent before the first. */
  async send(bytes: string): Promise<void> {
    if (!this.request.stream || this.isOver) return;
    if (!this.response.headersSent) {
      this.response.writeHead(200, {
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-cache',
      });
      await this.delta({ role: 'assistant', content: '' });
    }
    await new Promise<void>((resolve) => {
      this.#release = resolve;
      this.response.write(bytes, () => resolve());
    });
  }

  /** Ends the answer: finishes it with `stop` unless it is finished, and sends `[DONE]`. Idempotent. */
  async end(): Promise<void> {
    if (this.isOver) return;
    if (!this.#ending) await this.finish();
    if (this.request.stream) {
      this.response.end('data: [DONE]\n\n');
      return;
    }
    const message = { role: 'assistant', content: this.#text };
    const choices = [{ index: 0, message, finish_reason: this.#ending?.reason }];
    this.response.writeHead(200, { 'content-type': 'application/json' });
    this.response.end(this.#json('chat.completion', { choices, usage: this.#ending?.usage }));
  }

  #json(object: string, fields: object): string {
    return JSON.stringify({ ...this.#frame, object, ...fields });
  }

  #estimate(): Usage {
    const sizes = this.request.messages.map(({ content }) => Math.ceil(content.length / 4) + 4);
    const prompt = sizes.reduce((sum, size) => sum + size, 0);
    const completion = Math.ceil(this.#text.length / 4);
    return { prompt_tokens: prompt, completion_tokens: completion, total_tokens: prompt + completion };
  }
}
