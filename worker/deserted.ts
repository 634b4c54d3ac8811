import type { Presence } from '../core/live/presence/presence.ts';

/** From when the last listener left to when the rest of a turn is spoken at once, in milliseconds: longer than a reconnect. */
export const DESERTED_AFTER_MS = 10_000;
/** Time between two looks, in milliseconds. */
const LOOK_EVERY_MS = 1_000;

/**
 * Calls back once when every look of {@link DESERTED_AFTER_MS} has found no listener. While presence is unavailable, a
 * conversation counts as listened to. Returns a function that stops looking.
 */
export function onDeserted(
  presence: Pick<Presence, 'isAnyone'>,
  conversationId: string,
  act: () => void,
): () => void {
  /** Looks that have found no listener since the last that has. */
  let deserted = 0;
  let isLooking = false;
  const look = async () => {
    if (isLooking) return;
    isLooking = true;
    const isAnyone = await presence.isAnyone(conversationId).catch(() => true);
    isLooking = false;
    deserted = isAnyone ? 0 : deserted + 1;
    if (deserted <= DESERTED_AFTER_MS / LOOK_EVERY_MS) return;
    clearInterval(timer);
    act();
  };
  const timer = setInterval(() => void look(), LOOK_EVERY_MS);
  void look();
  return () => clearInterval(timer);
}
