import { createRedisNode, infoOf, type RedisNode, until } from './redis-node.ts';

/** A master, two replicas, and three Sentinels that watch them, failing over after half a second. */
export interface OwnSentinels {
  /** For REDIS_URL. */
  readonly url: string;
  /** The current master, according to the Sentinels. */
  master(): Promise<RedisNode>;
  remove(): Promise<void>;
}

const NAME = 'mymaster';

export async function createOwnSentinels(): Promise<OwnSentinels> {
  const first = await createRedisNode({ settings: DATA });
  const replicas = await Promise.all(
    [0, 1].map(() => createRedisNode({ settings: [...DATA, `replicaof 127.0.0.1 ${first.port}`] })),
  );
  const isUp = async (replica: RedisNode) =>
    (await infoOf(replica, 'replication', 'master_link_status')) === 'up';
  await Promise.all(replicas.map((replica) => until(() => isUp(replica))));
  const sentinels = await Promise.all(
    [0, 1, 2].map(() => createRedisNode({ settings: watching(first), isSentinel: true })),
  );
  await Promise.all(sentinels.map((sentinel) => until(() => seesAll(sentinel))));
  const nodes = [first, ...replicas];
  const hosts = sentinels.map(({ port }) => `127.0.0.1:${port}`).join(',');
  return {
    url: `redis+sentinel://${hosts}/${NAME}/1`,
    async master() {
      const address = await sentinels[0]?.command('SENTINEL', 'GET-MASTER-ADDR-BY-NAME', NAME);
      const [, port] = address as [string, string];
      return nodes.find((node) => node.port === Number(port)) as RedisNode;
    },
    remove: async () => void (await Promise.all([...sentinels, ...nodes].map((node) => node.remove()))),
  };
}

const DATA = ['save ""', 'appendonly no', 'maxmemory-policy noeviction', 'repl-diskless-sync-delay 0'];

function watching({ port }: RedisNode): string[] {
  return [
    `sentinel monitor ${NAME} 127.0.0.1 ${port} 2`,
    `sentinel down-after-milliseconds ${NAME} 500`,
    // At least twice this time passes between two failovers.
    `sentinel failover-timeout ${NAME} 1500`,
  ];
}

async function seesAll(sentinel: RedisNode): Promise<boolean> {
  const reply = (await sentinel.command('SENTINEL', 'MASTER', NAME)) as string[];
  const field = (name: string) => reply[reply.indexOf(name) + 1];
  return field('num-other-sentinels') === '2' && field('num-slaves') === '2';
}
