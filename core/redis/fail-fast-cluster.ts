import type { Cluster } from 'ioredis';
import { COMMAND_TIMEOUT_MS } from './options.ts';

type Command = Parameters<Cluster['sendCommand']>[0];
/** A method of commands that the types of ioredis omit: sets a command's time limit, in milliseconds. */
type TimedCommand = Command & { setTimeout(ms: number): void };

/**
 * Makes commands fail at once while the Cluster is not connected, and gives them a time limit otherwise, which includes
 * redirections. `enableOfflineQueue: false` would also reject commands while a single node is connecting.
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
