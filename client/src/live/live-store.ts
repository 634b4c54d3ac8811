import type { LiveState } from './live-state.ts';

/** Calls back before the next paint; returns a function that cancels this. */
export type Schedule = (callback: () => void) => () => void;

/** A {@link Schedule} of animation frames. While the page is hidden, there are no frames, and no user to see them. */
const byAnimationFrame: Schedule = (callback) => {
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
  #cancel: (() => void) | null = null;
  readonly #listeners = new Set<() => void>();
  readonly #schedule: Schedule;

  constructor(schedule: Schedule = byAnimationFrame) {
    this.#schedule = schedule;
  }

  /** Null until the conversation has been loaded. */
  get latest(): LiveState | null {
    return this.#latest;
  }

  readonly getSnapshot = (): LiveState | null => this.#published;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** Readers see it with the next frame; when `urgent`, now. */
  set(state: LiveState | null, urgent: boolean): void {
    this.#latest = state;
    if (urgent) this.#publish();
    else this.#cancel ??= this.#schedule(() => this.#publish());
  }

  /** Cancels a pending frame. */
  stop(): void {
    this.#cancel?.();
    this.#cancel = null;
  }

  #publish(): void {
    this.stop();
    if (this.#published === this.#latest) return;
    this.#published = this.#latest;
    for (const listener of this.#listeners) listener();
  }
}
