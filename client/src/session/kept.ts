/** A person, by whom things are kept apart. */
export interface Person {
  id: string;
  tenant: string;
}

/**
 * What people have written in this tab and not sent, under the id of each: no user sees or sends what another
 * wrote on the same machine. It lasts until the tab is closed.
 */
export class Kept {
  readonly #page: Pick<Window, 'sessionStorage'>;
  #prefix: string | null = null;
  #isOver = false;

  constructor(page: Pick<Window, 'sessionStorage'>) {
    this.#page = page;
  }

  /**
   * Call as soon as it is known who writes. Before that nothing is read, and nothing is stored. What a guest has left to
   * this person is theirs from now on.
   */
  belongsTo({ tenant, id }: Person): void {
    this.#prefix = `taskflow.of.${encodeURIComponent(tenant)}.${encodeURIComponent(id)}.`;
    this.#storage((storage) => this.#inherit(storage));
  }

  /** Leaves what is stored to the next person who signs in in this tab; or does not, after all. */
  leaveToNext(isLeft: boolean): void {
    const prefix = this.#prefix;
    this.#storage((storage) => {
      if (isLeft && prefix !== null) storage.setItem(LEFT, prefix);
      else storage.removeItem(LEFT);
    });
  }

  /** Nothing is stored from now on; what is stored stays for the next time. */
  stop(): void {
    this.#isOver = true;
  }

  /** Null: nothing is stored under this name. */
  read(name: string): string | null {
    const prefix = this.#prefix;
    return (prefix !== null && this.#storage((storage) => storage.getItem(prefix + name))) || null;
  }

  /** Null removes it. */
  write(name: string, text: string | null): void {
    const prefix = this.#prefix;
    if (prefix === null) return;
    this.#storage((storage) => {
      if (text === null) storage.removeItem(prefix + name);
      else storage.setItem(prefix + name, text);
    });
  }

  /** The names that begin so and under which something is stored. */
  names(beginning: string): string[] {
    const prefix = this.#prefix;
    if (prefix === null) return [];
    const keys = this.#storage((storage) => keysOf(storage, prefix + beginning)) ?? [];
    return keys.map((key) => key.slice(prefix.length));
  }

  #inherit(storage: Storage): void {
    const left = storage.getItem(LEFT);
    storage.removeItem(LEFT);
    // They may have come back from a provider as who they were.
    if (left === null || left === this.#prefix) return;
    for (const key of keysOf(storage, left)) {
      storage.setItem(this.#prefix + key.slice(left.length), storage.getItem(key) ?? '');
      storage.removeItem(key);
    }
  }

  /** Storage can be forbidden, or full; then what was written lasts as long as the page. */
  #storage<T>(use: (storage: Storage) => T): T | undefined {
    if (this.#isOver) return undefined;
    try {
      return use(this.#page.sessionStorage);
    } catch {
      return undefined;
    }
  }
}

/** Whose things are left to the next person. */
const LEFT = 'taskflow.left-to-next';

function keysOf(storage: Storage, beginning: string): string[] {
  const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '');
  return keys.filter((key) => key.startsWith(beginning));
}
