import { APIConnectionError, APIConnectionTimeoutError, APIUserAbortError } from 'openai';
import type { ModelErrorCode } from '../../domain/vocabulary.ts';
import { type ErrorFacts, errorFacts } from './error-facts.ts';
import {
  codeHinted,
  codeNamed,
  codeOfLimit,
  codeOfMessage,
  codeOfRefusal,
  codeOfStatus,
  isAddressFault,
  isTemplateFault,
  isTooLong,
} from './error-rules.ts';
import { redactKeys } from './redact-keys.ts';
import { retryAfterMs } from './retry-after.ts';

/** Why a model gave no complete answer. Its message and its cause's are for logs, not for users: one line, keys redacted. */
export class LlmError extends Error {
  override readonly name = 'LlmError';
  readonly code: ModelErrorCode;
  /** Whether a later retry may succeed. */
  readonly retryable: boolean;
  /** Whether the same call may be retried at once, or after `retryAfterMs`: the fault is transient. */
  readonly mayTryAgain: boolean;
  /** How long the provider asks to wait before the next request; undefined when it does not say. */
  readonly retryAfterMs: number | undefined;
  /** The HTTP status, when there was one. */
  readonly status: number | undefined;
  /** Whether a part of the answer arrived before the error: then a retry from the start would repeat it. */
  readonly partial: boolean;

  constructor(code: ModelErrorCode, message: string, details: LlmErrorDetails = {}) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = code;
    this.retryable = details.retryable ?? RETRYABLE[code];
    this.mayTryAgain = details.mayTryAgain ?? (this.retryable && PASSING.has(code));
    this.retryAfterMs = details.retryAfterMs;
    this.status = details.status;
    this.partial = details.partial ?? false;
  }
}

export interface LlmErrorDetails {
  /** Unset: follows from the code. */
  retryable?: boolean | undefined;
  /** Unset: follows from the code and `retryable`. */
  mayTryAgain?: boolean | undefined;
  retryAfterMs?: number | undefined;
  status?: number | undefined;
  partial?: boolean | undefined;
  cause?: unknown;
}

/**
 * Completes an error that came in a stream: sets `partial` and redacts secrets in its message. An error without a message
 * in the middle of an answer is a fault of the service.
 */
export function ofStream(error: LlmError, partial: boolean, secrets: readonly string[]): LlmError {
  const code = partial && error.code === 'NO_ANSWER' ? 'SERVICE_UNAVAILABLE' : error.code;
  const { retryable, mayTryAgain, retryAfterMs, status, cause } = error;
  const message = redactKeys(error.message, secrets);
  return new LlmError(code, message, { retryable, mayTryAgain, retryAfterMs, status, cause, partial });
}

/** The caller's own abort, thrown by a stream. `name` is `AbortError` and `code` is `ABORT_ERR`, as in Node. */
export class LlmAbortError extends Error {
  override readonly name = 'AbortError';
  readonly code = 'ABORT_ERR';
}

/**
 * Classifies anything that a call to a model may throw: the `openai` client's typed errors, an error object of a stream,
 * Node's network errors, other providers' messages. Null for an abort, which is not an error to report.
 *
 * In this order: error codes; phrases for a prompt that is too long or refused by the model's template, which servers send
 * with any status; the status; the message; and vague codes if there is no status. `secrets` are redacted, as is all that
 * looks like a key.
 */
export function classifyLlmError(error: unknown, context: ClassifyContext = {}): LlmError | null {
  if (error instanceof LlmError) return error;
  const facts = errorFacts(error);
  if (isAbort(error, facts)) return null;
  const code = codeOf(error, facts);
  const retryable = isRetryable(code, facts);
  const oneLine = redactKeys(facts.message, context.secrets)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MESSAGE_LIMIT);
  return new LlmError(code, oneLine || withoutWords(facts), {
    status: facts.status,
    partial: context.partial,
    retryable,
    mayTryAgain: mayTryAgain(code, retryable, facts),
    retryAfterMs: retryAfterMs(facts.headers, facts.message),
    cause: redactedCause(error, context.secrets),
  });
}

