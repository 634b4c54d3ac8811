import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Presence } from '../../../core/live/presence/presence.ts';

/** The contract suite of every adapter of presence. `create` makes another process on the same store. */
export function describePresence(adapter: string, create: () => Presence): void {
  describe(`presence contract: ${adapter}`, () => {
    let presence: Presence;
    let conversation: string;
    beforeEach(() => {
      presence = create();
      conversation = uuidv7();
    });
    afterEach(() => presence.stop());

    test('somebody is present from the first join to the last leave', async () => {
      expect(await presence.isAnyone(conversation)).toBe(false);
      const [one, two] = [await presence.join(conversation), await presence.join(conversation)];
      one();
      expect(await presence.isAnyone(conversation)).toBe(true);
      two();
      await expect.poll(() => presence.isAnyone(conversation), { interval: 5 }).toBe(false);
    });

    test('leaving is idempotent', async () => {
      const [one] = [await presence.join(conversation), await presence.join(conversation)];
      one();
      one();
      expect(await presence.isAnyone(conversation)).toBe(true);
    });

    test('conversations are independent', async () => {
      await presence.join(conversation);
      expect(await presence.isAnyone(uuidv7())).toBe(false);
    });

    test('the listeners of a process end with it', async () => {
      await presence.join(conversation);
      await presence.stop();
      expect(await presence.isAnyone(conversation)).toBe(false);
    });
  });
}
