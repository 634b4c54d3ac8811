import { keyPrefix, path, redisUrl, url } from '../kinds/kinds.ts';
import { setting } from '../kinds/setting.ts';

/** Where data is kept. */
export const storage = {
  databaseUrl: setting(url('postgresql:', 'postgres:'), {
    variable: 'DATABASE_URL',
    unset: 'an embedded PostgreSQL',
    example: 'postgresql://user:password@localhost:5432/taskflow',
    decides:
      'The PostgreSQL database: `postgresql://user:password@host:port/database`. Its schema is migrated at each start.',
  }),
  dataDir: setting(path, {
    variable: 'DATA_DIR',
    default: '.data',
    decides: 'The directory of the embedded PostgreSQL. One process at a time can use it.',
  }),
  redisUrl: setting(redisUrl, {
    variable: 'REDIS_URL',
    unset: 'the process itself, and PostgreSQL for the queue',
    example: 'redis://localhost:6379',
    decides:
      'Where live data is kept: feeds, presence, queues. `redis://user:password@host:port/db`, or `rediss://` for TLS. A Cluster: `redis://host:port,host:port`. Sentinels: `redis+sentinel://user:password@host:port,host:port/name-of-the-master/db`. See [docs/operations.md](docs/operations.md#redis-alone-by-sentinels-or-as-a-cluster).',
  }),
  redisPrefix: setting(keyPrefix, {
    variable: 'REDIS_PREFIX',
    default: 'taskflow',
    decides: 'The prefix of every key, so that several installations can share a Redis.',
  }),
};
