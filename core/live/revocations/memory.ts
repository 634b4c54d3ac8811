import type { Revocation, Revocations } from './revocations.ts';

/** {@link Revocations} within a single process. */
export class MemoryRevocations implements Revocations {
  readonly #listeners = new Set<(revocation: Revocation) => void>();

  async publish(revocation: Revocation): Promise<void> {
    for (const onRevoked of [...this.#listeners]) onRevoked(revocation);
  }

  listen(onRevoked: (revocation: Revocation) => void): () => void {
    // A function of its own, so that the same one may listen twice.
    const listener = (revocation: Revocation) => onRevoked(revocation);
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
