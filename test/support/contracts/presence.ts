import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Presence } from '../../../core/live/presence/presence.ts';

/** What every adapter of presence promises. `create` makes one more process on the same store. */
export function describePresence(adapter: string, create: () => Presence): void {
  describe(`presence contract: ${adapter}`, () => {
    let presence: Presence;
    let conversation: string;
    beforeEach(() => {
      presence = create();
      conversation = uuidv7();
    });
    afterEach(() => presence.stop());

    test('somebody is there from the first that joins to the last that leaves', async () => {
      expect(await presence.isAnyone(conversation)).toBe(false);
      const [one, two] = [await presence.join(conversation), await presence.join(conversation)];
      one();
      expect(await presence.isAnyone(conversation)).toBe(true);
      two();
      await expect.poll(() => presence.isAnyone(conversation), { interval: 5 }).toBe(false);
    });

    test('leaving twice counts once', async () => {
      const [one] = [await presence.join(conversation), await presence.join(conversation)];
      one();
      one();
      expect(await presence.isAnyone(conversation)).toBe(true);
    });

    test('one conversation is not another', async () => {
      await presence.join(conversation);
      expect(await presence.isAnyone(uuidv7())).toBe(false);
    });

    test('a process that stops takes its listeners with it', async () => {
      await presence.join(conversation);
      await presence.stop();
      expect(await presence.isAnyone(conversation)).toBe(false);
    });
  });
}
