import { LRUCache } from 'lru-cache';
import pLimit, { type LimitFunction } from 'p-limit';
import { type Owner, ownerKey } from '../../core/domain/owner.ts';
import { CallersBudget } from './callers-budget.ts';
import { LoopTurns } from './loop-turns.ts';

/** What a caller has of a server, over all of their connections. */
export interface CallersShare {
  /** So many queries at once: the others wait in order. */
  readonly limit: LimitFunction;
  readonly budget: CallersBudget;
  /** When a request of theirs begins: beside others that came with it, a few in each turn of the event loop. */
  readonly starts: LoopTurns;
}

/** The shares of those that called last. One who is dropped begins with a whole share. */
export class CallersShares {
  readonly #callers = new LRUCache<string, CallersShare>({ max: CALLERS_KNOWN });
  readonly #atOnce: number;

  /** `atOnce`: how many queries of a caller are executed at once. */
  constructor(atOnce: number) {
    this.#atOnce = atOnce;
  }

  of(caller: Owner): CallersShare {
    const key = ownerKey(caller);
    const share = this.#callers.get(key) ?? {
      limit: pLimit(this.#atOnce),
      budget: new CallersBudget(BUDGET),
      starts: new LoopTurns(),
    };
    this.#callers.set(key, share);
    return share;
  }
}

const CALLERS_KNOWN = 10_000;
/** While the server is busy. A page of 50 messages takes about 7 ms. */
const BUDGET = { share: 0.2, burstMs: 500 };
