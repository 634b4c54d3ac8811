import type { ResultSize } from '../graphql/result-size.ts';
import { type LargeData, withStandIn } from './streams/large-result.ts';

/**
 * The large data of a socket's results while graphql-ws makes the messages in which they are written: it writes a message in
 * one piece, so it gets a stand-in for them.
 */
export class LargeResults {
  readonly #held = new Map<string, LargeData>();

  /** Keeps the data of an operation's next message if they are large, and returns the result as graphql-ws is to write it. */
  hold<Result extends { data?: object | null }>(id: string, result: Result, size: ResultSize): Result {
    if (!result.data || !size.isLarge) return result;
    this.#held.set(id, { data: result.data, size });
    return withStandIn(result);
  }

  /** The data for which a message of graphql-ws has a stand-in; null: it has none. */
  take(message: string): LargeData | null {
    if (this.#held.size === 0) return null;
    const id = /^\{"id":"(op\d+)","type":"next"/.exec(message)?.[1] ?? '';
    const held = this.#held.get(id) ?? null;
    this.#held.delete(id);
    return held;
  }
}
