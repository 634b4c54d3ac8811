/** The encodings that `tokens.ts` can count exactly. */
export const TOKENIZERS = ['o200k_base', 'cl100k_base'] as const;
export type TokenizerName = (typeof TOKENIZERS)[number];

/** A model that a conversation can use. */
export interface Model {
  /** The provider's own id, such as `openai/gpt-4o-mini`. */
  readonly id: string;
  /** The name to show. */
  readonly name: string;
  /** The name of its maker. */
  readonly vendor: string;
  /** Prompt and answer together, in tokens. */
  readonly contextWindow: number;
  /** True if neither the server nor a setting states the context window: then it is {@link ASSUMED_CONTEXT}. */
  readonly isContextAssumed?: boolean;
  /** Absent: its tokens are estimated. */
  readonly tokenizer?: TokenizerName;
  /** The id of the model to try when this one cannot answer; one step, not a chain. */
  readonly fallback?: string;
}

/**
 * The context window of an unknown model, in tokens. Few servers serve less. If one serves more, the oldest messages of a
 * long conversation are left out earlier than necessary, and nothing fails.
 */
export const ASSUMED_CONTEXT = 8_192;

/** A model that is known only by its id. */
export function assumedModel(id: string, vendor: string, contextWindow?: number): Model {
  const window = contextWindow ?? ASSUMED_CONTEXT;
  return {
    ...{ id, name: id, vendor, contextWindow: window },
    ...(contextWindow === undefined && { isContextAssumed: true }),
  };
}
