/** The encodings that `tokens.ts` can count exactly. */
export const TOKENIZERS = ['o200k_base', 'cl100k_base'] as const;
export type TokenizerName = (typeof TOKENIZERS)[number];

/** A model that a conversation can use. */
export interface Model {
  /** The provider's own id, such as `openai/gpt-4o-mini`. */
  readonly id: string;
  /** For people. */
  readonly name: string;
  /** Who makes it. */
  readonly vendor: string;
  /** Prompt and answer together, in tokens. */
  readonly contextWindow: number;
  /** Absent: its tokens are estimated. */
  readonly tokenizer?: TokenizerName;
  /** The id of the model to try when this one cannot answer; one step, not a chain. */
  readonly fallback?: string;
}
