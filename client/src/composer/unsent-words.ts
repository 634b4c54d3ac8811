/** A message that waits. `place`: how many came before it. */
interface Waiting {
  place: number;
  text: string;
}

/**
 * What is written on the start page: the messages that wait for their conversation to be created, and the text in the box.
 * All of it is one draft until the conversation exists, so that neither a failure nor a reload loses a word.
 */
export class UnsentWords {
  readonly waiting: readonly Waiting[];
  readonly text: string;

  /** Words as they are written: those in the box alone. */
  constructor(text: string, waiting: readonly Waiting[] = []) {
    this.text = text;
    this.waiting = waiting;
  }

  write(text: string): UnsentWords {
    return new UnsentWords(text, this.waiting);
  }

  /** Sends a message; the box is emptied only if it is what stands there. */
  send(message: string): UnsentWords {
    const added = { place: this.waiting.length, text: message };
    return new UnsentWords(message === this.text ? '' : this.text, [...this.waiting, added]);
  }

  /** Everything back in the box, in the order in which it was written. */
  putBack(): UnsentWords {
    return new UnsentWords(this.draft);
  }

  get draft(): string {
    return [...this.waiting.map(({ text }) => text), this.text].filter((words) => words !== '').join('\n');
  }
}
