import { type DestinationStream, type Logger, pino } from 'pino';
import { PinoPretty } from 'pino-pretty';
import type { LogLevel } from '../config.ts';

/** The one way to say something to the operator: a line an event. Texts of messages belong at debug or below. */
export type Log = Logger;

/** Where a secret may stand in what is logged. */
const SECRETS = ['apiKey', 'password', 'authorization', 'secret', 'token', 'databaseUrl', 'redisUrl'];

/** A logger to standard output: pretty on a terminal, JSON elsewhere, unless `format` says. */
export function createLog(options: { level: LogLevel; format?: 'pretty' | 'json' | undefined }): Log {
  const format = options.format ?? (process.stdout.isTTY ? 'pretty' : 'json');
  const redact = {
    paths: SECRETS.flatMap((name) => [name, `*.${name}`, `*.*.${name}`]),
    censor: '[REDACTED]',
  };
  const base = { level: options.level, redact, base: null };
  return format === 'json' ? pino(base) : pino(base, prettyStream());
}

function prettyStream(): DestinationStream {
  return PinoPretty({ translateTime: 'HH:MM:ss.l', ignore: 'pid,hostname', singleLine: true });
}
