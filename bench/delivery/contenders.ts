import { createOwnRedis } from '../../test/support/servers/own-redis.ts';
import type { Contender, ContenderName } from './contender.ts';
import { startPeer } from './peer.ts';
import { startTaskFlow } from './taskflow.ts';

/** Starts servers on one Redis of their own, and stops them when `use` is over, whatever it comes to. */
export async function withContenders<T>(
  names: readonly ContenderName[],
  use: (contenders: readonly Contender[]) => Promise<T>,
): Promise<T> {
  const redis = await createOwnRedis();
  const contenders: Contender[] = [];
  try {
    for (const name of names)
      contenders.push(
        name === 'taskflow' ? await startTaskFlow(redis.url) : await startPeer(name, redis.url),
      );
    return await use(contenders);
  } finally {
    await Promise.all(contenders.map((contender) => contender.stop()));
    await redis.remove();
  }
}
