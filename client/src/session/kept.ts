/** A person, by whom things are kept apart. */
export interface Person {
  id: string;
  tenant: string;
}

/** The storages of a page. */
type Storages = Pick<Window, 'localStorage' | 'sessionStorage'>;

/** The beginnings of the names of what is kept over tabs and restarts of the browser. */
const LASTING = ['draft.', 'outbox.'];

/**
 * What people have written and not sent, under the id of each: no user sees or sends what another wrote on the same machine.
 * It is there in every tab, and after a restart. Once the person signs out, it lasts until the tab is closed.
 */
export class Kept {
  readonly #page: Storages;
  #prefix: string | null = null;
  #isOver = false;

  constructor(page: Storages) {
    this.#page = page;
  }

  /**
   * Call as soon as it is known who writes. Before that nothing is read, and nothing is stored. What a guest has left to
   * this person is theirs from now on.
   */
  belongsTo({ tenant, id }: Person): void {
    this.#prefix = `taskflow.of.${encodeURIComponent(tenant)}.${encodeURIComponent(id)}.`;
    this.#inherit();
    for (const lasting of this.#lasting())
      this.#inTab((storage) => this.#inBrowser((lastingIn) => move(lasting, storage, lastingIn)));
  }

  /** Leaves what is stored to the next person who signs in in this tab; or does not, after all. */
  leaveToNext(isLeft: boolean): void {
    const prefix = this.#prefix;
    this.#inTab((storage) => {
      if (isLeft && prefix !== null) storage.setItem(LEFT, prefix);
      else storage.removeItem(LEFT);
    });
  }

  /** Nothing is stored from now on; what is stored stays for the next time. */
  stop(): void {
    this.#isOver = true;
  }

  /** Call when the person has signed out: what would outlast this tab is left to it. */
  withdraw(): void {
    for (const lasting of this.#lasting())
      used(() => move(lasting, this.#page.localStorage, this.#page.sessionStorage));
  }

  /** Null: nothing is stored under this name. */
  read(name: string): string | null {
    const prefix = this.#prefix;
    return (prefix !== null && this.#in(name, (storage) => storage.getItem(prefix + name))) || null;
  }

  /** Null removes it. */
  write(name: string, text: string | null): void {
    const prefix = this.#prefix;
    if (prefix === null) return;
    this.#in(name, (storage) => {
      if (text === null) storage.removeItem(prefix + name);
      else storage.setItem(prefix + name, text);
    });
  }

  /** The names that begin so and under which something is stored. */
  names(beginning: string): string[] {
    const prefix = this.#prefix;
    if (prefix === null) return [];
    const keys = this.#in(beginning, (storage) => keysOf(storage, prefix + beginning)) ?? [];
    return keys.map((key) => key.slice(prefix.length));
  }

  #inherit(): void {
    const left = this.#inTab((storage) => storage.getItem(LEFT)) ?? null;
    this.#inTab((storage) => storage.removeItem(LEFT));
    // They may have come back from a provider as who they were.
    if (left === null || left === this.#prefix) return;
    for (const use of [this.#inTab, this.#inBrowser])
      use((storage) => rename(storage, left, String(this.#prefix)));
  }

  /** The beginnings of the keys of what this person keeps. */
  #lasting(): string[] {
    const prefix = this.#prefix;
    return prefix === null ? [] : LASTING.map((name) => prefix + name);
  }

  #in<T>(name: string, use: (storage: Storage) => T): T | undefined {
    return LASTING.some((beginning) => name.startsWith(beginning)) ? this.#inBrowser(use) : this.#inTab(use);
  }

  readonly #inTab = <T>(use: (storage: Storage) => T): T | undefined =>
    this.#isOver ? undefined : used(() => use(this.#page.sessionStorage));

  readonly #inBrowser = <T>(use: (storage: Storage) => T): T | undefined =>
    this.#isOver ? undefined : used(() => use(this.#page.localStorage));
}

/** Storage can be forbidden, or full; then what was written lasts as long as the page. */
function used<T>(use: () => T): T | undefined {
  try {
    return use();
  } catch {
    return undefined;
  }
}

function move(beginning: string, from: Storage, to: Storage): void {
  for (const key of keysOf(from, beginning)) {
    const text = from.getItem(key) ?? '';
    from.removeItem(key);
    to.setItem(key, text);
  }
}

function rename(storage: Storage, before: string, after: string): void {
  for (const key of keysOf(storage, before)) {
    storage.setItem(after + key.slice(before.length), storage.getItem(key) ?? '');
    storage.removeItem(key);
  }
}

/** Whose things are left to the next person. */
const LEFT = 'taskflow.left-to-next';

function keysOf(storage: Storage, beginning: string): string[] {
  const keys = Array.from({ length: storage.length }, (_, at) => storage.key(at) ?? '');
  return keys.filter((key) => key.startsWith(beginning));
}
