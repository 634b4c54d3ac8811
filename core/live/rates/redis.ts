import { RateLimiterMemory, RateLimiterRedis, RLWrapperTimeouts } from 'rate-limiter-flexible';
import type { RedisClient } from '../../redis/connect.ts';
import { aloneShare, type Call, type Rate, type Rates, type Refused } from './rates.ts';
import { refusalOf } from './refusal-of.ts';

/** How long Redis may take before this process counts by itself, in milliseconds: callers wait for it. */
const ANSWER_WITHIN_MS = 250;

/**
 * {@link Rates} between processes, on Redis. Each key is one command, and the commands of a call are sent together. A key that
 * is over its limit is remembered until its window ends, and costs no further command.
 */
export class RedisRates implements Rates {
  readonly #redis: RedisClient;
  readonly #prefix: string;
  readonly #limiters = new Map<string, Limiters>();

  constructor({ redis, prefix = 'taskflow' }: { redis: RedisClient; prefix?: string }) {
    this.#redis = redis;
    this.#prefix = prefix;
  }

  async take(...calls: readonly Call[]): Promise<Refused | null> {
    const limited = calls.filter(({ rate }) => rate.most > 0);
    for (const { rate, key } of limited) {
      const { refusedFor } = this.#of(rate);
      const retryAfterMs = Math.ceil(refusedFor(key));
      if (retryAfterMs > 0) return { rate, retryAfterMs };
    }
    const refusals = await Promise.all(
      limited.map(({ rate, key }) => refusalOf(rate, this.#of(rate).counter.consume(key))),
    );
    return refusals.reduce(
      (one, other) => ((other?.retryAfterMs ?? 0) > (one?.retryAfterMs ?? 0) ? other : one),
      null,
    );
  }

  async clear({ rate, key }: Call): Promise<void> {
    // Where Redis does not answer, the window ends by itself.
    await this.#of(rate)
      .counter.delete(key)
      .catch(() => {});
  }

  #of(rate: Rate): Limiters {
    const { name, most, seconds } = rate;
    const id = `${name}:${most}:${seconds}`;
    const known = this.#limiters.get(id) ?? this.#create(rate);
    this.#limiters.set(id, known);
    return known;
  }

  #create({ name, most, seconds }: Rate): Limiters {
    const shared = new RateLimiterRedis({
      storeClient: this.#redis,
      keyPrefix: `${this.#prefix}:rates:${name}`,
      points: most,
      duration: seconds,
      inMemoryBlockOnConsumed: most + 1,
    }) as RateLimiterRedis & InMemoryBlock;
    const alone = new RateLimiterMemory({ points: aloneShare(most), duration: seconds });
    const counter = new RLWrapperTimeouts({
      limiter: shared,
      timeoutMs: ANSWER_WITHIN_MS,
      insuranceLimiter: alone,
    });
    return { counter, refusedFor: (key) => shared.getInMemoryBlockMsBeforeExpire(shared.getKey(key)) };
  }
}

interface Limiters {
  counter: RLWrapperTimeouts;
  /** How long this process knows the key to be over its limit, in milliseconds; 0: it does not. */
  refusedFor(key: string): number;
}

/** Of the library's classes, missing in its types. */
interface InMemoryBlock {
  getInMemoryBlockMsBeforeExpire(key: string): number;
  getKey(key: string): string;
}
