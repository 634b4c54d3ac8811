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

/** Why a model gave no (whole) answer. Its message, and its cause's, are for logs: one line, keys redacted; never for people. */
export class LlmError extends Error {
  override readonly name = 'LlmError';
  readonly code: ModelErrorCode;
  /** Whether asking again, later, may help. */
  readonly retryable: boolean;
  /** Whether the same call may be made again at once, or after `retryAfterMs`: the fault is one that passes soon. */
  readonly mayTryAgain: boolean;
  /** How long the provider asks to be left alone; undefined when it did not say. */
  readonly retryAfterMs: number | undefined;
  /** The HTTP status, when there was one. */
  readonly status: number | undefined;
  /** Whether some of the answer's text had come before: then asking again from the start would say it twice. */
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
  /** Unset: as the code says. */
  retryable?: boolean | undefined;
  /** Unset: as the code and `retryable` say. */
  mayTryAgain?: boolean | undefined;
  retryAfterMs?: number | undefined;
  status?: number | undefined;
  partial?: boolean | undefined;
  cause?: unknown;
}

/**
 * An error that a stream held, with whether some of the answer had come and without the secrets that it may repeat; one that
 * says nothing, amid an answer, is the service's.
 */
export function ofStream(error: LlmError, partial: boolean, secrets: readonly string[]): LlmError {
  const code = partial && error.code === 'NO_ANSWER' ? 'SERVICE_UNAVAILABLE' : error.code;
  const { retryable, mayTryAgain, retryAfterMs, status, cause } = error;
  const message = redactKeys(error.message, secrets);
  return new LlmError(code, message, { retryable, mayTryAgain, retryAfterMs, status, cause, partial });
}

/** The caller's own abort, as it comes out of a stream. `name` is `AbortError`, `code` is `ABORT_ERR`, as Node's are. */
export class LlmAbortError extends Error {
  override readonly name = 'AbortError';
  readonly code = 'ABORT_ERR';
}

/**
 * Says what went wrong with a model, from whatever was thrown: the `openai` client's typed errors, an error object of a stream,
 * Node's network errors, other providers' prose. Null for an abort: that is nobody's fault and nothing to report.
 *
 * In order: error codes; that it was too long, or refused by the model's template, which servers say with any status; the
 * status; the message; and codes that say little where there is no status. `secrets` are redacted besides what looks like
 * a key.
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

/** A request that the provider finds wrong, and an address that is, are as wrong the second time. */
function isRetryable(code: ModelErrorCode, { status, message, codes }: ErrorFacts): boolean | undefined {
  if (code === 'UNKNOWN') return !isTemplateFault(message) && !(status !== undefined && status < 500);
  return code === 'SERVICE_UNAVAILABLE' && codes.some(isAddressFault) ? false : undefined;
}

/** What the server says of it counts, in the header that OpenAI's own clients heed. */
function mayTryAgain(code: ModelErrorCode, retryable: boolean | undefined, { headers }: ErrorFacts): boolean {
  const said = headers?.get('x-should-retry');
  return said === 'true' || (said !== 'false' && retryable !== false && PASSING.has(code));
}

export interface ClassifyContext {
  secrets?: readonly string[] | undefined;
  partial?: boolean | undefined;
}

const MESSAGE_LIMIT = 500;

/** Faults that pass soon. */
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

/** Loggers print causes and their stacks, so what is kept of the cause is text without keys. */
function redactedCause(error: unknown, secrets: readonly string[] | undefined): Error {
  const source =
    error instanceof Error ? error : new Error(typeof error === 'string' ? error : 'not an Error');
  const cause = new Error(redactKeys(source.message, secrets));
  cause.name = source.name === 'Error' ? source.constructor.name : source.name;
  cause.stack = redactKeys(source.stack ?? '', secrets);
  return cause;
}