function withoutWords({ status }: ErrorFacts): string {
  return status === undefined
    ? 'the model failed without saying why'
    : `the server answered ${status} without saying why`;
}

function codeOf(error: unknown, facts: ErrorFacts): ModelErrorCode {
  const { status, message, codes } = facts;
  const named = codes.map(codeNamed).find((code) => code !== undefined);
  const isLimit = named === 'RATE_LIMITED' || named === undefined;
  if (isLimit && isTooLong(message)) return 'CONTEXT_TOO_LONG';
  if (named) return named === 'RATE_LIMITED' ? codeOfLimit(message) : named;
  if (isTemplateFault(message)) return 'UNKNOWN';
  if (codes.some(isAddressFault)) return 'SERVICE_UNAVAILABLE';
  if (status !== undefined) {
    const moderated = facts.moderated ? 'CONTENT_BLOCKED' : undefined;
    return codeOfStatus(status, message) ?? moderated ?? codeOfRefusal(message) ?? 'UNKNOWN';
  }
  if (facts.moderated) return 'CONTENT_BLOCKED';
  const hinted = codes.map(codeHinted).find((code) => code !== undefined);
  return codeOfMessage(message) ?? hinted ?? codeOfClient(error) ?? 'UNKNOWN';
}

/** A wrong request or a wrong address fails again when retried. */
function isRetryable(code: ModelErrorCode, { status, message, codes }: ErrorFacts): boolean | undefined {
  if (code === 'UNKNOWN') return !isTemplateFault(message) && !(status !== undefined && status < 500);
  return code === 'SERVICE_UNAVAILABLE' && codes.some(isAddressFault) ? false : undefined;
}

/** The header `x-should-retry`, which OpenAI's own clients follow, takes precedence. */
function mayTryAgain(code: ModelErrorCode, retryable: boolean | undefined, { headers }: ErrorFacts): boolean {
  const said = headers?.get('x-should-retry');
  return said === 'true' || (said !== 'false' && retryable !== false && PASSING.has(code));
}

export interface ClassifyContext {
  secrets?: readonly string[] | undefined;
  partial?: boolean | undefined;
}

const MESSAGE_LIMIT = 500;

/** Transient faults. */
const PASSING: ReadonlySet<ModelErrorCode> = new Set(['RATE_LIMITED', 'SERVICE_UNAVAILABLE', 'TIMEOUT']);

const RETRYABLE: Record<ModelErrorCode, boolean> = {
  RATE_LIMITED: true,
  SERVICE_UNAVAILABLE: true,
  TIMEOUT: true,
  UNKNOWN: true,
  QUOTA_EXCEEDED: false,
  MODEL_NOT_FOUND: false,
  PERMISSION_DENIED: false,
  CONTENT_BLOCKED: false,
  CONTEXT_TOO_LONG: false,
  NO_ANSWER: true,
};

function codeOfClient(error: unknown): ModelErrorCode | undefined {
  if (error instanceof APIConnectionTimeoutError) return 'TIMEOUT';
  return error instanceof APIConnectionError ? 'SERVICE_UNAVAILABLE' : undefined;
}

function isAbort(
  error: unknown,
  facts: { names: readonly string[]; codes: readonly string[]; message: string },
): boolean {
  if (error instanceof APIUserAbortError || facts.names.includes('AbortError')) return true;
  if (facts.names.includes('TimeoutError') || facts.codes.some((code) => codeNamed(code) ?? codeHinted(code)))
    return false;
  return (
    facts.codes.includes('ABORT_ERR') ||
    /\b(?:request|operation) was (?:aborted|cancell?ed)\b|\baborted by (?:the )?user\b/i.test(facts.message)
  );
}

/** Copies the cause without keys in its message and its stack, as loggers print both. */
function redactedCause(error: unknown, secrets: readonly string[] | undefined): Error {
  const source =
    error instanceof Error ? error : new Error(typeof error === 'string' ? error : 'not an Error');
  const cause = new Error(redactKeys(source.message, secrets));
  cause.name = source.name === 'Error' ? source.constructor.name : source.name;
  cause.stack = redactKeys(source.stack ?? '', secrets);
  return cause;
}
