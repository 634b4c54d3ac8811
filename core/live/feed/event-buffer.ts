import type { Readable, Waiting } from '../../async/waiting.ts';
import type { HeardEvent } from './events.ts';

/** The bounds of one listener's buffer. */
export interface BufferBounds {
  events: number;
  /** UTF-16 code units of text, which is most of an event's size. */
  characters: number;
}

/** A turn of 10,000 tokens merges into few events: only a listener that does not read at all fills this. */
export const DEFAULT_BOUNDS: BufferBounds = { events: 1_000, characters: 1_000_000 };

/** The listener reads more slowly than events arrive. It has lost nothing: it resumes after its last cursor. */
export class SlowListenerError extends Error {
  override name = 'SlowListenerError';
  constructor() {
    super('the listener is too slow: subscribe again after the last cursor received');
  }
}

/**
 * The events that wait for one listener, in order. A waiting listener receives an event directly. Tokens that have to wait are
 * merged with the tokens before them, and a TurnThinking replaces the one before it. Past its bounds the buffer is dropped and
 * `next` throws SlowListenerError.
 */
export class EventBuffer implements Readable<HeardEvent>, Waiting<HeardEvent> {
  readonly #bounds: BufferBounds;
  readonly #onEnd: () => void;
  #queue: HeardEvent[] = [];
  #characters = 0;
  /** The size of a replay, allowed on top of the bounds until the buffer is empty. */
  #grace: BufferBounds = { events: 0, characters: 0 };
  #waiting: PromiseWithResolvers<IteratorResult<HeardEvent>>[] = [];
  #ended = false;
  #error: Error | null = null;
  notify: (() => void) | null = null;

  /** `onEnd` is called once when the buffer has ended, for any reason. */
  constructor(bounds: BufferBounds, onEnd: () => void) {
    this.#bounds = bounds;
    this.#onEnd = onEnd;
  }

  get ended(): boolean {
    return this.#ended;
  }

  get waiting(): this {
    return this;
  }

  peek(): HeardEvent | null {
    return this.#queue[0] ?? null;
  }

  take(): void {
    const event = this.#queue.shift();
    if (event) this.#taken(event);
  }

  push(event: HeardEvent): void {
    if (this.#ended) return;
    const waiting = this.#waiting.length > 0 ? this.#waiting.shift() : undefined;
    if (waiting) return waiting.resolve({ value: event, done: false });

    const last = this.#queue.at(-1);
    const merged = last && mergeRun(last, event);
    if (merged) this.#queue[this.#queue.length - 1] = merged;
    else this.#queue.push(event);
    this.#characters += weightOf(event);
    const { events, characters } = this.#bounds;
    if (
      this.#queue.length > events + this.#grace.events ||
      this.#characters > characters + this.#grace.characters
    ) {
      this.#queue = [];
      return this.end(new SlowListenerError());
    }
    this.notify?.();
  }

  /** Replays retained events. Their size is bounded by the retention, so it does not count against the bounds. */
  replay(events: readonly HeardEvent[]): void {
    this.#grace.events += events.length;
    for (const event of events) this.#grace.characters += weightOf(event);
    for (const event of events) this.push(event);
    if (this.#queue.length === 0) this.#grace = { events: 0, characters: 0 };
  }

  /** Takes no more events. Those that wait are still delivered, then the iterator is done, or throws `error` once. */
  end(error: Error | null = null): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#error = error;
    for (const waiting of this.#waiting.splice(0)) this.#settle(waiting);
    this.#onEnd();
    this.notify?.();
  }

  next(): Promise<IteratorResult<HeardEvent>> {
    const event = this.#queue.shift();
    if (event) {
      this.#taken(event);
      return Promise.resolve({ value: event, done: false });
    }
    const waiting = withResolvers<IteratorResult<HeardEvent>>();
    if (this.#ended) this.#settle(waiting);
    else this.#waiting.push(waiting);
    return waiting.promise;
  }

  return(): Promise<IteratorResult<HeardEvent>> {
    this.#queue = [];
    this.end();
    return Promise.resolve({ value: undefined, done: true });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #taken(event: HeardEvent): void {
    this.#characters -= weightOf(event);
    if (this.#queue.length === 0 && this.#grace.events > 0) this.#grace = { events: 0, characters: 0 };
  }

  #settle(waiting: PromiseWithResolvers<IteratorResult<HeardEvent>>): void {
    const error = this.#error;
    this.#error = null;
    if (error) waiting.reject(error);
    else waiting.resolve({ value: undefined, done: true });
  }
}

/**
 * Merges two adjacent events of a turn into one at the later position: two TurnTextAdded joined, or the later of two
 * TurnThinking. Null: they cannot be merged.
 */
function mergeRun(first: HeardEvent, second: HeardEvent): HeardEvent | null {
  if (first.type === 'TurnThinking')
    return second.type === 'TurnThinking' && first.turnId === second.turnId ? second : null;
  if (first.type !== 'TurnTextAdded' || second.type !== 'TurnTextAdded' || first.turnId !== second.turnId)
    return null;
  return {
    ...second,
    text: first.text + second.text,
    offset: first.offset,
    tokens: first.tokens + second.tokens,
  };
}

/** Merges each run of tokens, and of TurnThinking, into one event. Linear in the text. */
export function coalesce(events: Iterable<HeardEvent>): HeardEvent[] {
  const merged: HeardEvent[] = [];
  for (const event of events) {
    const last = merged.at(-1);
    const both = last && mergeRun(last, event);
    if (both) merged[merged.length - 1] = both;
    else merged.push(event);
  }
  return merged;
}

function weightOf(event: HeardEvent): number {
  if ('text' in event) return event.text.length;
  return event.type === 'MessageAdded' ? event.message.content.length : 0;
}

interface PromiseWithResolvers<T> {
  promise: Promise<T>;
  resolve(value: T): void;
  reject(error: Error): void;
}

/** Promise.withResolvers, which Node 20 does not have. */
function withResolvers<T>(): PromiseWithResolvers<T> {
  let resolve!: (value: T) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<T>((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}
