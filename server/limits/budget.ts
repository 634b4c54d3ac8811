import type { Clock } from '../../core/clock/clock.ts';
import type { Config } from '../../core/config/config.ts';
import { BudgetExceededError } from '../../core/domain/errors.ts';
import { type Owner, ownerKey } from '../../core/domain/owner.ts';
import type { TokenUsage } from '../../core/store/token-usage.ts';
import type { Refusals } from './refusals.ts';

export interface BudgetOptions {
  config: Pick<Config, 'tokensPerOwnerDay' | 'tokensPerTenantDay'>;
  usage: Pick<TokenUsage, 'ofOwner' | 'ofTenant'>;
  refusals: Pick<Refusals, 'record'>;
  /** Dates the calls to models. */
  clock: Pick<Clock, 'now'>;
}

/** Rejects with a {@link BudgetExceededError} where no further call to a model may begin, or with a StoreUnavailableError. */
export type Admit = () => Promise<void>;

const DAY_MS = 86_400_000;
/** How long the sum of a tenant, which can be of many calls, is trusted, in milliseconds. */
const TRUSTED_MS = 5_000;
/** The most tenants whose sums are kept. */
const MOST_KEPT = 1_000;

/**
 * A day's tokens of an owner and of a tenant, by the days of UTC. They are counted when a call is over and its record is
 * stored, so what is being spoken is not counted yet, and is spoken to its end.
 */
export class Budget {
  readonly #options: BudgetOptions;
  readonly #tenants = new Map<string, { at: number; since: number; tokens: Promise<number> }>();

  constructor(options: BudgetOptions) {
    this.#options = options;
  }

  /** To be called before a call to a model is accepted; undefined where there is no budget. */
  admission(owner: Owner): Admit | undefined {
    const { tokensPerOwnerDay, tokensPerTenantDay } = this.#options.config;
    return tokensPerOwnerDay + tokensPerTenantDay > 0 ? () => this.#admit(owner) : undefined;
  }

  async #admit(owner: Owner): Promise<void> {
    const { config, usage, clock } = this.#options;
    const now = clock.now();
    const since = now - (now % DAY_MS);
    const { tokensPerOwnerDay, tokensPerTenantDay } = config;
    if (tokensPerOwnerDay > 0 && (await usage.ofOwner(owner, since)) >= tokensPerOwnerDay)
      throw this.#exceeded('tokensPerOwnerDay', since, now, ownerKey(owner));
    if (tokensPerTenantDay > 0 && (await this.#ofTenant(owner.tenant, since, now)) >= tokensPerTenantDay)
      throw this.#exceeded('tokensPerTenantDay', since, now, owner.tenant);
  }

  #ofTenant(tenant: string, since: number, now: number): Promise<number> {
    const known = this.#tenants.get(tenant);
    if (known && known.since === since && now - known.at < TRUSTED_MS) return known.tokens;
    if (this.#tenants.size >= MOST_KEPT) this.#tenants.clear();
    const tokens = this.#options.usage.ofTenant(tenant, since);
    this.#tenants.set(tenant, { at: now, since, tokens });
    tokens.catch(() => this.#tenants.delete(tenant));
    return tokens;
  }

  #exceeded(
    limit: 'tokensPerOwnerDay' | 'tokensPerTenantDay',
    since: number,
    now: number,
    of: string,
  ): BudgetExceededError {
    const resetsAt = since + DAY_MS;
    this.#options.refusals.record(limit, resetsAt - now, of);
    return new BudgetExceededError(new Date(resetsAt));
  }
}
