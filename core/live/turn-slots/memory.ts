import { type Owner, ownerKey } from '../../domain/owner.ts';
import type { TurnJob } from '../../queue/jobs.ts';
import { LEASE_MS, type Taken, type TurnSlots } from './turn-slots.ts';

export interface MemoryTurnSlotsOptions {
  /** How many turns of an owner may be spoken at once. */
  limit: number;
  /** A monotonic clock, in milliseconds. */
  now?: () => number;
}

/** {@link TurnSlots} within a single process. */
export class MemoryTurnSlots implements TurnSlots {
  readonly #limit: number;
  readonly #now: () => number;
  readonly #owners = new Map<string, Turns>();

  constructor({ limit, now = () => performance.now() }: MemoryTurnSlotsOptions) {
    this.#limit = limit;
    this.#now = now;
  }

  async take(turn: TurnJob): Promise<Taken> {
    const owner = this.#turnsOf(turn);
    owner.waiting.set(turn.turnId, turn);
    const admitted = this.#admit(owner);
    const isHeld = owner.leases.has(turn.turnId);
    if (isHeld) this.#hold(owner, turn);
    return { isHeld, admitted: admitted.filter(({ turnId }) => turnId !== turn.turnId) };
  }

  async renew(turn: TurnJob): Promise<void> {
    this.#hold(this.#turnsOf(turn), turn);
  }

  async release(turn: TurnJob): Promise<TurnJob[]> {
    const owner = this.#turnsOf(turn);
    owner.leases.delete(turn.turnId);
    owner.waiting.delete(turn.turnId);
    const admitted = this.#admit(owner);
    if (owner.leases.size === 0 && owner.waiting.size === 0) this.#owners.delete(ownerKey(turn));
    return admitted;
  }

  async admit(): Promise<TurnJob[]> {
    return [...this.#owners.values()].flatMap((owner) => this.#admit(owner));
  }

  async clear(owner: Owner): Promise<number> {
    const key = ownerKey(owner);
    const { waiting } = this.#owners.get(key) ?? { waiting: new Map() };
    this.#owners.delete(key);
    return waiting.size;
  }

  async isWaiting(turn: TurnJob): Promise<boolean> {
    return this.#owners.get(ownerKey(turn))?.waiting.has(turn.turnId) ?? false;
  }

  async isAdmitted(turn: TurnJob): Promise<boolean> {
    const { leases, waiting } = this.#owners.get(ownerKey(turn)) ?? {};
    return (waiting?.has(turn.turnId) && (leases?.get(turn.turnId) ?? 0) > this.#now()) ?? false;
  }

  #turnsOf(turn: TurnJob): Turns {
    const key = ownerKey(turn);
    const known = this.#owners.get(key) ?? { leases: new Map(), waiting: new Map() };
    this.#owners.set(key, known);
    return known;
  }

  #hold({ leases, waiting }: Turns, { turnId }: TurnJob): void {
    waiting.delete(turnId);
    leases.set(turnId, this.#now() + LEASE_MS);
  }

  /** Leases free slots to waiting turns, in order. An admitted turn stays in `waiting` until it takes its slot. */
  #admit({ leases, waiting }: Turns): TurnJob[] {
    const now = this.#now();
    for (const [turnId, until] of leases) if (until <= now) leases.delete(turnId);
    const next = [...waiting.keys()].filter((turnId) => !leases.has(turnId)).sort();
    return next.slice(0, Math.max(0, this.#limit - leases.size)).map((turnId) => {
      leases.set(turnId, now + LEASE_MS);
      return waiting.get(turnId) as TurnJob;
    });
  }
}

interface Turns {
  /** By turn, until when it has a slot. */
  leases: Map<string, number>;
  waiting: Map<string, TurnJob>;
}
