import type { Cluster } from 'ioredis';
import { COMMAND_TIMEOUT_MS } from './options.ts';

type Command = Parameters<Cluster['sendCommand']>[0];
/** What the types of ioredis leave out of a command: who sends one may set how long it has, in milliseconds. */
export type TimedCommand = Command & { setTimeout(ms: number): void };

/**
 * Has a command fail at once while the Cluster as a whole is not connected, and in time otherwise, redirections
 * included. Not by `enableOfflineQueue: false`: that also refuses what comes while a single node is being connected to.
 */
export function failFastCluster(cluster: Cluster): Cluster {
  const send = cluster.sendCommand.bind(cluster) as (...args: unknown[]) => unknown;
  cluster.sendCommand = ((command: TimedCommand, ...rest: unknown[]) => {
    if (cluster.status === 'ready' || command.name === 'cluster') {
      command.setTimeout(COMMAND_TIMEOUT_MS);
      return send(command, ...rest);
    }
    command.reject(new Error('the Redis Cluster is not connected'));
    return command.promise;
  }) as never;
  return cluster;
}
