import type { Model } from './model.ts';

/** The model without a key: the script of packages/demo-model. Its context window is that of most models. */
export const DEMO_MODEL: Model = {
  id: 'demo',
  name: 'Demo',
  vendor: 'TaskFlow',
  contextWindow: 128_000,
};

/**
 * The models that are offered without a MODELS_FILE, by their OpenRouter ids. Context windows are those of OpenRouter's
 * model list (October 2025); they are upper bounds, as a provider behind OpenRouter may offer less.
 * A fallback is of the same vendor if possible, so that the style of a conversation changes as little as possible.
 */
export const BUILT_IN_MODELS: readonly Model[] = [
  {
    id: 'openai/gpt-4o-mini',
    name: 'GPT-4o mini',
    vendor: 'OpenAI',
    contextWindow: 128_000,
    tokenizer: 'o200k_base',
    fallback: 'openai/gpt-4.1-mini',
  },
  {
    id: 'openai/gpt-4o',
    name: 'GPT-4o',
    vendor: 'OpenAI',
    contextWindow: 128_000,
    tokenizer: 'o200k_base',
    fallback: 'openai/gpt-4o-mini',
  },
  {
    id: 'openai/gpt-4.1',
    name: 'GPT-4.1',
    vendor: 'OpenAI',
    contextWindow: 1_047_576,
    tokenizer: 'o200k_base',
    fallback: 'openai/gpt-4o',
  },
  {
    id: 'openai/gpt-4.1-mini',
    name: 'GPT-4.1 mini',
    vendor: 'OpenAI',
    contextWindow: 1_047_576,
    tokenizer: 'o200k_base',
    fallback: 'openai/gpt-4o-mini',
  },
  {
    id: 'google/gemini-2.5-flash',
    name: 'Gemini 2.5 Flash',
    vendor: 'Google',
    contextWindow: 1_048_576,
    fallback: 'google/gemini-2.5-flash-lite',
  },
  {
    id: 'google/gemini-2.5-flash-lite',
    name: 'Gemini 2.5 Flash Lite',
    vendor: 'Google',
    contextWindow: 1_048_576,
    fallback: 'google/gemini-2.5-flash',
  },
  {
    id: 'google/gemini-2.5-pro',
    name: 'Gemini 2.5 Pro',
    vendor: 'Google',
    contextWindow: 1_048_576,
    fallback: 'google/gemini-2.5-flash',
  },
  {
    id: 'deepseek/deepseek-chat',
    name: 'DeepSeek V3',
    vendor: 'DeepSeek',
    contextWindow: 163_840,
    fallback: 'deepseek/deepseek-chat-v3.1',
  },
  {
    id: 'deepseek/deepseek-chat-v3.1',
    name: 'DeepSeek V3.1',
    vendor: 'DeepSeek',
    contextWindow: 163_840,
    fallback: 'deepseek/deepseek-chat',
  },
  {
    id: 'meta-llama/llama-3.3-70b-instruct',
    name: 'Llama 3.3 70B',
    vendor: 'Meta',
    contextWindow: 131_072,
    fallback: 'meta-llama/llama-4-maverick',
  },
  {
    id: 'meta-llama/llama-4-maverick',
    name: 'Llama 4 Maverick',
    vendor: 'Meta',
    contextWindow: 1_048_576,
    fallback: 'meta-llama/llama-3.3-70b-instruct',
  },
  {
    id: 'mistralai/mistral-medium-3.1',
    name: 'Mistral Medium 3.1',
    vendor: 'Mistral',
    contextWindow: 131_072,
    fallback: 'openai/gpt-4o-mini',
  },
  {
    id: 'qwen/qwen3-max',
    name: 'Qwen3 Max',
    vendor: 'Qwen',
    contextWindow: 256_000,
    fallback: 'openai/gpt-4o-mini',
  },
];
