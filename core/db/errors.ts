import { StartError } from '../domain/start-error.ts';

/**
 * The database is unavailable: nothing was stored, and a retry may succeed.
 * The message is one line for the operator and never contains a password.
 */
export class DatabaseUnavailableError extends StartError {
  override readonly name = 'DatabaseUnavailableError';
}

/**
 * DATABASE_URL or DATA_DIR does not work as it is set: a retry does not help until it is changed.
 * The message is one line for the operator and never contains a password.
 */
export class DatabaseConfigError extends StartError {
  override readonly name = 'DatabaseConfigError';
}

/** The database's schema cannot be migrated to this version; nothing was changed. The message is one line. */
export class MigrationError extends StartError {
  override readonly name = 'MigrationError';
}

/**
 * Turns a failed attempt to connect into an error for the operator.
 *
 * @param target Names the server and database, without credentials.
 */
export function connectionFault(
  error: unknown,
  target: string,
): DatabaseUnavailableError | DatabaseConfigError {
  const code = codeOf(error);
  const reason = CONFIG_FAULTS[code] ?? (isSetting(code, messageOf(error)) ? messageOf(error) : null);
  if (reason !== null) return new DatabaseConfigError(`PostgreSQL at ${target}: ${reason}`, { cause: error });
  const why = UNREACHABLE[code] ?? messageOf(error);
  return new DatabaseUnavailableError(`PostgreSQL at ${target} cannot be reached: ${why}`, { cause: error });
}

// https://www.postgresql.org/docs/current/errcodes-appendix.html
const CONFIG_FAULTS: Record<string, string | undefined> = {
  '28P01': 'the user or password of DATABASE_URL is refused',
  '28000': 'the user of DATABASE_URL is refused',
  '3D000': 'the database that DATABASE_URL names does not exist',
  '42501': 'the user of DATABASE_URL lacks a required privilege',
};

// The server's protocol (08), privileges (42) or encryption do not match the setting.
function isSetting(code: string, message: string): boolean {
  return /^(08P|42)|CERT|TLS|SIGNATURE/.test(code) || message.includes('SSL');
}

const UNREACHABLE: Record<string, string | undefined> = {
  ECONNREFUSED: 'connection refused',
  ENOTFOUND: 'its host name is unknown',
  EAI_AGAIN: 'its host name cannot be resolved now',
  ENOENT: 'its socket does not exist',
  ECONNRESET: 'connection reset',
  ETIMEDOUT: 'no answer in time',
};

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
}

function messageOf(error: unknown): string {
  return (error instanceof Error ? error.message : String(error)).replaceAll(/\s*\n\s*/g, ' ');
}
