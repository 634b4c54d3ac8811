import { AsyncLocalStorage } from 'node:async_hooks';
import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type DestinationStream, type LevelWithSilent, type Logger, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';

/**
 * The one way to say something to the operator: a line an event. Texts of messages, and errors of others that may quote
 * them, belong at debug or below. Whose line it is stands in `component`; see {@link componentLog}.
 */
export type Log = Logger;

/** The parts that speak. */
export type Component =
  | 'app'
  | 'breaker'
  | 'clock'
  | 'database'
  | 'graphql'
  | 'ingest'
  | 'models'
  | 'queue'
  | 'redis'
  | 'sweep'
  | 'timers'
  | 'token-guard'
  | 'tracing'
  | 'turns'
  | 'ws';

/** Where a secret may stand in what is logged. */
const SECRETS = ['apiKey', 'password', 'authorization', 'secret', 'token', 'databaseUrl', 'redisUrl'];

/** What is being worked on, as the lines that are written meanwhile say it. */
export interface LogFields {
  /** One call of the API: as its caller named it, or made here. */
  requestId?: string;
  conversationId?: string;
  turnId?: string;
}

const worked = new AsyncLocalStorage<LogFields>();

/** Every line that is written while `work` runs bears these fields, beside those that its surroundings give. */
export function withLogFields<T>(fields: LogFields, work: () => T): T {
  return worked.run({ ...worked.getStore(), ...fields }, work);
}

/** A logger to standard output: pretty on a terminal, JSON elsewhere, unless `format` says. */
export function createLog(options: {
  level: LevelWithSilent;
  format?: 'pretty' | 'json' | undefined;
  /** Where JSON goes; unset: to standard output. */
  to?: DestinationStream;
}): Log {
  const format = options.format ?? (process.stdout.isTTY ? 'pretty' : 'json');
  const redact = {
    paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
    censor: '[REDACTED]',
  };
  const base = { level: options.level, redact, base: null, mixin, serializers: { err: described } };
  return format === 'json' ? pino(base, options.to) : pino(base, prettyStream());
}

/** The same logger for one part. */
export function componentLog(log: Log, component: Component): Log {
  return log.child({ component });
}

/** What a line bears that its writer does not know: what is being worked on, and in which trace. */
function mixin(): object {
  const span = trace.getActiveSpan()?.spanContext();
  const traced = span && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {};
  return { ...worked.getStore(), ...traced };
}

/**
 * What may be said of an error: not what libraries attach to theirs, such as the arguments of the command that failed,
 * which may be a user's words.
 */
function described(error: unknown, depth = 0): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const { code, status } = error as { code?: unknown; status?: unknown };
  return {
    type: name,
    message,
    ...(isPlain(code) && { code }),
    ...(isPlain(status) && { status }),
    stack,
    ...(cause !== undefined && depth < CAUSES && { cause: described(cause, depth + 1) }),
  };
}

/** How many errors are named that led to one another. */
const CAUSES = 5;

function isPlain(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

function prettyStream(): DestinationStream {
  return PinoPretty({
    translateTime: 'HH:MM:ss.l',
    messageFormat: '{if component}[{component}] {end}{msg}',
    ignore: 'component',
    singleLine: true,
  });
}
