import { pino } from 'pino';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../test/support/servers/free-port.ts';
import { createOwnRedis, hasRedisServer, type OwnRedis } from '../../test/support/servers/own-redis.ts';
import { createRedisNode, type RedisNode } from '../../test/support/servers/redis-node.ts';
import { connectRedis } from './connect.ts';
import { RedisError } from './errors.ts';
import { locateRedis } from './locate.ts';

const has = hasRedisServer();
const CLOSED_PORT = '127.0.0.1:1';

describe.skipIf(!has)(`${has ? '' : 'SKIPPED, no redis-server: '}REDIS_URL and what the servers are`, () => {
  let alone: OwnRedis;
  let member: RedisNode;
  let sentinel: RedisNode;
  beforeAll(async () => {
    [alone, member, sentinel] = await Promise.all([
      createOwnRedis(['maxmemory-policy allkeys-lru', 'requirepass hunter2', 'masterauth hunter2']),
      createRedisNode({ settings: ['cluster-enabled yes', `cluster-port ${await freePort()}`, 'save ""'] }),
      createRedisNode({ settings: [], isSentinel: true }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([alone, member, sentinel].map((node) => node?.remove()));
  });

  const at = (node: RedisNode) => `127.0.0.1:${node.port}`;

  test('a Cluster is used as one, whether the URL names one node or several', async () => {
    expect(await locateRedis(`redis://${at(member)}`)).toMatchObject({ kind: 'cluster' });
    expect(await locateRedis(`redis://${CLOSED_PORT},${at(member)}`)).toMatchObject({ kind: 'cluster' });
    expect(await locateRedis(`redis://:hunter2@${at(alone)}`)).toMatchObject({ kind: 'server' });
  });

  test('if INFO is not allowed, the URL decides', async () => {
    const quiet = await createRedisNode({ settings: ['user quiet on nopass ~* &* +@all -info'] });
    const url = `quiet:x@${at(quiet)}`;
    expect(await locateRedis(`redis://${url}`)).toMatchObject({ kind: 'server' });
    expect(await locateRedis(`redis+cluster://${url}`)).toMatchObject({ kind: 'cluster' });
    await quiet.remove();
  });

  test.each<[string, () => string, RegExp]>([
    [
      'nobody there',
      () => `redis://:hunter2@${CLOSED_PORT}`,
      /Redis at 127.0.0.1:1 cannot be used: .*ECONNREFUSED/,
    ],
    ['a wrong password', () => `redis://:guess-hunter2@${at(alone)}`, /WRONGPASS|invalid/i],
    [
      'several servers that are not a Cluster',
      () => `redis://:hunter2@${at(alone)},${CLOSED_PORT}`,
      /several hosts/,
    ],
    [
      'a server that is not part of a Cluster',
      () => `redis+cluster://:hunter2@${at(alone)}`,
      /not part of a Cluster/,
    ],
    ['a database of a Cluster', () => `redis://${at(member)}/3`, /only database 0/],
    ['a Sentinel as a server', () => `redis://${at(sentinel)}`, /it is a Sentinel; write redis\+sentinel/],
    ['an unknown master', () => `redis+sentinel://:hunter2@${at(sentinel)}/m`, /know no master of that name/],
    [
      'Sentinels that do not answer',
      () => `redis+sentinel://:hunter2@${CLOSED_PORT}/m`,
      /Sentinels at 127.0.0.1:1 \(m\)/,
    ],
  ])('%s is refused in one line without the password', async (_what, url, why) => {
    const failure = await locateRedis(url()).catch((error: Error) => error);
    expect(failure).toBeInstanceOf(RedisError);
    expect((failure as Error).message).toMatch(why);
    expect((failure as Error).message).toMatch(/^REDIS_URL: (?!.*hunter2).*$/);
  });

  test('a server that evicts keys is warned about once, in one line, and the start continues', async () => {
    const lines: string[] = [];
    const log = pino({ level: 'warn' }, { write: (line) => void lines.push(line) });
    const location = await locateRedis(`redis://:hunter2@${at(alone)}`);
    const { redis } = await connectRedis(location, log);
    await expect.poll(() => lines.length).toBe(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      policy: 'allkeys-lru',
      msg: expect.stringContaining('set noeviction'),
    });
    redis.disconnect();
  });
});
