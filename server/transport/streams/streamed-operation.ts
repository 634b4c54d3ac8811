import type { ExecutionResult } from 'graphql';
import { isAsyncIterable } from 'graphql-yoga';
import { sentEvent } from './event-stream.ts';
import type { OperationStream } from './operation-stream.ts';
import { shownResult } from './shown-result.ts';

type Results = AsyncIterable<ExecutionResult>;

/** One operation whose results go into a stream that others share, until the client, the stream or itself ends it. */
export class StreamedOperation {
  readonly #stream: OperationStream;
  #id = '';
  #source: AsyncIterator<ExecutionResult> | null = null;
  #isOver = false;
  /** Whether it was executed: only then its results are the stream's, and not those of its own request. */
  isExecuted = false;

  constructor(stream: OperationStream) {
    this.#stream = stream;
  }

  /** Takes the id that the client gave it; false while another operation of the stream has it. */
  begin(id: string): boolean {
    this.#id = id;
    return this.#stream.add(id, this);
  }

  /** Ends these results with the operation, also when that has ended before they were there. */
  own(results: Results): void {
    this.#source = results[Symbol.asyncIterator]();
    if (this.#isOver) this.end();
  }

  /** Writes results as they come, then that it is complete. The next one is asked for when the last one was written. */
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

  /** Is silent from now on, and holds nothing. Idempotent. */
  end(): void {
    this.#isOver = true;
    this.#stream.remove(this.#id, this);
    // Nobody waits for it: a failure to end has no reader.
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

/** What the transport hands on with an operation whose results go into a stream that others share. */
export interface StreamedContext {
  operation?: StreamedOperation;
}
