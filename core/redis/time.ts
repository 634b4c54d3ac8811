import type { RedisClient } from './connect.ts';

/** The time, in Unix milliseconds, of the server with the keys of this prefix: on a Cluster each node has its own time. */
export async function redisTime(redis: RedisClient, prefix: string): Promise<number> {
  const [seconds, micros] = (await redis.eval(
    "return redis.call('TIME')",
    1,
    `{${prefix}}:clock`,
  )) as string[];
  return Number(seconds) * 1_000 + Number(micros) / 1_000;
}
