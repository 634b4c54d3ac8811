import calculateSlot from 'cluster-key-slot';
import { freePort } from './free-port.ts';
import { createRedisNode, infoOf, type RedisNode, until } from './redis-node.ts';

/** A Redis Cluster of three masters and their replicas, failing over after a second. */
export interface OwnCluster {
  /** For REDIS_URL: all masters. */
  readonly url: string;
  readonly masters: readonly RedisNode[];
  /** The master that initially serves a key. */
  masterOf(key: string): RedisNode;
  remove(): Promise<void>;
}

const SLOTS = 16_384;
const MASTERS = 3;

export async function createOwnCluster(): Promise<OwnCluster> {
  const nodes = await Promise.all(Array.from({ length: 2 * MASTERS }, createNode));
  const [masters, replicas] = [nodes.slice(0, MASTERS), nodes.slice(MASTERS)];
  const first = masters[0] as RedisNode;
  await Promise.all(nodes.map((node, i) => node.command('CLUSTER', 'SET-CONFIG-EPOCH', i + 1)));
  await Promise.all(masters.map((node, i) => node.command('CLUSTER', 'ADDSLOTSRANGE', ...rangeOf(i))));
  for (const node of nodes.slice(1)) await first.command('CLUSTER', 'MEET', '127.0.0.1', node.port, node.bus);
  const knowsAll = async (node: RedisNode) =>
    (await clusterInfo(node)).includes(`cluster_known_nodes:${nodes.length}`);
  await Promise.all(nodes.map((node) => until(() => knowsAll(node))));
  await Promise.all(
    replicas.map(async (replica, i) => {
      const id = await masters[i]?.command('CLUSTER', 'MYID');
      await until(async () => (await replica.command('CLUSTER', 'REPLICATE', String(id))) === 'OK');
      await until(async () => (await infoOf(replica, 'replication', 'master_link_status')) === 'up');
    }),
  );
  const isOk = async (node: RedisNode) => (await clusterInfo(node)).includes('cluster_state:ok');
  await Promise.all(nodes.map((node) => until(() => isOk(node))));
  return {
    url: `redis://${masters.map(({ port }) => `127.0.0.1:${port}`).join(',')}`,
    masters,
    masterOf: (key) => masters[Math.floor((calculateSlot(key) * MASTERS) / SLOTS)] as RedisNode,
    remove: async () => void (await Promise.all(nodes.map((node) => node.remove()))),
  };
}

async function createNode(): Promise<RedisNode & { bus: number }> {
  const bus = await freePort();
  const node = await createRedisNode({
    settings: [
      ...['save ""', 'appendonly no', 'maxmemory-policy noeviction', 'repl-diskless-sync-delay 0'],
      ...['cluster-enabled yes', `cluster-port ${bus}`, 'cluster-node-timeout 1000'],
      'cluster-replica-validity-factor 0',
    ],
  });
  return { ...node, bus };
}

/** The first and the last slot of a master. */
function rangeOf(i: number): [number, number] {
  return [Math.ceil((i * SLOTS) / MASTERS), Math.ceil(((i + 1) * SLOTS) / MASTERS) - 1];
}

async function clusterInfo(node: RedisNode): Promise<string> {
  return String(await node.command('CLUSTER', 'INFO'));
}
