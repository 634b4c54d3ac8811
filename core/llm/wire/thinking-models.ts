/**
 * Models whose templates open the thoughts themselves, by their names: DeepSeek R1 and its distillates, QwQ, Qwen's thinking
 * ones and Qwen 3.5 and later, MiniMax M, Nemotron 3. Most servers part the thoughts of these; this is for those that do not.
 */
const OPEN_THINKING = /\br1\b|\bqwq\b|[-_:]thinking\b|qwen-?3\.[5-9]|minimax-m\d|nemotron-?3/i;

/** Which models begin their text with thoughts and no opening tag: by their names until one of their answers has shown it. */
export class ThinkingModels {
  readonly #shown = new Map<string, boolean>();

  opensThinking(model: string): boolean {
    return this.#shown.get(model) ?? OPEN_THINKING.test(model);
  }

  /** `opensThinking`: whether an answer of the model did. */
  show(model: string, opensThinking: boolean): void {
    if (this.#shown.size >= MOST && !this.#shown.has(model)) this.#shown.clear();
    this.#shown.set(model, opensThinking);
  }
}

/** Models, of which a server may have thousands. */
const MOST = 1_000;
