/** A person, by whom things are kept apart. */
export interface Person {
  id: string;
  tenant: string;
}

/**
 * What people have written in this tab and not sent, under the id of each: nobody sees or sends what somebody else wrote on
 * the same machine. It lasts until the tab is closed.
 */
export class Kept {
  readonly #page: Pick<Window, 'sessionStorage'>;
  #prefix: string | null = null;

  constructor(page: Pick<Window, 'sessionStorage'>) {
    this.#page = page;
  }

  /** Call as soon as it is known who writes. Before that nothing is read, and nothing is stored. */
  belongsTo({ tenant, id }: Person): void {
    this.#prefix = `taskflow.of.${encodeURIComponent(tenant)}.${encodeURIComponent(id)}.`;
  }

  /** Nothing is stored from now on; what is stored stays for the next time. */
  stop(): void {
    this.#prefix = null;
  }

  /** Null: nothing is stored under this name. */
  read(name: string): string | null {
    try {
      return this.#prefix === null ? null : this.#page.sessionStorage.getItem(this.#prefix + name);
    } catch {
      // Storage can be forbidden; then what was written lasts as long as the page.
      return null;
    }
  }

  /** Null removes it. */
  write(name: string, text: string | null): void {
    if (this.#prefix === null) return;
    try {
      if (text === null) this.#page.sessionStorage.removeItem(this.#prefix + name);
      else this.#page.sessionStorage.setItem(this.#prefix + name, text);
    } catch {
      // As above, or it is full.
    }
  }

  /** The names that begin so and under which something is stored. */
  names(beginning: string): string[] {
    const start = this.#prefix === null ? null : this.#prefix + beginning;
    if (start === null) return [];
    try {
      const { sessionStorage } = this.#page;
      return Array.from({ length: sessionStorage.length }, (_, at) => sessionStorage.key(at) ?? '')
        .filter((key) => key.startsWith(start))
        .map((key) => key.slice(start.length - beginning.length));
    } catch {
      return [];
    }
  }
}
