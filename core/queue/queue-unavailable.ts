/** The queue cannot be used now: its message is one line. */
export class QueueUnavailableError extends Error {
  override name = 'QueueUnavailableError';
  constructor(cause: unknown) {
    super(`the queue cannot be used: ${cause instanceof Error ? cause.message : cause}`, { cause });
  }
}
