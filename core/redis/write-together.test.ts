import { setImmediate } from 'node:timers/promises';
import { expect, test, vi } from 'vitest';
import { describeOnRedis } from '../../test/support/on-redis.ts';
import { writeTogether } from './write-together.ts';

await describeOnRedis('commands of one turn of the event loop', ({ redis, prefix }) => {
  test('are written to the server at once, and each has its own reply', async () => {
    const own = redis.duplicate();
    await own.connect();
    writeTogether(own);
    const { stream } = own;
    const writes = [vi.spyOn(stream, '_write'), vi.spyOn(stream as never, '_writev')];
    const count = () => writes.reduce((sum, { mock }) => sum + mock.calls.length, 0);
    const values = Array.from({ length: 20 }, (_, n) => `${n}`);
    const stored = values.map((value) => own.set(`${prefix}:${value}`, value));
    expect(count()).toBe(0);
    await setImmediate();
    expect(count()).toBe(1);
    expect(await Promise.all(stored)).toEqual(values.map(() => 'OK'));
    expect(await Promise.all(values.map((value) => own.get(`${prefix}:${value}`)))).toEqual(values);
    expect(count()).toBe(2);
    own.disconnect();
  });

  test('that cannot be sent are refused, as without it', async () => {
    const own = redis.duplicate({ lazyConnect: true, enableOfflineQueue: false });
    writeTogether(own);
    await expect(own.get('x')).rejects.toThrow(/Stream isn't writeable/);
    own.disconnect();
  });
});
