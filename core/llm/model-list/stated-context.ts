import { fieldsIn, type ListEntry, tokensIn } from './list-entry.ts';

/**
 * The context length that a list's entry states, in tokens: vLLM and SGLang (`max_model_len`), Groq (`context_window`),
 * Mistral (`max_context_length`), Anthropic (`max_input_tokens`), OpenRouter and Together (`context_length`) and newer
 * llama.cpp servers (`meta.n_ctx`). If OpenRouter's first provider serves less than the model's length, that is returned.
 */
export function statedContext(entry: ListEntry): number | undefined {
  // LM Studio lists the model's own length, so only the loaded one counts.
  if (entry.state !== undefined) return tokensIn(entry.loaded_context_length);
  const stated = FIELDS.map((field) => tokensIn(entry[field])).find((tokens) => tokens !== undefined);
  const first = tokensIn(fieldsIn(entry.top_provider).context_length);
  if (stated !== undefined) return Math.min(stated, first ?? stated);
  return first ?? tokensIn(fieldsIn(entry.meta).n_ctx);
}

const FIELDS = [
  'max_model_len',
  'loaded_context_length',
  'context_window',
  'context_length',
  'max_context_length',
  'max_input_tokens',
];
