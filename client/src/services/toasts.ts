import type { Phrases } from '../language/phrase.ts';

/** A short message to the user about something that failed. */
export interface Toast {
  id: number;
  said: Phrases;
}

const SHOWN_MS = 6_000;
const KEPT = 3;

/** The visible toasts, oldest first, at most three; each disappears after 6 s. */
export class Toasts {
  #toasts: readonly Toast[] = [];
  #nextId = 1;
  readonly #timers = new Set<ReturnType<typeof setTimeout>>();
  readonly #listeners = new Set<() => void>();

  readonly getSnapshot = (): readonly Toast[] => this.#toasts;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  show(said: Phrases): void {
    const toast = { id: this.#nextId++, said };
    this.#set([...this.#toasts, toast].slice(-KEPT));
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.dismiss(toast.id);
    }, SHOWN_MS);
    this.#timers.add(timer);
  }

  /** Removes a toast. */
  dismiss(id: number): void {
    this.#set(this.#toasts.filter((it) => it.id !== id));
  }

  /** Clears the pending timers. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #set(toasts: readonly Toast[]): void {
    this.#toasts = toasts;
    for (const listener of this.#listeners) listener();
  }
}
