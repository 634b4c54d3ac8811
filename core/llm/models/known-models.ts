import { BUILT_IN_MODELS } from './built-in-models.ts';
import type { Model } from './model.ts';

/** Built-in facts about a model, for servers that do not state them. */
export type KnownModel = Pick<Model, 'vendor' | 'contextWindow' | 'tokenizer'>;

/**
 * Models that only their makers and gateways serve, by the beginning of their ids, the longest first. Context lengths are
 * those of the makers' pages (October 2025), the smallest if versions differ.
 */
const CLOSED: readonly [prefix: RegExp, known: KnownModel][] = [
  [/^(chatgpt-4o|gpt-4o|gpt-4\.5)/, openai(128_000)],
  [/^gpt-4\.1/, openai(1_047_576)],
  [/^gpt-5/, openai(128_000)],
  [/^(o1|o3|o4)(-|$)/, openai(128_000)],
  [/^gpt-4-turbo/, { ...openai(128_000), tokenizer: 'cl100k_base' }],
  [/^gpt-4(-|$)/, { ...openai(8_192), tokenizer: 'cl100k_base' }],
  [/^gpt-(3\.5|35)-turbo/, { ...openai(16_385), tokenizer: 'cl100k_base' }],
  [/^claude-/, { vendor: 'Anthropic', contextWindow: 200_000 }],
  [/^gemini-/, { vendor: 'Google', contextWindow: 1_048_576 }],
  [/^deepseek-(chat|reasoner)$/, { vendor: 'DeepSeek', contextWindow: 65_536 }],
];

function openai(contextWindow: number): KnownModel {
  return { vendor: 'OpenAI', contextWindow, tokenizer: 'o200k_base' };
}

/** The built-in model with this id. */
export function builtInModel(id: string): Model | undefined {
  return BUILT_IN_MODELS.find((model) => model.id === id);
}

/** The facts about the model with this id, which may have the maker's name, a date or `ft:` around it. */
export function knownModel(id: string): KnownModel | undefined {
  const builtIn = builtInModel(id);
  if (builtIn) return builtIn;
  const own = id.slice(id.lastIndexOf('/') + 1).replace(/^ft:/, '');
  return CLOSED.find(([prefix]) => prefix.test(own))?.[1];
}

/** The makers' names in ids and lists, and the names to show. */
const VENDORS: Readonly<Record<string, string>> = {
  anthropic: 'Anthropic',
  cohere: 'Cohere',
  deepseek: 'DeepSeek',
  'deepseek-ai': 'DeepSeek',
  google: 'Google',
  meta: 'Meta',
  'meta-llama': 'Meta',
  microsoft: 'Microsoft',
  mistral: 'Mistral',
  mistralai: 'Mistral',
  moonshotai: 'Moonshot AI',
  nvidia: 'NVIDIA',
  openai: 'OpenAI',
  qwen: 'Qwen',
  'x-ai': 'xAI',
  'zai-org': 'Z.ai',
};

/** The name to show for a maker's name in an id; undefined if the maker is not known. */
export function vendorNamed(name: string): string | undefined {
  return VENDORS[name.toLowerCase()];
}
