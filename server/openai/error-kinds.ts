import {
  BudgetExceededError,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  OutcomeUnknownError,
  RateLimitedError,
  StoreUnavailableError,
} from '../../core/domain/errors.ts';
import { PROBLEM_TEXTS, turnFailureText } from '../../core/domain/texts.ts';
import type { ModelErrorCode } from '../../core/domain/vocabulary.ts';
import { SlowListenerError } from '../../core/live/feed/event-buffer.ts';
import type { Refusal } from '../transport/refusal.ts';
import { ApiError, badRequest, type ErrorDetails } from './api-error.ts';

/** The status and error fields for each failure of the model: OpenAI's own codes, and ours for what it has no code for. */
const OF_MODELS: Record<ModelErrorCode, [status: number, details: ErrorDetails]> = {
  RATE_LIMITED: [429, { code: 'rate_limit_exceeded', type: 'requests' }],
  QUOTA_EXCEEDED: [
    429,
    {
      code: 'insufficient_quota',
      type: 'insufficient_quota',
      // Waiting does not help.
      headers: { 'x-should-retry': 'false' },
    },
  ],
  MODEL_NOT_FOUND: [404, { code: 'model_not_found', param: 'model' }],
  PERMISSION_DENIED: [403, { code: 'permission_denied', param: 'model' }],
  SERVICE_UNAVAILABLE: [503, { code: 'service_unavailable' }],
  TIMEOUT: [504, { code: 'timeout' }],
  CONTENT_BLOCKED: [400, { code: 'content_filter', param: 'messages' }],
  CONTEXT_TOO_LONG: [400, { code: 'context_length_exceeded', param: 'messages' }],
  NO_ANSWER: [502, { code: 'no_answer' }],
  UNKNOWN: [502, { code: 'model_error' }],
};
/** The provider does not answer the request as it is. */
const UNANSWERABLE: (typeof OF_MODELS)[ModelErrorCode] = [400, { code: 'model_error' }];

/** The caller is over a limit of this server. */
const OVER_LIMIT = { code: 'rate_limit_exceeded', type: 'rate_limit_error' };

/** How long to wait where the provider of a busy model does not say, in milliseconds. */
const BUSY_MS = 5_000;

/** The error for a failure of the model. Its text is one of ours: nothing of the provider's own message is in it. */
export function modelFailure({
  code,
  retryable,
  retryAfterMs,
}: {
  code: ModelErrorCode;
  retryable: boolean;
  retryAfterMs?: number | undefined;
}): ApiError {
  const [status, details] = code === 'UNKNOWN' && !retryable ? UNANSWERABLE : OF_MODELS[code];
  const waitMs = retryAfterMs ?? (code === 'RATE_LIMITED' ? BUSY_MS : undefined);
  const headers = { ...details.headers, ...(waitMs !== undefined && retryAfter(waitMs)) };
  return new ApiError(status, turnFailureText(code, retryable), { ...details, headers });
}

/** The error for a request that the transport refuses. */
export function refused({ status, code, message, headers = {} }: Refusal): ApiError {
  if (status === 429) return new ApiError(status, message, { ...OVER_LIMIT, headers });
  const codes: Record<number, string> = { 401: 'invalid_api_key' };
  return new ApiError(status, message, { code: codes[status] ?? code.toLowerCase(), headers });
}

/** The error for anything that a handler throws; null: a fault of the server. */
export function knownError(error: unknown): ApiError | null {
  if (error instanceof ApiError) return error;
  if (error instanceof NotFoundError)
    return new ApiError(404, error.message, { code: 'conversation_not_found' });
  if (error instanceof InvalidInputError) return invalidMessage(error);
  if (error instanceof ForbiddenError) return new ApiError(403, error.message, { code: 'forbidden' });
  if (error instanceof RateLimitedError)
    return new ApiError(429, error.message, {
      ...OVER_LIMIT,
      headers: retryAfter(error.retryAfterMs),
    });
  if (error instanceof BudgetExceededError)
    return new ApiError(429, error.message, {
      ...{ code: 'insufficient_quota', type: 'insufficient_quota' },
      headers: retryAfter(error.resetsAt.getTime() - Date.now()),
    }).withoutRetry();
  if (error instanceof OutcomeUnknownError)
    return new ApiError(503, error.message, { code: 'outcome_unknown' }).withoutRetry();
  if (error instanceof StoreUnavailableError) return unavailable();
  if (error instanceof SlowListenerError) return new ApiError(503, error.message, { code: 'slow_listener' });
  return null;
}

/** A store does not answer, or this server is closing. */
export function unavailable(): ApiError {
  const headers = retryAfter(1_000);
  return new ApiError(503, PROBLEM_TEXTS.unreachable, { code: 'service_unavailable', headers });
}

/** What is wrong with the message that goes into a conversation. */
function invalidMessage({ fieldErrors: [fault] }: InvalidInputError): ApiError {
  const param = fault?.path === 'clientMessageId' ? 'Idempotency-Key' : 'messages';
  return badRequest(param, `${param === 'messages' ? 'The last message' : param} ${fault?.message}.`);
}

/** The header `Retry-After`, which is in whole seconds. */
export function retryAfter(ms: number): Record<string, string> {
  return { 'retry-after': String(Math.max(1, Math.ceil(ms / 1_000))) };
}
