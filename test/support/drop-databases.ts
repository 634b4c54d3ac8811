import { dropTestDatabases, isPostgresAvailable } from './database.ts';

/** Runs around all suites: the last step drops the databases that they have shared. */
export async function setup(): Promise<() => Promise<void>> {
  const isThere = await isPostgresAvailable();
  return async () => {
    if (isThere) await dropTestDatabases();
  };
}
