import type { FormattedExecutionResult } from 'graphql';

/** How results are written to a response that goes on. Each text is written in one piece. */
export interface StreamFormat {
  /** The media type. */
  type: string;
  /** Comes first and at once: some browsers do not report a response before its body begins. */
  opening: string;
  /** Is written every `heartbeatMs`, so that no proxy takes a silent connection for dead. */
  heartbeat: string;
  heartbeatMs: number;
  /** `cursor` is that of the result's event; null where it has none. */
  next(result: FormattedExecutionResult, cursor: string | null): string;
  /** What is no result of the operation, but says why it cannot go on. */
  fault(result: FormattedExecutionResult): string;
  closing: string;
}
