import type { ListedModel } from '../model-list/listed-model.ts';
import { BUILT_IN_MODELS, DEMO_MODEL } from '../models/built-in-models.ts';
import { builtInModel, knownModel } from '../models/known-models.ts';
import { assumedModel, type Model } from '../models/model.ts';
import type { ProviderName } from '../provider/provider.ts';

/** The models of an installation at one point in time. */
export interface Offer {
  /** In display order; ids are unique. */
  readonly models: readonly Model[];
  /** The ids of the models that can be used. */
  readonly available: ReadonlySet<string>;
  /** One of the models that can be used. */
  readonly default: Model;
}

export interface OfferSettings {
  provider: ProviderName;
  /** The server's host and port. */
  host: string;
  /** DEFAULT_MODEL. */
  defaultModel?: string | undefined;
  /** MODEL_CONTEXT_TOKENS. */
  contextTokens?: number | undefined;
}

/**
 * The id of the model of a server without a list if DEFAULT_MODEL is not set: servers with one model accept any name.
 * Once there is a list, it stands for the default of the list.
 */
export const UNNAMED = 'default';

/** Without a key: the demo. The others are shown as unavailable. */
export function demoOffer(others: readonly Model[] = BUILT_IN_MODELS): Offer {
  return {
    models: [DEMO_MODEL, ...others.filter(({ id }) => id !== DEMO_MODEL.id)],
    available: new Set([DEMO_MODEL.id]),
    default: DEMO_MODEL,
  };
}

/**
 * The models of a MODELS_FILE, all taken as available. The first is the default, unless DEFAULT_MODEL names another, which
 * must be one of them.
 */
export function fileOffer(models: readonly [Model, ...Model[]], byDefault: Model = models[0]): Offer {
  return { models, available: idsOf(models), default: byDefault };
}

/**
 * The models of a provider's list; null: there is no list yet, and the built-in models are used. DEFAULT_MODEL is offered
 * whether it is listed or not, as some servers list nothing or only a part, except for one that {@link isOfAnother}.
 * `before`: the default so far, which stays as long as it is listed.
 */
export function providerOffer(
  settings: OfferSettings,
  listed: readonly ListedModel[] | null,
  before?: Model,
): Offer {
  const own = OWN[settings.provider](listed?.length ? listed : null);
  const { provider, defaultModel } = settings;
  const wanted =
    defaultModel && !isOfAnother(provider, defaultModel) ? named(defaultModel, own, settings) : undefined;
  const offered = wanted && !own.includes(wanted) ? [wanted, ...own] : own;
  const byDefault =
    wanted ||
    offered.find(({ id }) => id === before?.id) ||
    usual(settings.provider, offered, listed) ||
    assumedUnnamed(settings);
  const all = offered.length === 0 ? [byDefault] : offered;
  return { models: [...all, ...foreign(settings.provider)], available: idsOf(all), default: byDefault };
}

type OwnModels = (listed: readonly ListedModel[] | null) => readonly Model[];

const OWN: Record<ProviderName, OwnModels> = {
  openai: (listed) =>
    listed ? openaiModels(listed.map(({ model }) => model)) : BUILT_IN_MODELS.filter(isOpenai),
  openrouter: (listed) => (listed ? sorted(listed.map(({ model }) => model)) : BUILT_IN_MODELS),
  custom: (listed) => listed?.map(({ model }) => model) ?? [],
  demo: () => [],
};

/** OpenAI lists its models without the prefix `openai/`. It is added here, so that a conversation can change providers. */
function openaiModels(listed: readonly Model[]): readonly Model[] {
  const models = listed.map((model) => {
    const id = `openai/${model.id}`;
    return builtInModel(id) ?? { ...model, id };
  });
  return sorted(models);
}

/** The built-in models first, in their order; the others by maker and name. */
function sorted(models: readonly Model[]): readonly Model[] {
  const byId = new Map(models.map((model) => [model.id, model]));
  const first = BUILT_IN_MODELS.flatMap(({ id }) => byId.get(id) ?? []);
  const others = models.filter(({ id }) => !builtInModel(id));
  return [...first, ...others.toSorted((a, b) => order(a, b))];
}

const { compare } = new Intl.Collator('en', { numeric: true });
const order = (a: Model, b: Model) => compare(a.vendor, b.vendor) || compare(a.name, b.name);

/** Models of other makers, which are shown as unavailable with only OpenAI's key. */
function foreign(provider: ProviderName): readonly Model[] {
  return provider === 'openai' ? BUILT_IN_MODELS.filter((model) => !isOpenai(model)) : [];
}

/** Whether the provider certainly does not have the model: OpenAI has only its own. */
export function isOfAnother(provider: ProviderName, id: string): boolean {
  return provider === 'openai' && id.includes('/') && !id.startsWith('openai/');
}

function isOpenai({ id }: Model): boolean {
  return id.startsWith('openai/');
}

/** The model that DEFAULT_MODEL names: `:latest` of Ollama and the prefix of OpenAI may be omitted. */
function named(
  id: string,
  models: readonly Model[],
  { provider, host, contextTokens }: OfferSettings,
): Model {
  const full = provider === 'openai' && !id.includes('/') ? `openai/${id}` : id;
  const listed =
    models.find((model) => model.id === full) ?? models.find((model) => model.id === `${id}:latest`);
  if (listed) return listed;
  const known = contextTokens === undefined ? knownModel(id) : undefined;
  const assumed = assumedModel(full, known?.vendor ?? host, contextTokens ?? known?.contextWindow);
  return builtInModel(full) ?? { ...assumed, ...(known?.tokenizer && { tokenizer: known.tokenizer }) };
}

/** The default if nothing names one: the first model in memory of a custom server, else the first of the list. */
function usual(
  provider: ProviderName,
  offered: readonly Model[],
  listed: readonly ListedModel[] | null,
): Model | undefined {
  const loaded = provider === 'custom' && listed?.find(({ isLoaded }) => isLoaded)?.model;
  return loaded || offered[0];
}

function assumedUnnamed({ host, contextTokens }: OfferSettings): Model {
  return { ...assumedModel(UNNAMED, host, contextTokens), name: 'Default model' };
}

function idsOf(models: readonly Model[]): ReadonlySet<string> {
  return new Set(models.map(({ id }) => id));
}
