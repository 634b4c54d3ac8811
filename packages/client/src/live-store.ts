import { Listeners } from './listeners.ts';
import { isOpen, type LiveState } from './live-state.ts';

/** How much of a turn's text is on the screen, in UTF-16 code units. */
export interface Seen {
  turnId: string;
  offset: number;
}

/** Calls back before the next paint; returns a function that cancels this. */
export type Schedule = (callback: () => void) => () => void;

/** How often there is a paint where there are no frames, as in Node. */
const FRAME_MS = 16;

/** A {@link Schedule} of animation frames. While the page is hidden, there are no frames, and no user to see them. */
const byFrame: Schedule = (callback) => {
  if (typeof requestAnimationFrame === 'undefined') {
    const timer = setTimeout(callback, FRAME_MS);
    return () => clearTimeout(timer);
  }
  const frame = requestAnimationFrame(callback);
  return () => cancelAnimationFrame(frame);
};

/**
 * Holds a conversation's live state for `useSyncExternalStore`. Writers see their writes at once (`latest`); readers see
 * them once per frame, however many tokens arrive in between; urgent writes they see at once.
 */
export class LiveStore {
  #latest: LiveState | null = null;
  #published: LiveState | null = null;
  #held: Seen | null = null;
  #cancel: (() => void) | null = null;
  readonly #listeners = new Listeners();
  readonly #schedule: Schedule;

  constructor(schedule: Schedule = byFrame) {
    this.#schedule = schedule;
  }

  /** Null until the conversation has been loaded. */
  get latest(): LiveState | null {
    return this.#latest;
  }

  readonly getSnapshot = (): LiveState | null => this.#published;

  readonly subscribe = this.#listeners.add;

  /** Readers see it with the next frame; when `urgent`, now. */
  set(state: LiveState | null, urgent: boolean): void {
    this.#latest = state;
    if (urgent) this.#publish();
    else this.#cancel ??= this.#schedule(() => this.#publish());
  }

  /**
   * What readers see of the answer being spoken; null when none is. They see no more of it until it has ended or is
   * released: call it when the user cuts in.
   */
  hold(): Seen | null {
    const turn = this.#published?.turn ?? null;
    this.#held = isOpen(turn) ? { turnId: turn.id, offset: turn.text.length } : null;
    return this.#held;
  }

  /** Readers see the whole answer again: it was not cut off. Only what the last {@link hold} returned has an effect. */
  release(seen: Seen | null): void {
    if (seen === null || seen !== this.#held) return;
    this.#held = null;
    this.set(this.#latest, true);
  }

  /**
   * Runs an action that cuts off the answer being spoken, with what readers see of it. They see no more of it, unless the
   * action resolves to false: it was refused.
   */
  async cutIn(act: (seen: Seen | null) => Promise<boolean>): Promise<void> {
    const seen = this.hold();
    if (!(await act(seen))) this.release(seen);
  }

  /** Cancels a pending frame. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #publish(): void {
    this.stop();
    const shown = upTo(this.#held, this.#latest);
    if (this.#published === shown) return;
    this.#published = shown;
    this.#listeners.notify();
  }
}

/** The state with no more of the turn's text than was seen, until the turn has ended. */
function upTo(seen: Seen | null, state: LiveState | null): LiveState | null {
  const turn = state?.turn ?? null;
  if (!state || !isOpen(turn) || turn.id !== seen?.turnId) return state;
  return { ...state, turn: { ...turn, text: turn.text.slice(0, seen.offset) } };
}
