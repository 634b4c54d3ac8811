/** `online`: connected, or away for less than a second. `reconnecting`: away for longer, and trying. */
export type ConnectionState = 'online' | 'reconnecting';

/** Shorter absences are nobody's business. */
const QUIET_MS = 1_000;

/** What the user is told about the connection: a store for `useSyncExternalStore`. */
export class ConnectionStatus {
  #state: ConnectionState = 'online';
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Set<() => void>();

  readonly getSnapshot = (): ConnectionState => this.#state;

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** The connection is there. */
  up(): void {
    this.stop();
    this.#set('online');
  }

  /** The connection is not there (yet); saying so again does not start the second anew. */
  down(): void {
    this.#timer ??= setTimeout(() => this.#set('reconnecting'), QUIET_MS);
  }

  /** Forgets a pending change. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #set(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    for (const listener of this.#listeners) listener();
  }
}
