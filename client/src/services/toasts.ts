/** A short word to the user about something that did not work. */
export interface Toast {
  id: number;
  text: string;
}

const SHOWN_MS = 6_000;
const KEPT = 3;

/** The toasts on show, oldest first, at most three; each leaves by itself after 6 s. */
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

  /** Shows `text`. */
  show(text: string): void {
    const toast = { id: this.#nextId++, text };
    this.#set([...this.#toasts, toast].slice(-KEPT));
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      this.dismiss(toast.id);
    }, SHOWN_MS);
    this.#timers.add(timer);
  }

  /** Takes a toast away before its time. */
  dismiss(id: number): void {
    this.#set(this.#toasts.filter((it) => it.id !== id));
  }

  /** Forgets everything pending. */
  stop(): void {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
  }

  #set(toasts: readonly Toast[]): void {
    this.#toasts = toasts;
    for (const listener of this.#listeners) listener();
  }
}
