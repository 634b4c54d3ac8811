import { completedLength } from '../core/speech/sentences.ts';

export interface SentenceEndOptions {
  /** Whether a message waits for the end of the turn's sentence, by the conversation's row. */
  waits: () => Promise<boolean>;
  /** What has been spoken. */
  spoken: () => string;
  /** Cuts the turn off for the messages that wait. Resolves to false when none does any more. */
  end: () => Promise<boolean>;
}

/** Speaks a piece of text. Resolves to false when the turn may no longer be spoken. */
type Say = (text: string, tokens: number) => Promise<boolean>;

/** Ends a turn at the end of the sentence that it is speaking, once a message waits for that. */
export class SentenceEnd {
  readonly #options: SentenceEndOptions;
  #isAwaited = false;
  /** Whether words are on their way to the feed: the end is looked for after them. */
  #isSpeaking = false;

  constructor(options: SentenceEndOptions) {
    this.#options = options;
  }

  /** From now on a message waits. */
  await(): void {
    this.#isAwaited = true;
  }

  /** Looks whether a message waits, and ends the turn at once if it is between two sentences. */
  async look(): Promise<void> {
    if (!(await this.#options.waits())) return;
    this.#isAwaited = true;
    if (!this.#isSpeaking && isBetweenSentences(this.#options.spoken())) await this.#end();
  }

  /** Speaks with `say`, until a sentence ends while a message waits for that. */
  within(say: Say): Say {
    return async (text, tokens) => {
      this.#isSpeaking = true;
      try {
        const end = this.#isAwaited ? this.#endIn(text) : 0;
        if (end === 0) {
          if (!(await say(text, tokens))) return false;
          return !(this.#isAwaited && isBetweenSentences(this.#options.spoken()) && (await this.#end()));
        }
        if (!(await say(text.slice(0, end), tokens))) return false;
        if (await this.#end()) return false;
        return end === text.length || (await say(text.slice(end), 0));
      } finally {
        this.#isSpeaking = false;
      }
    };
  }

  /** The length of `text` up to the end of the last sentence that ends in it; 0 if none does. */
  #endIn(text: string): number {
    const spoken = this.#options.spoken();
    const whole = spoken + text;
    const end = isBetweenSentences(whole) ? whole.length : completedLength(whole);
    return Math.max(0, end - spoken.length);
  }

  async #end(): Promise<boolean> {
    const isOver = await this.#options.end();
    this.#isAwaited = isOver;
    return isOver;
  }
}

function isBetweenSentences(text: string): boolean {
  return text.slice(completedLength(text)).trim() === '';
}
