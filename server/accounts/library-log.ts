import type { Log } from '../../core/telemetry/log.ts';

type Level = 'debug' | 'info' | 'warn' | 'error';

/** The longest message that is logged, in characters. */
const LONGEST = 300;

/**
 * What better-auth logs, in ours. Its messages for information name addresses of people, so they are left out; the others
 * quote addresses of pages, without what follows a `?`. Of its further arguments, only an error is logged.
 */
export function libraryLog(log: Log): {
  level: Level;
  log: (level: Level, message: string, ...args: unknown[]) => void;
} {
  return {
    level: 'warn',
    log(level, message, ...args) {
      const err = args.find((arg) => arg instanceof Error);
      const said = String(message).replace(/\?\S*/g, '?').replaceAll(/\s+/g, ' ').slice(0, LONGEST);
      // What a caller does wrong is nothing for the operator, and a warning of the library is mostly that.
      log[level === 'error' ? 'warn' : 'debug']({ ...(err && { err }) }, `better-auth: ${said}`);
    },
  };
}
