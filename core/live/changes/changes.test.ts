import { expect, test } from 'vitest';
import { describeOnRedis } from '../../../test/support/on-redis.ts';
import { LivePush } from '../push/live-push.ts';
import type { ConversationChange, ConversationChanges } from './conversation-changes.ts';
import { MemoryChanges } from './memory.ts';
import { RedisChanges } from './redis.ts';

/** What every adapter of {@link ConversationChanges} does. */
function describeChanges(name: string, open: () => { changes: ConversationChanges; stop(): Promise<void> }) {
  test(`changes of an owner are heard by that owner alone, in the same tenant: ${name}`, async () => {
    const { changes, stop } = open();
    const ann = { owner: 'ann', tenant: 'acme' };
    const others = [
      { owner: 'ann', tenant: 'default' },
      { owner: 'acme/ann', tenant: 'default' },
      { owner: 'bob', tenant: 'acme' },
    ];
    const [mine, ...theirs] = [ann, ...others].map((owner) => changes.subscribe(owner));
    const heardBy = theirs.map((listener) => listener.next());
    const change: ConversationChange = { kind: 'UPDATED', conversationId: 'c1' };
    const heard = mine?.next();
    // A listener hears what is published once Redis has acknowledged it.
    const publishing = setInterval(() => void changes.publish(ann, change), 20);
    expect(await heard).toEqual({ done: false, value: change });
    clearInterval(publishing);
    const own: ConversationChange = { kind: 'UPDATED', conversationId: 'theirs' };
    for (const [i, other] of others.entries()) {
      const repeating = setInterval(() => void changes.publish(other, own), 20);
      expect(await heardBy[i]).toEqual({ done: false, value: own });
      clearInterval(repeating);
    }
    await stop();
  });
}

describeChanges('within a process', () => {
  const changes = new MemoryChanges();
  return { changes, stop: () => changes.stop() };
});

await describeOnRedis('changes', ({ redis, prefix }) => {
  describeChanges('Redis', () => {
    const subscriber = redis.duplicate();
    const push = new LivePush(redis, subscriber);
    const changes = new RedisChanges({ redis, push, prefix });
    const stop = async () => {
      await changes.stop();
      push.stop();
      await subscriber.quit();
    };
    return { changes, stop };
  });
});
