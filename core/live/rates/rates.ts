/** How many calls a key may make in a window of time. */
export interface Rate {
  /** Names the counter: rates with the same name share it. */
  readonly name: string;
  /** 0: there is no limit. */
  readonly most: number;
  /** The length of a window. */
  readonly seconds: number;
}

/** A call that counts. */
export interface Call {
  readonly rate: Rate;
  /** Whose call it is. Any text. */
  readonly key: string;
}

export interface Refused {
  readonly rate: Rate;
  /** When the window ends and the key may call again, in milliseconds from now: more than 0. */
  readonly retryAfterMs: number;
}

/**
 * Counts calls in windows of time, over all processes that share the store. The window of a key begins with its first call.
 * Never rejects: while the store does not answer, each process counts by itself, and allows a quarter of each limit.
 */
export interface Rates {
  /**
   * Counts a call by each of its keys, in one round trip; null if none is over its limit, else the one that is for longest.
   * While a key is known to be over its limit, nothing is counted: neither by this key nor by those that follow it.
   */
  take(...calls: readonly Call[]): Promise<Refused | null>;
  /** Begins a new window of a key. */
  clear(call: Call): Promise<void>;
}

/** The share of a limit that one process allows while the store does not answer. */
export function aloneShare(most: number): number {
  return Math.ceil(most / 4);
}
