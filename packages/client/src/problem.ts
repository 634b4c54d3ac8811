/** Why a call failed, and whether repeating it may help. */
export interface Problem {
  /** For people. */
  text: string;
  retryable: boolean;
  /**
   * The type of the error, such as `RateLimitedError`, or `extensions.code` of an error of the whole call; absent if the
   * server did not answer.
   */
  code?: string;
}

/** An error of a whole call, as GraphQL formats it. */
export interface Fault {
  message: string;
  extensions?: Record<string, unknown>;
}

/** When the server takes more calls of a caller that made too many, in milliseconds from now; 0: the errors are others. */
export function limitedFor(errors: readonly Pick<Fault, 'extensions'>[]): number {
  const waits = errors.flatMap(({ extensions: { code, retryAfterMs } = {} }) =>
    code === 'RATE_LIMITED' && typeof retryAfterMs === 'number' ? [retryAfterMs] : [],
  );
  return Math.max(0, ...waits);
}
