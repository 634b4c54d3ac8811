import type { Failure } from '../live/live-state.ts';

/** What was left without a whole answer, and can be answered again. */
export interface Unanswered {
  /** The user's message; null for a greeting or a nudge. */
  messageId: string | null;
  /** Null: it was stopped before its first word. */
  failure: Failure | null;
}
