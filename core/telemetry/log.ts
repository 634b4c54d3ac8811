import { isSpanContextValid, trace } from '@opentelemetry/api';
import { type DestinationStream, type LevelWithSilent, type Logger, type LoggerOptions, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import { ScopedValue } from '../async/scoped-value.ts';
import { StoreOutages, storeFaultIn } from './store-outages.ts';

/**
 * The logger: one line per event. Texts of messages, and errors of libraries that may quote them, are logged at debug or
 * below. `component` names the part that logs; see {@link componentLog}.
 */
export type Log = Logger & {
  /** The outages of stores that it logs; every logger of the product has it. */
  readonly outages?: StoreOutages;
};

/** The parts that log. */
export type Component =
  | 'accounts'
  | 'app'
  | 'breaker'
  | 'clock'
  | 'database'
  | 'graphql'
  | 'ingest'
  | 'limits'
  | 'models'
  | 'openai'
  | 'queue'
  | 'redis'
  | 'search'
  | 'sweep'
  | 'timers'
  | 'token-guard'
  | 'tracing'
  | 'turns'
  | 'ws';

/** The fields that may contain a secret. */
const SECRETS = ['apiKey', 'password', 'authorization', 'secret', 'token', 'databaseUrl', 'redisUrl'];

/** Fields that identify the current work in log lines. */
export interface LogFields {
  /** The id of one call of the API, from its caller or generated here. */
  requestId?: string;
  conversationId?: string;
  turnId?: string;
}

const worked = new ScopedValue<LogFields>();

/**
 * Adds these fields to every line that is logged while `work` runs, or until the promise that it returns is settled, beside those
 * of outer calls.
 */
export function withLogFields<T>(fields: LogFields, work: () => T): T {
  return worked.run({ ...worked.current, ...fields }, work);
}

/** Creates a logger to standard output: pretty on a terminal, else JSON, unless `format` is set. */
export function createLog(options: {
  level: LevelWithSilent;
  format?: 'pretty' | 'json' | undefined;
  /** The destination of JSON; unset: standard output. */
  to?: DestinationStream;
  /** Milliseconds of a steady clock, by which repeated faults of a store are due to be logged. */
  now?: () => number;
}): Log {
  const format = options.format ?? (process.stdout.isTTY ? 'pretty' : 'json');
  const redact = {
    paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
    censor: '[REDACTED]',
  };
  const outages = new StoreOutages(options.now);
  const base: LoggerOptions = {
    ...{ level: options.level, redact, base: null, mixin, serializers: { err: described } },
    hooks: { logMethod: collapsing(outages) },
  };
  const log = format === 'json' ? pino(base, options.to) : pino(base, prettyStream());
  // Children inherit it.
  return Object.assign(log, { outages });
}

/** Logs repeated faults of a store, of any component, now and then; each of them at debug level. */
function collapsing(outages: StoreOutages): LogMethod {
  return function logMethod(args, method, level) {
    const [fields, message] = args as unknown[];
    const fault = level >= INFO && isRecord(fields) && 'err' in fields ? storeFaultIn(fields.err) : null;
    if (!fault || !isRecord(fields)) return method.apply(this, args);
    const faults = outages.report(fault);
    if (faults === null) return this.debug(fields, String(message));
    const text = fault.store ? `${fault.store} is unavailable: ${message}` : String(message);
    return method.call(this, { ...fields, ...(faults > 1 && { faults }) }, text);
  };
}

type LogMethod = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>;

const INFO = pino.levels.values.info ?? 30;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Returns the logger of one part. */
export function componentLog(log: Log, component: Component): Log {
  return log.child({ component });
}

/** Fields that are added to every line: the current work and its trace. */
function mixin(): object {
  const span = trace.getActiveSpan()?.spanContext();
  const traced = span && isSpanContextValid(span) ? { trace_id: span.traceId, span_id: span.spanId } : {};
  return { ...worked.current, ...traced };
}

/**
 * The loggable fields of an error, without those that libraries attach, such as the arguments of a failed command, which
 * may contain a user's text. Where a connection or a store fails is not in the code: such an error has no stack.
 */
function described(error: unknown): unknown {
  return describedAt(error, 0, storeFaultIn(error) === null);
}

function describedAt(error: unknown, depth: number, hasStack: boolean): unknown {
  if (!(error instanceof Error)) return { type: typeof error };
  const { name, message, stack, cause } = error;
  const { code, status } = error as { code?: unknown; status?: unknown };
  return {
    type: name,
    message,
    ...(isPlain(code) && { code }),
    ...(isPlain(status) && { status }),
    ...(hasStack && !isOfConnection(error) && { stack }),
    ...(cause !== undefined && depth < CAUSES && { cause: describedAt(cause, depth + 1, hasStack) }),
  };
}

/** Whether an error is one of the operating system's for a socket. */
function isOfConnection(error: Error): boolean {
  const { code } = error as { code?: unknown };
  return typeof code === 'string' && SOCKET_CODES.test(code);
}

const SOCKET_CODES =
  /^(ECONNABORTED|ECONNREFUSED|ECONNRESET|EHOSTDOWN|EHOSTUNREACH|ENETDOWN|ENETUNREACH|ENOTFOUND|EPIPE|ETIMEDOUT|EAI_AGAIN)$/;

/** The most causes of an error that are logged. */
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
