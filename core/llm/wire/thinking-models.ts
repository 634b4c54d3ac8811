/**
 * Names of models whose templates write the opening tag of the thoughts: DeepSeek R1 and its distillates, QwQ, Qwen's
 * thinking models and Qwen 3.5 and later, MiniMax M, Nemotron 3. Most servers separate their thoughts; some do not.
 */
const OPEN_THINKING = /\br1\b|\bqwq\b|[-_:]thinking\b|qwen-?3\.[5-9]|minimax-m\d|nemotron-?3/i;

/** Which models begin their text with thoughts without an opening tag: by name, until one of their answers shows it. */
export class ThinkingModels {
  readonly #shown = new Map<string, boolean>();

  opensThinking(model: string): boolean {
    return this.#shown.get(model) ?? OPEN_THINKING.test(model);
  }

  /** Records whether an answer of the model began with thoughts without an opening tag. */
  show(model: string, opensThinking: boolean): void {
    if (this.#shown.size >= MOST && !this.#shown.has(model)) this.#shown.clear();
    this.#shown.set(model, opensThinking);
  }
}

/** The most models that are remembered; a server may have thousands. */
const MOST = 1_000;
