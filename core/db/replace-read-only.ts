import type { EventEmitter } from 'node:events';
import type pg from 'pg';

/** SQLSTATE read_only_sql_transaction: what was the primary is a standby now, or read-only. */
const READ_ONLY = '25006';

/**
 * Closes every connection of the pool once one of them says that its server takes no writes, so that the next ones
 * are made anew and reach the new primary. One that is in use is closed when it is released.
 */
export function replaceReadOnly(pool: pg.Pool): void {
  let generation = 0;
  const made = new WeakMap<pg.PoolClient, number>();
  const isOld = (client: pg.PoolClient) => made.get(client) !== generation;
  const closeIdle = () => {
    for (let i = pool.idleCount; i > 0; i--)
      pool.connect((_error, client, release) => client && release(isOld(client)));
  };
  pool.on('connect', (client) => {
    made.set(client, generation);
    protocolOf(client).on('errorMessage', ({ code }: { code?: string }) => {
      if (code !== READ_ONLY || isOld(client)) return;
      generation += 1;
      closeIdle();
    });
  });
  pool.on('release', (_error, client) => {
    if (isOld(client)) process.nextTick(closeIdle);
  });
}

/** The messages of the server, which the types of pg leave out. */
function protocolOf(client: pg.PoolClient): EventEmitter {
  return (client as unknown as { connection: EventEmitter }).connection;
}
