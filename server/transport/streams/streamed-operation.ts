import type { ExecutionResult } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import { sentEvent } from './event-stream.ts';
import type { OperationStream } from './operation-stream.ts';
import { shownResult } from './shown-result.ts';

type Results = AsyncIterable<ExecutionResult>;

/** An operation whose results go into a shared stream, until the client, the stream or the operation itself ends it. */
export class StreamedOperation {
  readonly #stream: OperationStream;
  #id = '';
  #source: AsyncIterator<ExecutionResult> | null = null;
  #isOver = false;
  /** Whether it was executed: only then its results go into the stream, and not into the response of its own request. */
  isExecuted = false;

  constructor(stream: OperationStream) {
    this.#stream = stream;
  }

  /** The stream, as that to which limits belong. */
  get stream(): object {
    return this.#stream;
  }

  /** Takes the id that the client gave it; false while another operation of the stream has it. */
  begin(id: string): boolean {
    this.#id = id;
    return this.#stream.add(id, this);
  }

  /** Ends these results when the operation ends, at once if it has ended already. */
  own(results: Results): void {
    this.#source = results[Symbol.asyncIterator]();
    if (this.#isOver) this.end();
  }

  /** Writes results as they come, then `complete`. The next one is requested when the last one was written. */
  async run(results: Results | ExecutionResult, takeCursor: () => string | null): Promise<void> {
    try {
      if (isAsyncIterable(results)) await this.#writeAll(results, takeCursor);
      else await this.#write(results, null);
    } finally {
      if (!this.#isOver)
        await this.#stream.write(sentEvent('complete', JSON.stringify({ id: this.#id }), null));
      this.end();
    }
  }

  /** Writes nothing from now on, and ends its results. Idempotent. */
  end(): void {
    this.#isOver = true;
    this.#stream.remove(this.#id, this);
    // Nobody waits for it, so a failure is ignored.
    this.#source?.return?.()?.catch(() => {});
  }

  async #writeAll(results: Results, takeCursor: () => string | null): Promise<void> {
    const source = results[Symbol.asyncIterator]();
    this.#source = source;
    if (this.#isOver) return this.end();
    for (;;) {
      const { value, done } = await source.next();
      if (done || this.#isOver) return;
      await this.#write(value, takeCursor());
    }
  }

  #write(result: ExecutionResult, cursor: string | null): Promise<void> {
    const message = JSON.stringify({ id: this.#id, payload: shownResult(result) });
    return this.#stream.write(sentEvent('next', message, cursor));
  }
}

/** What the transport passes to the engine with an operation whose results go into a shared stream. */
export interface StreamedContext {
  operation?: StreamedOperation;
}
