import type { Waiting } from '../../core/async/waiting.ts';
import type { HeardEvent } from '../../core/live/feed/events.ts';

/** How many results one subscription writes before others have their turn. */
const AT_ONCE = 64;

export interface PushedOptions<Result> {
  /** What the executor makes of the events, with all that plugins do. */
  results: AsyncIterator<Result>;
  /** The events themselves. */
  waiting: Waiting<HeardEvent>;
  /** The result of an event as JSON; null: the executor has to make it. */
  project: (event: HeardEvent) => string | null;
  /** Whether a result can be written at once. If not, `notify` is called when it can. */
  hasRoom: (notify: () => void) => boolean;
  write: (result: string) => void;
}

/**
 * The results of a subscription as graphql-ws reads them: only those that the executor has to make. The others are written to
 * the socket as soon as their event is published, in the call stack of its publication, while graphql-ws waits for the next.
 * Events wait in the buffer of the subscription, as they would for the executor, while the socket has no room.
 */
export class PushedResults<Result> implements AsyncIterableIterator<Result> {
  readonly #options: PushedOptions<Result>;
  #asked: PromiseWithResolvers<Result> | null = null;
  #isOver = false;
  readonly #push = () => this.#pushAll();

  constructor(options: PushedOptions<Result>) {
    this.#options = options;
    options.waiting.notify = this.#push;
  }

  next(): Promise<IteratorResult<Result>> {
    return new Promise((resolve, reject) => {
      this.#asked = { resolve, reject };
      this.#pushAll();
    });
  }

  /** Ends at once, also while a result is awaited. */
  async return(): Promise<IteratorResult<Result>> {
    this.#isOver = true;
    const asked = this.#asked;
    this.#asked = null;
    await this.#options.results.return?.();
    asked?.resolve(DONE);
    return DONE;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #pushAll(): void {
    const { waiting, project, hasRoom, write } = this.#options;
    // While the executor makes a result, and graphql-ws writes it, events wait for their turn.
    for (let count = 0; this.#asked && !this.#isOver; count++) {
      const event = waiting.peek();
      if (!event) {
        if (waiting.ended) this.#askExecutor();
        return;
      }
      if (!hasRoom(this.#push)) return;
      if (count === AT_ONCE) return void setImmediate(this.#push);
      const result = project(event);
      if (result === null) return this.#askExecutor();
      waiting.take();
      write(result);
    }
  }

  #askExecutor(): void {
    const asked = this.#asked;
    this.#asked = null;
    if (asked) this.#options.results.next().then(asked.resolve, asked.reject);
  }
}

const DONE = { value: undefined, done: true } as const;

interface PromiseWithResolvers<Result> {
  resolve(result: IteratorResult<Result>): void;
  reject(error: unknown): void;
}
