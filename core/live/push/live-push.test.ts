import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { LivePush } from './live-push.ts';

const BEAT_MS = 2_000;

/** The part of a subscriber that a push needs. `hears`: whether published messages arrive. */
class FakeRedis extends EventEmitter {
  status = 'ready';
  hears = true;
  fails = false;
  reconnects = 0;
  refuses = false;
  subscribe = (_channel: string, done: (error: Error | null) => void) =>
    queueMicrotask(() => done(this.refuses ? new Error('Connection is closed.') : null));
  ping = async () => 'PONG';
  disconnect = (reconnect: boolean) => {
    if (reconnect) this.reconnects += 1;
  };
  publish = async (channel: string, message: string) => {
    if (this.fails) throw new Error('READONLY');
    if (this.hears) this.emit('message', channel, message);
    return 0;
  };
}

describe('the heartbeat of a subscriber', () => {
  let redis: FakeRedis;
  let push: LivePush;
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    redis = new FakeRedis();
    push = new LivePush(redis as never, redis as never);
  });
  afterEach(() => {
    push.stop();
    vi.useRealTimers();
  });
  const beat = (times: number) => vi.advanceTimersByTimeAsync(times * BEAT_MS);

  test('that arrives keeps the connection', async () => {
    await beat(10);
    expect([push.isConnected, redis.reconnects]).toEqual([true, 0]);
  });

  test('that is published twice without arriving makes it reconnect within six seconds', async () => {
    await beat(1);
    redis.hears = false;
    await beat(2);
    expect([push.isConnected, redis.reconnects]).toEqual([false, 0]);
    await beat(1);
    expect(redis.reconnects).toBe(1);
    redis.hears = true;
    redis.emit('ready');
    await beat(3);
    expect([push.isConnected, redis.reconnects]).toEqual([true, 1]);
  });

  test('that cannot be published does not count as lost', async () => {
    redis.fails = true;
    await beat(10);
    expect([push.isConnected, redis.reconnects]).toEqual([true, 0]);
  });

  test('no rejection is unhandled when Redis refuses a subscription', async () => {
    const unhandled: unknown[] = [];
    const note = (reason: unknown) => void unhandled.push(reason);
    process.on('unhandledRejection', note);
    redis.refuses = true;
    await expect(push.attach('channel', () => {})).rejects.toThrow('does not acknowledge');
    await new Promise((resolve) => setImmediate(resolve));
    process.off('unhandledRejection', note);
    expect(unhandled).toEqual([]);
  });
});
