import { RateLimiterMemory } from 'rate-limiter-flexible';
import type { Call, Rate, Rates, Refused } from './rates.ts';
import { refusalOf } from './refusal-of.ts';

/** {@link Rates} within a single process. */
export class MemoryRates implements Rates {
  readonly #limiters = new Map<string, RateLimiterMemory>();

  async take(...calls: readonly Call[]): Promise<Refused | null> {
    for (const { rate, key } of calls) {
      if (rate.most === 0) continue;
      const refused = await refusalOf(rate, this.#of(rate).consume(key));
      if (refused) return refused;
    }
    return null;
  }

  async clear({ rate, key }: Call): Promise<void> {
    await this.#of(rate).delete(key);
  }

  #of(rate: Rate): RateLimiterMemory {
    const { name, most, seconds } = rate;
    const id = `${name}:${most}:${seconds}`;
    const known = this.#limiters.get(id) ?? new RateLimiterMemory({ points: most, duration: seconds });
    this.#limiters.set(id, known);
    return known;
  }
}
