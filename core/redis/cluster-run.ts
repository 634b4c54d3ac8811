import { randomUUID } from 'node:crypto';
import type { Cluster, Redis } from 'ioredis';
import { RedisRun, type ServerRun } from './run.ts';

type Command = Parameters<Redis['sendCommand']>[0];
type Stream = Parameters<Redis['sendCommand']>[1];

/**
 * The run of the server that commands reach on a Cluster. The node is known only when a command is sent, as a failover moves
 * a slot to another node. Commands have {@link current} as an argument, which is replaced by the run of the node that the
 * command is sent to, also after a redirection.
 */
export class ClusterRun implements ServerRun {
  /** Placeholder for the run of the node. It is unique, so that no other argument equals it. */
  readonly current = `run-of-the-node-${randomUUID()}`;
  /** The index of the placeholder in the arguments, by command. */
  readonly #places = new WeakMap<object, number>();

  /** Create it before the Cluster is connected. */
  constructor(cluster: Cluster) {
    cluster.on('+node', (node: Redis) => this.#fillIn(node, new RedisRun(node)));
  }

  #fillIn(node: Redis, run: RedisRun): void {
    const send = node.sendCommand.bind(node);
    node.sendCommand = (command: Command, stream?: Stream) => {
      const place = this.#placeIn(command);
      if (place < 0) return send(command, stream);
      const { current } = run;
      if (typeof current === 'string') return send(withArgument(command, place, current), stream);
      if (node.status === 'wait') node.connect().catch(() => {});
      current.then(
        (known) => void send(withArgument(command, place, known), stream),
        (error) => command.reject(error),
      );
      return command.promise;
    };
  }

  #placeIn(command: Command): number {
    if (command.name !== 'eval' && command.name !== 'evalsha') return -1;
    const known = this.#places.get(command);
    if (known !== undefined) return known;
    const place = (command.args as unknown[]).indexOf(this.current);
    this.#places.set(command, place);
    return place;
  }
}

function withArgument(command: Command, place: number, value: string): Command {
  (command.args as unknown[])[place] = value;
  return command;
}
