import { type Owner, ownerFromKey, ownerKey } from '../../domain/owner.ts';
import type { TurnJob } from '../../queue/jobs.ts';
import type { RedisClient } from '../../redis/connect.ts';
import { SLOTS_SCRIPT } from './redis-script.ts';
import { LEASE_MS, type Taken, type TurnSlots } from './turn-slots.ts';

export interface RedisTurnSlotsOptions {
  redis: RedisClient;
  /** How many turns of an owner may be spoken at once. */
  limit: number;
  /** Prefix of every key. */
  prefix?: string;
  /** Length of a lease, in milliseconds. Default: {@link LEASE_MS}. */
  leaseMs?: number;
}

type Scripted = RedisClient & {
  turnSlots(key: string, ...args: (string | number)[]): Promise<(string | number)[]>;
};

/** {@link TurnSlots} between processes, on Redis. A step is one round trip. @throws {StoreUnavailableError} */
export class RedisTurnSlots implements TurnSlots {
  readonly #redis: Scripted;
  readonly #key: string;
  readonly #limit: number;
  readonly #leaseMs: number;

  constructor({ redis, limit, prefix = 'taskflow', leaseMs = LEASE_MS }: RedisTurnSlotsOptions) {
    redis.defineCommand('turnSlots', { numberOfKeys: 1, lua: SLOTS_SCRIPT });
    this.#redis = redis as Scripted;
    this.#key = `{${prefix}:turn-slots}`;
    this.#limit = limit;
    this.#leaseMs = leaseMs;
  }

  async take(turn: TurnJob): Promise<Taken> {
    const [held, ...admitted] = await this.#step('take', turn);
    return { isHeld: held === 1, admitted: turnsOf(admitted) };
  }

  async renew(turn: TurnJob): Promise<void> {
    await this.#step('renew', turn);
  }

  async release(turn: TurnJob): Promise<TurnJob[]> {
    return turnsOf(await this.#step('release', turn));
  }

  async admit(): Promise<TurnJob[]> {
    return turnsOf(await this.#step('admit'));
  }

  async clear(owner: Owner): Promise<number> {
    const [waited] = await this.#redis.turnSlots(
      this.#key,
      'clear',
      this.#limit,
      this.#leaseMs,
      ownerKey(owner),
    );
    return Number(waited);
  }

  async isWaiting(turn: TurnJob): Promise<boolean> {
    const waiting = `${this.#key}:${ownerKey(turn)}:waiting`;
    return (await this.#redis.zscore(waiting, memberOf(turn))) !== null;
  }

  async isAdmitted(turn: TurnJob): Promise<boolean> {
    return (await this.#step('admitted', turn))[0] === 1;
  }

  #step(step: string, turn?: TurnJob): Promise<(string | number)[]> {
    const of = turn ? [ownerKey(turn), memberOf(turn)] : [];
    return this.#redis.turnSlots(this.#key, step, this.#limit, this.#leaseMs, ...of);
  }
}

function memberOf({ turnId, conversationId }: TurnJob): string {
  return `${turnId}:${conversationId}`;
}

/** Parses pairs of an owner and a member. */
function turnsOf(pairs: readonly (string | number)[]): TurnJob[] {
  const turns: TurnJob[] = [];
  for (let i = 0; i < pairs.length; i += 2) {
    const [turnId = '', conversationId = ''] = String(pairs[i + 1]).split(':');
    turns.push({ conversationId, turnId, ...ownerFromKey(String(pairs[i])) });
  }
  return turns;
}
