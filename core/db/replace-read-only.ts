import type { EventEmitter } from 'node:events';
import type pg from 'pg';
import { READ_ONLY } from './unavailable.ts';

/**
 * Closes every connection of the pool after one reports a server that takes no writes, so that new ones reach the new
 * primary. Connections in use are closed when they report it themselves, or when they are idle again.
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
    const born = generation;
    made.set(client, born);
    const { connection, end } = insideOf(client);
    connection.on('errorMessage', ({ code }: { code?: string }) => {
      if (code !== READ_ONLY) return;
      // The pool does not take back a connection that is ending.
      end.call(client).catch(() => {});
      if (born !== generation) return;
      generation += 1;
      closeIdle();
    });
  });
  pool.on('release', (_error, client) => {
    if (isOld(client)) process.nextTick(closeIdle);
  });
}

/** The parts of a pool's client that the types of pg omit: the server's messages, and `end`. */
function insideOf(client: pg.PoolClient): { connection: EventEmitter; end(): Promise<void> } {
  return client as unknown as { connection: EventEmitter; end(): Promise<void> };
}
