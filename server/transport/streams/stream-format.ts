import type { FormattedExecutionResult } from 'graphql';

/** How results are written to a streamed response. Each text is written in one piece. */
export interface StreamFormat {
  /** The media type. */
  type: string;
  /** Written first and at once: some browsers do not report a response before its body begins. */
  opening: string;
  /** Written every `heartbeatMs` milliseconds, so that no proxy takes a silent connection for dead. */
  heartbeat: string;
  heartbeatMs: number;
  /** `cursor` is the one of the result's event; null when it has none. */
  next(result: FormattedExecutionResult, cursor: string | null): string;
  /** A result that only says why the operation cannot continue. */
  fault(result: FormattedExecutionResult): string;
  closing: string;
}
