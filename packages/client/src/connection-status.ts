import { Listeners } from './listeners.ts';

/** `online`: connected, or disconnected for less than a second. `reconnecting`: disconnected for longer, and trying. */
export type ConnectionState = 'online' | 'reconnecting';

/** Shorter interruptions are not shown. */
const QUIET_MS = 1_000;

/** The state of the connection as the user sees it: a store for `useSyncExternalStore`. */
export class ConnectionStatus {
  #state: ConnectionState = 'online';
  #timer: ReturnType<typeof setTimeout> | undefined;
  readonly #listeners = new Listeners();

  readonly getSnapshot = (): ConnectionState => this.#state;

  readonly subscribe = this.#listeners.add;

  /** Call when the connection is established. */
  up(): void {
    this.stop();
    this.#set('online');
  }

  /** Call when the connection is lost or an attempt begins. Another call does not restart the second. */
  down(): void {
    this.#timer ??= setTimeout(() => this.#set('reconnecting'), QUIET_MS);
  }

  /** Clears a pending change. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #set(state: ConnectionState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#listeners.notify();
  }
}
