import { PROBLEM_TEXTS } from './texts.ts';

/**
 * The failures that a caller can act on; the API returns each one as data, under the same name.
 * Any other error that is thrown is a fault of the server.
 */
export class NotFoundError extends Error {
  override name = 'NotFoundError';
  constructor(message = PROBLEM_TEXTS.noConversation) {
    super(message);
  }
}

/** `path` is where in the input the fault is, such as `text`. */
export interface FieldFault {
  path: string;
  message: string;
}

export class InvalidInputError extends Error {
  override name = 'InvalidInputError';
  readonly fieldErrors: readonly FieldFault[];
  constructor(fieldErrors: readonly FieldFault[]) {
    super(fieldErrors.map(({ path, message }) => `${path} ${message}`).join('; '));
    this.fieldErrors = fieldErrors;
  }
}

export class RateLimitedError extends Error {
  override name = 'RateLimitedError';
  readonly retryAfterMs: number;
  /** The variable that sets the limit, and who is over it; null: not known. For the log. */
  readonly limit: string | null;
  constructor(message: string, retryAfterMs: number, limit: string | null = null) {
    super(message);
    this.retryAfterMs = retryAfterMs;
    this.limit = limit;
  }
}

/** An answer is being spoken, or too many messages wait: nothing was done. */
export class BusyError extends Error {
  override name = 'BusyError';
  /** The turn that is in the way. */
  readonly busyTurnId: string;
  constructor(message: string, busyTurnId: string) {
    super(message);
    this.busyTurnId = busyTurnId;
  }
}

/** The tokens of a day are used up; nothing was done. */
export class BudgetExceededError extends Error {
  override name = 'BudgetExceededError';
  /** When the next day begins. */
  readonly resetsAt: Date;
  constructor(resetsAt: Date) {
    super(PROBLEM_TEXTS.overBudget);
    this.resetsAt = resetsAt;
  }
}

/** The caller is known and may not do this, which depends on the input. */
export class ForbiddenError extends Error {
  override name = 'ForbiddenError';
}

/**
 * PostgreSQL, Redis, or the queue on either does not answer, or cannot serve at the moment. What was sent to it may or may not
 * have been done; a retry may help. The borders to the stores make it of what their clients throw (`core/db/unavailable.ts`,
 * `core/redis/errors.ts`); beside them, only code that waited for a store in vain or missed what it published.
 */
export class StoreUnavailableError extends Error {
  override name = 'StoreUnavailableError';
  /** The store, where the border to it made this; null: one of its causes may say. */
  readonly store: StoreName | null;
  constructor(message: string, options: ErrorOptions & { store?: StoreName } = {}) {
    super(message, options);
    this.store = options.store ?? null;
  }
}

/** The stores of an installation, by the names that its log gives them. */
export type StoreName = 'PostgreSQL' | 'Redis';

/** A store is unavailable and the call is refused: nothing was stored, and the same call may be retried. */
export class UnavailableError extends StoreUnavailableError {
  override name = 'UnavailableError';
  constructor(options?: ErrorOptions) {
    super(PROBLEM_TEXTS.unavailable, options);
  }
}

/**
 * A commit was sent, its reply was lost, and its outcome could not be found out: it is done, or it never will be.
 * Repeating the call with the same client id is idempotent.
 */
export class OutcomeUnknownError extends Error {
  override name = 'OutcomeUnknownError';
  constructor(options?: ErrorOptions) {
    super(PROBLEM_TEXTS.outcomeUnknown, options);
  }
}
