interface Kept {
  id: string;
  role: string;
  text: string;
  parent: string | null;
  /** When it was visible last. */
  seen: number;
}

/** What a conversation must be, as a plain tree: ids are in the order in which messages were made. */
export class BranchTree {
  readonly #kept = new Map<string, Kept>();
  #clock = 0;
  /** The last message of the visible branch; null: it is empty. */
  leaf: string | null = null;

  all(): Kept[] {
    return [...this.#kept.values()];
  }

  /** Adds a message, which ends the visible branch. */
  add(id: string, role: string, text: string, parent: string | null): void {
    this.#leave();
    this.#kept.set(id, { id, role, text, parent, seen: 0 });
    this.leaf = id;
  }

  /** Shows the branch of a message, and on to what was visible last. */
  select(id: string): void {
    if (this.visible().includes(id)) return;
    this.#leave();
    let at = id;
    for (;;) {
      const next = this.#childrenOf(at).sort(
        (one, other) => other.seen - one.seen || (one.id < other.id ? 1 : -1),
      )[0];
      if (!next) break;
      at = next.id;
    }
    this.leaf = at;
  }

  /** The ids of the visible branch, from the first one. */
  visible(): string[] {
    const path: string[] = [];
    for (let at = this.leaf; at !== null; at = this.#of(at).parent) path.unshift(at);
    return path;
  }

  questionOf(id: string): string | null {
    let at: string | null = id;
    while (at !== null && this.#of(at).role !== 'USER') at = this.#of(at).parent;
    return at;
  }

  branchOf(id: string): { index: number; count: number; previousId: string | null; nextId: string | null } {
    const ids = this.#childrenOf(this.#of(id).parent)
      .map((child) => child.id)
      .sort();
    const index = ids.indexOf(id);
    return { index, count: ids.length, previousId: ids[index - 1] ?? null, nextId: ids[index + 1] ?? null };
  }

  textOf(id: string | null): string | null {
    return id === null ? null : this.#of(id).text;
  }

  #leave(): void {
    this.#clock += 1;
    for (const id of this.visible()) this.#of(id).seen = this.#clock;
  }

  #childrenOf(parent: string | null): Kept[] {
    return this.all().filter((one) => one.parent === parent);
  }

  #of(id: string): Kept {
    const found = this.#kept.get(id);
    if (!found) throw new Error(`the tree has no message ${id}`);
    return found;
  }
}
