import { Redis } from 'ioredis';
import pg from 'pg';

/** How often each step is done. */
const TIMES = 3;
const CHANNEL = 'bench-reference';

/** The stores alone: what of a time is theirs and the machine's. */
export interface Reference {
  /** Commits a row and hears a message through Redis, three times one after another. Returns how long it took, in milliseconds. */
  time(): Promise<number>;
  close(): Promise<void>;
}

export async function openReference({
  DATABASE_URL = '',
  REDIS_URL = '',
}: NodeJS.ProcessEnv): Promise<Reference> {
  const database = new pg.Client({ connectionString: DATABASE_URL });
  await database.connect();
  await database.query('CREATE TABLE IF NOT EXISTS bench_reference (id serial PRIMARY KEY, text text)');
  const [publisher, subscriber] = [new Redis(REDIS_URL), new Redis(REDIS_URL)];
  const channel = `${CHANNEL}-${process.pid}`;
  await subscriber.subscribe(channel);
  return {
    async time() {
      const begun = performance.now();
      for (let i = 0; i < TIMES; i++) {
        await database.query('INSERT INTO bench_reference (text) VALUES ($1)', ['a message of usual length']);
        const heard = new Promise((resolve) => subscriber.once('message', resolve));
        await Promise.all([publisher.publish(channel, 'a message'), heard]);
      }
      return performance.now() - begun;
    },
    async close() {
      publisher.disconnect();
      subscriber.disconnect();
      await database.end();
    },
  };
}
