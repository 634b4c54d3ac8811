import { APIConnectionError, APIConnectionTimeoutError, APIUserAbortError } from 'openai';
import type { ModelErrorCode } from '../conversation/vocabulary.ts';
import { errorFacts } from './error-facts.ts';
import { codeHinted, codeNamed, codeOfLimit, codeOfMessage, codeOfStatus } from './error-rules.ts';
import { redactKeys } from './redact-keys.ts';
import { retryAfterMs } from './retry-after.ts';

/** Why a model gave no (whole) answer. Its message, and its cause's, are for logs: one line, keys redacted; never for people. */
export class LlmError extends Error {
  override readonly name = 'LlmError';
  readonly code: ModelErrorCode;
  /** Whether asking again, later, may help. */
  readonly retryable: boolean;
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
    this.retryAfterMs = details.retryAfterMs;
    this.status = details.status;
    this.partial = details.partial ?? false;
  }
}

export interface LlmErrorDetails {
  /** Unset: as the code says. */
  retryable?: boolean | undefined;
  retryAfterMs?: number | undefined;
  status?: number | undefined;
  partial?: boolean | undefined;
  cause?: unknown;
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
 * In order: error codes, the HTTP status, the message, and codes that say little where there is no status. `secret` is a key to redact besides those that look like keys.
 */
export function classifyLlmError(error: unknown, context: ClassifyContext = {}): LlmError | null {
  if (error instanceof LlmError) return error;
  const facts = errorFacts(error);
  if (isAbort(error, facts)) return null;
  const named = facts.codes.map(codeNamed).find((code) => code !== undefined);
  const code =
    sureOfLimit(named, facts.message) ??
    (facts.status === undefined ? undefined : codeOfStatus(facts.status, facts.message)) ??
    (facts.moderated ? 'CONTENT_BLOCKED' : undefined) ??
    codeOfMessage(facts.message) ??
    (facts.status === undefined
      ? facts.codes.map(codeHinted).find((code) => code !== undefined)
      : undefined) ??
    codeOfClient(error) ??
    'UNKNOWN';
  const oneLine = redactKeys(facts.message, context.secret)
    .replace(/\s+/g, ' ')
    .trim()
    .slice(0, MESSAGE_LIMIT);
  return new LlmError(code, oneLine || 'the model failed without saying why', {
    status: facts.status,
    partial: context.partial,
    // A request that the provider finds wrong is as wrong the second time.
    retryable: code === 'UNKNOWN' ? !(facts.status !== undefined && facts.status < 500) : undefined,
    retryAfterMs: retryAfterMs(facts.headers, facts.message),
    cause: redactedCause(error, context.secret),
  });
}

export interface ClassifyContext {
  secret?: string | null | undefined;
  partial?: boolean | undefined;
}

const MESSAGE_LIMIT = 500;

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

/** `rate_limit_exceeded` is the type of OpenAI's 429s of both kinds. */
function sureOfLimit(named: ModelErrorCode | undefined, message: string): ModelErrorCode | undefined {
  return named === 'RATE_LIMITED' ? codeOfLimit(message) : named;
}

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
function redactedCause(error: unknown, secret: string | null | undefined): Error {
  const source =
    error instanceof Error ? error : new Error(typeof error === 'string' ? error : 'not an Error');
  const cause = new Error(redactKeys(source.message, secret));
  cause.name = source.name === 'Error' ? source.constructor.name : source.name;
  cause.stack = redactKeys(source.stack ?? '', secret);
  return cause;
}
