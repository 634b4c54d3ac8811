import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { parseRedisUrl } from './location.ts';
import { clusterOptions, redisOptions } from './options.ts';

const sentinels = parseRedisUrl('rediss+sentinel://u:p@s1,s2/m/2?sentinelPassword=sp');

describe('the options of a connection', () => {
  test('to a master behind Sentinels encrypt both, each with its own password', () => {
    expect(redisOptions(sentinels, 'failFast')).toMatchObject({
      ...{ name: 'm', sentinels: [{ host: 's1' }, { host: 's2' }], db: 2, username: 'u', password: 'p' },
      ...{ sentinelPassword: 'sp', tls: {}, enableTLSForSentinelMode: true, sentinelTLS: {} },
    });
  });

  test('failFast: no command waits or is sent twice; blocking: commands wait without a limit', () => {
    const server = parseRedisUrl('redis://h');
    expect(redisOptions(server, 'failFast')).toMatchObject({
      ...{ enableOfflineQueue: false, maxRetriesPerRequest: 0, commandTimeout: 1_500 },
    });
    expect(redisOptions(server, 'blocking')).toMatchObject({ maxRetriesPerRequest: null });
    expect(clusterOptions(parseRedisUrl('redis://a,b'), 'failFast')).toMatchObject({
      retryDelayOnFailover: 0,
    });
  });

  describe('after an answer that the server takes no writes', () => {
    beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }));
    afterEach(() => void vi.useRealTimers());

    test('reconnect, at most once a second', () => {
      const { reconnectOnError } = redisOptions(sentinels, 'blocking');
      const readOnly = new Error("READONLY You can't write against a read only replica.");
      expect(reconnectOnError?.(new Error('ERR no'))).toBe(false);
      expect([reconnectOnError?.(readOnly), reconnectOnError?.(readOnly)]).toEqual([true, false]);
      vi.advanceTimersByTime(1_000);
      expect(reconnectOnError?.(readOnly)).toBe(true);
    });
  });
});
