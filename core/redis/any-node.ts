import { createConnection, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { AbstractConnector, type Cluster, type RedisOptions } from 'ioredis';
import type { RedisHost, RedisLocation } from './location.ts';

/**
 * Creates a connector to any master of a Cluster, to another one at each attempt: a message that is published at one node
 * reaches all nodes. ioredis has its own subscriber for Clusters, but it does not report when it has subscribed again.
 */
export function anyNodeOf(cluster: Cluster, location: RedisLocation): NonNullable<RedisOptions['Connector']> {
  let attempt = Math.floor(Math.random() * 1_000);
  const next = (): RedisHost => {
    const masters = cluster.nodes('master').map(({ options: { host = '', port = 0 } }) => ({ host, port }));
    const hosts = masters.length > 0 ? masters : location.hosts;
    attempt += 1;
    return hosts[attempt % hosts.length] as RedisHost;
  };
  return class extends AbstractConnector {
    declare protected stream: Socket;

    constructor(options: unknown) {
      super((options as RedisOptions).disconnectTimeout ?? 0);
    }

    async connect() {
      this.connecting = true;
      this.stream = location.tls ? connectTls(next()) : createConnection(next());
      this.stream.once('error', (error) => {
        this.firstError = error;
      });
      return this.stream;
    }
  };
}
