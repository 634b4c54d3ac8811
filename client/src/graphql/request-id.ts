import { uuid } from './uuid.ts';

/**
 * Identifies what the user asks for once, over every retry of it: the same `subject` gets the same UUID until the server
 * has done it. One thing at a time: another subject gets another id.
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

  /** The server has done it, or has said that it never will: the next request is another one. */
  done(): void {
    this.#kept = null;
  }
}
