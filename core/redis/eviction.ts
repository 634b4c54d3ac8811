import type { Cluster, Redis } from 'ioredis';
import type { Log } from '../telemetry/log.ts';

/**
 * Warns, once for each policy, about a server that evicts keys when its memory is full. Every connected server is asked, as
 * the settings of a replica may differ. It uses INFO, as managed servers may refuse CONFIG.
 */
export class EvictionWatch {
  readonly #log: Log;
  readonly #warned = new Set<string>();

  /** Create it before the client is connected. */
  constructor(redis: Redis | Cluster, log: Log) {
    this.#log = log;
    if (redis.isCluster) redis.on('+node', (node: Redis) => this.#watch(node));
    else this.#watch(redis as Redis);
  }

  #watch(server: Redis): void {
    server.on('ready', () => void this.#ask(server));
  }

  async #ask(server: Redis): Promise<void> {
    const info = await server.info('memory').catch(() => '');
    const policy = /^maxmemory_policy:(\S+)/m.exec(info)?.[1] ?? 'noeviction';
    if (policy === 'noeviction' || this.#warned.has(policy)) return;
    this.#warned.add(policy);
    this.#log.warn(
      { policy },
      `Redis has maxmemory-policy ${policy}: when its memory is full it deletes jobs and feeds; set noeviction`,
    );
  }
}
