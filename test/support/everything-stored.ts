import { Redis } from 'ioredis';
import type { Database } from '../../core/db/database.ts';

/** A row of a table, or a key of Redis with its value, as text. */
export interface Stored {
  /** The table, or the key. */
  place: string;
  text: string;
}

/** The tables of every schema, as `schema.table`, with their columns. */
export async function allTables({ prisma }: Pick<Database, 'prisma'>): Promise<Map<string, string[]>> {
  const columns = await prisma.$queryRaw<{ place: string; name: string }[]>`
    SELECT table_schema || '.' || table_name AS place, column_name AS name
    FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
    WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('pg_catalog', 'information_schema')
    ORDER BY ordinal_position`;
  const tables = new Map<string, string[]>();
  for (const { place, name } of columns) tables.set(place, [...(tables.get(place) ?? []), name]);
  return tables;
}

/** Every row of every table. */
export async function allRows(database: Pick<Database, 'prisma'>): Promise<Stored[]> {
  const stored: Stored[] = [];
  for (const place of (await allTables(database)).keys()) {
    const [schema, table] = place.split('.');
    const rows = await database.prisma.$queryRawUnsafe<{ text: string }[]>(
      `SELECT to_jsonb(stored)::text AS text FROM "${schema}"."${table}" AS stored`,
    );
    stored.push(...rows.map(({ text }) => ({ place, text })));
  }
  return stored;
}

/** Every key with this prefix, of every type. */
export async function allKeys(url: string, prefix: string): Promise<Stored[]> {
  const redis = new Redis(url);
  try {
    const stored: Stored[] = [];
    for await (const keys of redis.scanStream({ match: `*${prefix}*`, count: 1_000 }))
      for (const place of new Set(keys as string[]))
        stored.push({ place, text: JSON.stringify(await readKey(redis, place)) });
    return stored;
  } finally {
    redis.disconnect();
  }
}

async function readKey(redis: Redis, key: string): Promise<unknown> {
  const type = await redis.type(key);
  if (type === 'string') return redis.get(key);
  if (type === 'hash') return redis.hgetall(key);
  if (type === 'list') return redis.lrange(key, 0, -1);
  if (type === 'set') return redis.smembers(key);
  if (type === 'zset') return redis.zrange(key, 0, -1);
  if (type === 'stream') return redis.xrange(key, '-', '+');
  // It has expired meanwhile.
  if (type === 'none') return null;
  throw new Error(`a key of the unknown type ${type}`);
}
