import type { ConversationStatus } from '../domain/vocabulary.ts';

/** The facts of a conversation when its idle timer fires. Times are Unix milliseconds of clocks that roughly agree. */
export interface IdleFacts {
  now: number;
  /** When the user last wrote, typed or came back, or the AI last finished speaking, whichever was later. */
  lastActivityAt: number;
  /** When the AI asked whether the user is still there, as long as the user has done nothing since; otherwise null. */
  nudgedAt: number | null;
  /** How many subscribers the conversation has, on all instances. */
  listeners: number;
  /** Whether a turn is open. */
  speaking: boolean;
  /** Whether the user is typing. Unset: no. */
  typing?: boolean | undefined;
  status: ConversationStatus;
  /** Whether silence is answered at all. */
  idleTimeout: boolean;
  /** From the last activity to the nudge, in milliseconds. */
  idleNudgeMs: number;
  /** From the nudge to the end, in milliseconds. */
  idleEndMs: number;
}

export type IdleDecision =
  /** Ask whether the user is still there. */
  | { act: 'nudge' }
  /** End the conversation as COMPLETED. */
  | { act: 'end' }
  /** Nothing is due for `forMs` (whole milliseconds, at least 1, never longer than a full period): check again then. */
  | { act: 'wait'; forMs: number }
  /** Arm no timer. */
  | { act: 'rest' };

/**
 * Decides what silence leads to: a nudge after `idleNudgeMs`, the end `idleEndMs` after an unanswered nudge.
 *
 * Without a listener or idleTimeout, or unless the conversation is ACTIVE, the timer rests: the next listener, the next message
 * and switching idleTimeout on are activity, and arm the timer. While the AI speaks or the user types there is no silence: the full period
 * starts after it. A nudge is given once: only the end or activity can follow it.
 */
export function idleDecision(facts: IdleFacts): IdleDecision {
  const { now, lastActivityAt, nudgedAt } = facts;
  if (facts.status !== 'ACTIVE' || !facts.idleTimeout || facts.listeners <= 0) return { act: 'rest' };
  const period = nudgedAt === null ? facts.idleNudgeMs : facts.idleEndMs;
  if (facts.speaking || facts.typing) return wait(period);
  const silentSince = Math.max(lastActivityAt, nudgedAt ?? lastActivityAt);
  const left = silentSince + period - now;
  if (left > 0) return wait(Math.min(left, period));
  return { act: nudgedAt === null ? 'nudge' : 'end' };
}

function wait(ms: number): IdleDecision {
  return { act: 'wait', forMs: Math.max(1, Math.ceil(ms)) };
}
