import { type MockInstance, vi } from 'vitest';
import { SlowListenerError } from '../../core/live/feed/event-buffer.ts';
import type { Feed } from '../../core/live/feed/feed.ts';

/** The listeners of a feed, which a test can end as if they read too slowly. */
export class Listeners {
  readonly #ends = new Set<() => void>();
  readonly #spy: MockInstance;
  /** A subscription that is never ended this way. */
  readonly subscribe: Feed['subscribe'];

  constructor(feed: Feed) {
    const subscribe = feed.subscribe.bind(feed);
    this.subscribe = subscribe;
    this.#spy = vi
      .spyOn(feed, 'subscribe')
      .mockImplementation((...args) => this.#endable(subscribe(...args)));
  }

  /** Ends all current listeners. Returns how many there were. */
  endAll(): number {
    const ends = [...this.#ends];
    for (const end of ends) end();
    return ends.length;
  }

  restore(): void {
    this.#spy.mockRestore();
  }

  #endable<Event>(events: AsyncIterableIterator<Event>): AsyncIterableIterator<Event> {
    let end = () => {};
    const ended = new Promise<never>((_resolve, reject) => {
      end = () => {
        reject(new SlowListenerError());
        void leave();
      };
    });
    ended.catch(() => {});
    const leave = async () => {
      this.#ends.delete(end);
      await events.return?.();
      return { value: undefined, done: true as const };
    };
    this.#ends.add(end);
    return {
      next: () => Promise.race([events.next(), ended]),
      return: leave,
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }
}
