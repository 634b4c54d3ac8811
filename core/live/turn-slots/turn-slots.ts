import type { TurnJob } from '../../queue/jobs.ts';

/**
 * Bounds how many turns of one owner are spoken at once, over all processes; the others wait. A slot is a lease: a speaker that
 * dies loses it.
 */
export interface TurnSlots {
  /**
   * Asks for a slot, or keeps the one that the turn has. An owner's turns get theirs in the order of their ids. A turn that
   * gets none waits until a step returns it as `admitted`; the caller of that step then adds its job again.
   */
  take(turn: TurnJob): Promise<Taken>;
  /** Keeps a slot for another {@link LEASE_MS}. */
  renew(turn: TurnJob): Promise<void>;
  /** Gives a slot up, or the wait for one. Answers whose turn it is now. */
  release(turn: TurnJob): Promise<TurnJob[]>;
  /** The waiting turns for which there is room all the same, as after the death of a speaker. */
  admit(): Promise<TurnJob[]>;
  isWaiting(turn: TurnJob): Promise<boolean>;
  /** Whether it waits and there is a slot for it, which it has not come for yet. */
  isAdmitted(turn: TurnJob): Promise<boolean>;
}

export interface Taken {
  isHeld: boolean;
  /** Whose turn it is now, too. */
  admitted: TurnJob[];
}

/** How long a speaker that shows no sign of life keeps its slot, and one that is admitted has time to come, in milliseconds. */
export const LEASE_MS = 3_000;
