import { builtInModel, knownModel, vendorNamed } from '../models/known-models.ts';
import { ASSUMED_CONTEXT, type Model } from '../models/model.ts';
import { fieldsIn, type ListEntry, tokensIn } from './list-entry.ts';
import type { Served } from './served.ts';
import { statedContext } from './stated-context.ts';

/** A model that a server lists. */
export interface ListedModel {
  model: Model;
  /** Where its context length comes from, for the log. */
  source: string;
  isLoaded: boolean;
}

export interface DescribeOptions {
  /** The server's host and port. */
  host: string;
  /** MODEL_CONTEXT_TOKENS. */
  contextTokens: number | undefined;
}

/** Builds a model from the server's other endpoints, its list, the settings and the built-in facts, in this order. */
export function listedModel(
  id: string,
  entry: ListEntry,
  served: Served | undefined,
  options: DescribeOptions,
): ListedModel {
  const known = knownModel(id);
  const { contextWindow, source } = contextOf(entry, served, known?.contextWindow, options.contextTokens);
  const fallback = builtInModel(id)?.fallback;
  const model: Model = {
    id,
    ...titleOf(id, entry, options.host),
    contextWindow,
    ...(source === 'assumed' && { isContextAssumed: true }),
    ...(known?.tokenizer && { tokenizer: known.tokenizer }),
    ...(fallback && { fallback }),
  };
  return { model, source, isLoaded: served?.isLoaded ?? entry.state === 'loaded' };
}

function contextOf(
  entry: ListEntry,
  served: Served | undefined,
  known: number | undefined,
  setting: number | undefined,
): { contextWindow: number; source: string } {
  if (served?.contextWindow) return { contextWindow: served.contextWindow, source: served.source };
  const stated = statedContext(entry);
  if (stated) return { contextWindow: stated, source: 'stated by the server' };
  if (setting) return { contextWindow: setting, source: 'setting' };
  if (known) return { contextWindow: known, source: 'known by its name' };
  // llama.cpp states the trained context, which may be smaller.
  const trained = tokensIn(fieldsIn(entry.meta).n_ctx_train) ?? ASSUMED_CONTEXT;
  return { contextWindow: Math.min(ASSUMED_CONTEXT, trained), source: 'assumed' };
}

/** The name and the maker to show. */
function titleOf(id: string, entry: ListEntry, host: string): Pick<Model, 'name' | 'vendor'> {
  const builtIn = builtInModel(id);
  if (builtIn) return { name: builtIn.name, vendor: builtIn.vendor };
  // OpenRouter writes `Meta: Llama 3.3 70B`.
  const [, maker, own] = /^([^:]{1,40}): (.+)$/.exec(plain(entry.name)) ?? [];
  const slash = id.indexOf('/');
  const vendor =
    maker ||
    knownModel(id)?.vendor ||
    (slash > 0 && vendorNamed(id.slice(0, slash))) ||
    ownerOf(entry) ||
    host;
  const name = own || plain(entry.display_name) || plain(entry.name) || fileName(id);
  return { name: name.slice(0, LONGEST_TITLE), vendor: vendor.slice(0, LONGEST_TITLE) };
}

const LONGEST_TITLE = 100;

/** The owner in the list, if it is a known maker; gateways list everything as owned by `openai`. */
function ownerOf({ owned_by, organization }: ListEntry): string | undefined {
  const owner = plain(owned_by) || plain(organization);
  return owner.toLowerCase() === 'openai' ? undefined : vendorNamed(owner);
}

/** The value as one line of text. */
function plain(value: unknown): string {
  if (typeof value !== 'string') return '';
  return value
    .slice(0, 1_000)
    .toWellFormed()
    .replace(/[\s\p{C}]+/gu, ' ')
    .trim();
}

/** llama.cpp and vLLM name a model after its file. */
function fileName(id: string): string {
  return /^([A-Za-z]:)?[\\/.]|\.gguf$/.test(id)
    ? id.replace(/^.*[\\/]/, '').replace(/\.gguf$/i, '') || id
    : id;
}
