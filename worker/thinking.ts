/** The shortest time between two TurnThinking of a turn, in milliseconds. */
export const THINKING_EVERY_MS = 1_000;

export interface ThinkingOptions {
  /** Milliseconds of any steady clock. */
  now: () => number;
  /** Publishes that the model has thought for so long, in seconds to a tenth. What becomes of it is not waited for. */
  publish: (seconds: number) => Promise<unknown>;
  /** Told why it could not be published. */
  onFault: (error: unknown) => void;
}

/** How long a turn's model has been thinking, published now and then: at once when it begins, then at most once a second. */
export class Thinking {
  readonly #options: ThinkingOptions;
  #since: number | null = null;
  #publishedAt = Number.NEGATIVE_INFINITY;
  /** A slow feed has at most one waiting. */
  #isPublishing = false;

  constructor(options: ThinkingOptions) {
    this.#options = options;
  }

  /** A piece of thought has come. `isSilent`: all that the model has said was spoken; until then the listeners have that to hear. */
  hear(isSilent: boolean): void {
    const at = this.#options.now();
    this.#since ??= at;
    if (!isSilent || this.#isPublishing || at - this.#publishedAt < THINKING_EVERY_MS) return;
    this.#publishedAt = at;
    void this.#publish(Math.round((at - this.#since) / 100) / 10);
  }

  /** The model says something: when it thinks again, that is a new beginning. */
  end(): void {
    this.#since = null;
  }

  async #publish(seconds: number): Promise<void> {
    this.#isPublishing = true;
    try {
      await this.#options.publish(seconds);
    } catch (error) {
      this.#options.onFault(error);
    } finally {
      this.#isPublishing = false;
    }
  }
}
