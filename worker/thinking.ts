/** The shortest time between two TurnThinking of a turn, in milliseconds. */
const THINKING_EVERY_MS = 1_000;

export interface ThinkingOptions {
  /** A monotonic clock, in milliseconds. */
  now: () => number;
  /** Publishes how long the model has thought, in seconds to a tenth. Its outcome is not awaited. */
  publish: (seconds: number) => Promise<unknown>;
  /** Called with the error when it could not be published. */
  onFault: (error: unknown) => void;
}

/** Publishes how long a turn's model has been thinking: at once when it begins, then at most once a second. */
export class Thinking {
  readonly #options: ThinkingOptions;
  #since: number | null = null;
  #publishedAt = Number.NEGATIVE_INFINITY;
  /** At most one publication waits for a slow feed. */
  #isPublishing = false;

  constructor(options: ThinkingOptions) {
    this.#options = options;
  }

  /** A piece of thought has arrived. `isSilent`: all text of the model has been spoken. Before that nothing is published. */
  hear(isSilent: boolean): void {
    const at = this.#options.now();
    this.#since ??= at;
    if (!isSilent || this.#isPublishing || at - this.#publishedAt < THINKING_EVERY_MS) return;
    this.#publishedAt = at;
    void this.#publish(Math.round((at - this.#since) / 100) / 10);
  }

  /** The model has produced text: its next thinking counts from 0. */
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
