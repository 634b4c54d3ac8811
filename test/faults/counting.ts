import { expect } from 'vitest';
import type { FaithfulListener } from './faithful-listener.ts';
import { count, type Platform, type RemovableRedis } from './platform.ts';

/** An answer that counts and is being spoken, and its listener. */
export interface Counting {
  id: string;
  listener: FaithfulListener;
  turnId: string;
  whole: string;
}

/** Starts an answer of `words` words in a new conversation, or in `id`, and resolves once its beginning is heard. */
export async function counting<R extends RemovableRedis>(
  platform: Platform<R>,
  name: string,
  words = 200,
): Promise<Counting> {
  const { id, listener } = await platform.conversation();
  const { turnId } = await platform.send(id, `Count ${name} to ${words}`);
  await listener.heard((event) => event.turnId === turnId && event.__typename === 'TurnTextAdded');
  return { id, listener, turnId, whole: count(name, words) };
}

/** The same, repeated until the message is accepted: while a store fails over, a call may be refused as unavailable. */
export async function countingWhenAccepted<R extends RemovableRedis>(
  platform: Platform<R>,
  name: string,
  words: number,
): Promise<Counting> {
  while (true) {
    try {
      return await counting(platform, name, words);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

/** Expects that the answer is heard to its end and stored complete, and that nothing was lost or heard twice. */
export async function isWhole<R extends RemovableRedis>(
  platform: Platform<R>,
  { id, listener, turnId, whole }: Counting,
  mostResets = 1,
): Promise<void> {
  await listener.ended(turnId);
  expect(await platform.stored(id, turnId)).toMatchObject({ content: whole, status: 'COMPLETED' });
  expect(listener.faults).toEqual([]);
  expect(listener.resets).toBeLessThanOrEqual(mostResets);
}
