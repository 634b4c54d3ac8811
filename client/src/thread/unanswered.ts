import type { Failure } from '@taskflow/client/core';

/** A message, greeting or nudge without a whole answer, which can be answered again. */
export interface Unanswered {
  /** The user's message; null for a greeting or a nudge. */
  messageId: string | null;
  /** Null when the answer was stopped before its first word. */
  failure: Failure | null;
}
