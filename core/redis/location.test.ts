import { describe, expect, test } from 'vitest';
import { describeRedis, parseRedisUrl } from './location.ts';

const host = (name: string, port: number) => ({ host: name, port });

describe('REDIS_URL', () => {
  test.each([
    ['redis://localhost', { kind: 'server', hosts: [host('localhost', 6379)], db: 0, tls: false }],
    ['rediss://u%40:p%2F@h:1/3', { hosts: [host('h', 1)], username: 'u@', password: 'p/', db: 3, tls: true }],
    ['redis://:secret@h', { hosts: [host('h', 6379)], password: 'secret' }],
    ['redis://:a@b@h', { hosts: [host('h', 6379)], password: 'a@b' }],
    ['redis://[::1]:7/', { hosts: [host('::1', 7)] }],
    ['redis://a:1,b,[::1]:3', { kind: 'cluster', hosts: [host('a', 1), host('b', 6379), host('::1', 3)] }],
    ['redis+cluster://a', { kind: 'cluster', hosts: [host('a', 6379)] }],
    ['rediss+cluster://u:p@a:1/0', { kind: 'cluster', tls: true, username: 'u', password: 'p' }],
    [
      'redis+sentinel://u:p@s1,s2:2/mymaster/4?sentinelUsername=su&sentinelPassword=s%20p',
      {
        ...{ kind: 'sentinel', hosts: [host('s1', 26_379), host('s2', 2)], master: 'mymaster', db: 4 },
        ...{ username: 'u', password: 'p', sentinelUsername: 'su', sentinelPassword: 's p' },
      },
    ],
  ])('%s', (url, expected) => expect(parseRedisUrl(url)).toMatchObject(expected));

  test.each([
    ['http://h', /redis:\/\/ or rediss:\/\//],
    ['redis://', /host:port/],
    ['redis://:hunter2@', /host:port/],
    ['redis://a:hunter2', /host:port/],
    ['redis://a:1,,b:2', /host:port/],
    ['redis://a:70000', /host:port/],
    ['redis://:hunter2@h/one', /number of a database/],
    ['redis://:hunter2%@h', /hexadecimal/],
    ['redis://:hunter2@a,b/1', /only database 0/],
    ['redis+cluster://:hunter2@a/1', /only database 0/],
    ['redis+sentinel://:hunter2@a:1', /name of the master/],
    ['redis+sentinel://:hunter2@a:1/m/x', /number of a database/],
  ])('%s is refused in one line that does not repeat it', (url, why) => {
    expect(() => parseRedisUrl(url)).toThrow(why);
    expect(() => parseRedisUrl(url)).toThrow(/^(?!.*hunter2).*$/);
  });

  test('is described without user and password', () => {
    const shown = ['redis://u:hunter2@h:1', 'redis://u:hunter2@a:1,b:2', 'redis+sentinel://u:hunter2@a:1/m'];
    expect(shown.map((url) => describeRedis(parseRedisUrl(url)))).toEqual([
      'Redis at h:1',
      'the Redis Cluster at a:1, b:2',
      'Redis by the Sentinels at a:1 (m)',
    ]);
  });
});
