import { uuid } from '@taskflow/client/core';

/**
 * Identifies a request of the user over all of its retries: the same `subject` gets the same UUID until the server has done
 * it. It keeps one subject at a time: another subject gets another id.
 */
export class RequestId {
  readonly #newId: () => string;
  #kept: { subject: string; id: string } | null = null;

  constructor(newId: () => string = uuid) {
    this.#newId = newId;
  }

  of(subject: string): string {
    if (this.#kept?.subject !== subject) this.#kept = { subject, id: this.#newId() };
    return this.#kept.id;
  }

  /** Call when the server has done it, or has refused it for good: the next request gets another id. */
  done(): void {
    this.#kept = null;
  }
}
