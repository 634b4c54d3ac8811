import type { ChatMessage, ChatRequest, Usage } from '@taskflow/demo-model';
import type { Chunk, Script } from './chunks.ts';
import { Mailbox } from './mailbox.ts';

/**
 * One request under a test's control; without steps it hangs. Every step resolves to true once its bytes are written to the
 * socket, and to false if the client has closed it or the answer is over.
 */
export class ScriptedRequest {
  readonly request: ChatRequest;
  /** Resolves when the client closes the socket before the answer is over, with `performance.now()` of that moment. */
  readonly closed: Promise<{ at: number }>;
  readonly #signal: AbortSignal;
  readonly #steps = new Mailbox<Step>();

  constructor(request: ChatRequest, signal: AbortSignal) {
    this.request = request;
    this.#signal = signal;
    this.closed = new Promise((resolve) => {
      signal.addEventListener('abort', () => {
        resolve({ at: performance.now() });
        this.#leave();
      });
    });
  }

  get model(): string {
    return this.request.model;
  }

  get messages(): readonly ChatMessage[] {
    return this.request.messages;
  }

  /** Headers and role, no text yet. */
  open(): Promise<boolean> {
    return this.#step({ type: 'open' });
  }

  send(text: string): Promise<boolean> {
    return this.#step({ type: 'text', text });
  }

  /** Reasoning, which is not part of the answer. */
  think(text: string): Promise<boolean> {
    return this.#step({ type: 'reasoning', text });
  }

  /** An SSE comment. */
  comment(text: string): Promise<boolean> {
    return this.#step({ type: 'comment', text });
  }

  /** Raw bytes, such as a broken event. */
  raw(text: string): Promise<boolean> {
    return this.#step({ type: 'raw', text });
  }

  /** The end of the answer, with `[DONE]`. */
  finish(ending: { reason?: string; usage?: Usage } = {}): Promise<boolean> {
    return this.#last({ type: 'finish', ...ending });
  }

  /** The finish reason and the usage, but no `[DONE]`, and the connection stays open. */
  finishAndHang(ending: { reason?: string; usage?: Usage } = {}): Promise<boolean> {
    return this.#step({ type: 'finish', ...ending });
  }

  /** An HTTP error instead of an answer; `body` is sent as JSON, or unchanged if it is a string. */
  fail(status: number, body?: unknown, headers?: Record<string, string>): Promise<boolean> {
    return this.#last({ type: 'refuse', status, body, ...(headers && { headers }) });
  }

  /** An error object amid the stream, as OpenRouter and OpenAI send it; then the stream ends. */
  async errorInStream(error: unknown): Promise<boolean> {
    const sent = await this.#step({ type: 'error', error });
    await this.end();
    return sent;
  }

  /** The socket is destroyed. */
  cut(): Promise<boolean> {
    return this.#last({ type: 'cut' });
  }

  /** The body ends properly, with neither a finish reason nor `[DONE]`. */
  end(): Promise<boolean> {
    return this.#last({ type: 'end' });
  }

  /** Answers the rest automatically. */
  async answerBy(script: Script): Promise<void> {
    for await (const chunk of script(this.request, this.#signal)) if (!(await this.#step(chunk))) return;
    this.#steps.seal();
  }

  /** The chunks that the server writes, as the test gives them. */
  async *chunks(): AsyncGenerator<Chunk> {
    try {
      for (let step = await this.#steps.take(); step; step = await this.#steps.take()) {
        try {
          yield step.chunk;
        } finally {
          step.done(true);
        }
      }
    } finally {
      this.#leave();
    }
  }

  #step(chunk: Chunk): Promise<boolean> {
    return new Promise((done) => {
      if (!this.#steps.put({ chunk, done })) done(false);
    });
  }

  #last(chunk: Chunk): Promise<boolean> {
    const written = this.#step(chunk);
    this.#steps.seal();
    return written;
  }

  #leave(): void {
    for (const step of this.#steps.close()) step.done(false);
  }
}

interface Step {
  chunk: Chunk;
  done: (written: boolean) => void;
}
