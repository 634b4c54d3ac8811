import type { Config } from '../../core/config/config.ts';
import { bounds } from '../../core/config/settings/bounds.ts';
import { limits } from '../../core/config/settings/limits.ts';
import { RateLimitedError } from '../../core/domain/errors.ts';
import { PROBLEM_TEXTS } from '../../core/domain/texts.ts';
import type { Log } from '../../core/telemetry/log.ts';
import type { Metrics } from '../../core/telemetry/metrics.ts';

/** The settings that limit a number. */
export type Limit = Exclude<keyof typeof limits & keyof Config, `${string}Ms`>;

/** The settings that bound what one call or connection can make a server do or hold. */
export type Bound = Exclude<keyof typeof bounds & keyof Config, 'documentCacheBytes' | 'documentSuggestions'>;

/** Of each limit at most one line is logged in this time, in milliseconds. */
const LOG_EVERY_MS = 10_000;

export interface RefusalsOptions {
  metrics: Pick<Metrics, 'limitRefusals'>;
  log: Log;
  /** Milliseconds of a steady clock. */
  now?: () => number;
}

/** What was refused because of a limit: counted, and logged now and then. */
export class Refusals {
  readonly #options: RefusalsOptions;
  readonly #now: () => number;
  readonly #logged = new Map<Limit | Bound, { at: number; since: number }>();

  constructor(options: RefusalsOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    // So that each limit has a line before it first refuses something.
    for (const name of Object.keys({ ...limits, ...bounds }))
      if (!REFUSING_NOTHING.test(name)) options.metrics.limitRefusals.inc({ limit: variableOf(name) }, 0);
  }

  /** Records a refusal. `key`: who was over the limit, an owner or an address. Returns the error for the caller. */
  record(limit: Limit, retryAfterMs: number, key: string): RateLimitedError {
    this.#count(limit, 'warn', key);
    return new RateLimitedError(PROBLEM_TEXTS.overLimit, retryAfterMs, `over ${variableOf(limit)}: ${key}`);
  }

  /** Records what is over a bound, which has an error of its own, or closes a connection. `key` as above. */
  count(bound: Bound, key: string): void {
    this.#count(bound, 'info', key);
  }

  #count(limit: Limit | Bound, level: 'warn' | 'info', key: string): void {
    const { metrics, log } = this.#options;
    const variable = variableOf(limit);
    metrics.limitRefusals.inc({ limit: variable });
    const now = this.#now();
    const { at, since } = this.#logged.get(limit) ?? { at: Number.NEGATIVE_INFINITY, since: 0 };
    const isDue = now - at >= LOG_EVERY_MS;
    this.#logged.set(limit, isDue ? { at: now, since: 0 } : { at, since: since + 1 });
    if (isDue) log[level]({ limit: variable, of: key, refused: since + 1 }, 'a caller is over a limit');
  }
}

/** Times, and settings of what documents cost. */
const REFUSING_NOTHING = /Ms$|^documentCacheBytes$|^documentSuggestions$/;

/** The variable that sets a limit, such as `MESSAGES_PER_OWNER`. */
function variableOf(limit: string): string {
  return limit.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase();
}
