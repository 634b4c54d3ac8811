import type { Owner } from '../../domain/owner.ts';
import type { TurnJob } from '../../queue/jobs.ts';

/**
 * Limits how many turns of one owner are spoken at once in all processes; the others wait. A slot is a lease: a speaker that
 * dies loses it.
 */
export interface TurnSlots {
  /**
   * Takes a slot, or renews the one that the turn has. An owner's turns get slots in the order of their ids. A turn that gets
   * none waits until a step returns it as `admitted`; the caller of that step then adds its job again.
   */
  take(turn: TurnJob): Promise<Taken>;
  /** Renews a slot for another {@link LEASE_MS}. */
  renew(turn: TurnJob): Promise<void>;
  /** Releases a slot, or stops waiting for one. Returns the turns that were admitted instead. */
  release(turn: TurnJob): Promise<TurnJob[]>;
  /** Admits waiting turns to slots whose leases have expired, as after the death of a speaker. Returns those turns. */
  admit(): Promise<TurnJob[]>;
  /** Removes all of an owner: their turns wait and have slots no more. Returns how many waited. A renewal takes a slot again. */
  clear(owner: Owner): Promise<number>;
  isWaiting(turn: TurnJob): Promise<boolean>;
  /** Whether the turn was admitted and has not taken its slot yet. */
  isAdmitted(turn: TurnJob): Promise<boolean>;
}

export interface Taken {
  isHeld: boolean;
  /** Other turns that this step has admitted. */
  admitted: TurnJob[];
}

/** How long a slot stays leased when its speaker does not renew it, or its admitted turn does not take it, in milliseconds. */
export const LEASE_MS = 3_000;
