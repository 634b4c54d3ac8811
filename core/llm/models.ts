import { BUILT_IN_MODELS } from './built-in-models.ts';
import type { Model } from './model.ts';
import { ModelsFileError, readModelsFile } from './models-file.ts';
import type { ProviderName } from './provider.ts';

export type { Model, TokenizerName } from './model.ts';
export { ModelsFileError } from './models-file.ts';

/** The registry: fixed from start to stop. */
export interface Models {
  /** In the order to show them. */
  readonly all: readonly Model[];
  readonly default: Model;
  get(id: string): Model | undefined;
  /** Whether this installation has a key or a server for the model of this id. */
  isAvailable(id: string): boolean;
  /** The model of this id, or the default when the registry has it no longer; never fails. */
  resolve(id: string): { model: Model; fellBack: boolean };
}

/**
 * Builds the registry, from `modelsFile` (MODELS_FILE, see {@link readModelsFile}) or from the built-in list.
 *
 * @throws {ModelsFileError} with a message of one line, when the file cannot be used or `defaultModel` is not in the registry.
 */
export function loadModels(options: {
  modelsFile?: string | undefined;
  defaultModel: string;
  /** Where the models are. */
  provider: ProviderName;
}): Models {
  const { modelsFile, defaultModel, provider } = options;
  const all = modelsFile === undefined ? BUILT_IN_MODELS : readModelsFile(modelsFile);
  const byId = new Map(all.map((model) => [model.id, model]));
  const fallback = byId.get(defaultModel);
  if (!fallback) throw unknownDefault(defaultModel, all, modelsFile);
  return {
    all,
    default: fallback,
    get: (id) => byId.get(id),
    isAvailable: (id) => byId.has(id) && hasModel(provider, id, modelsFile !== undefined),
    resolve(id) {
      const model = byId.get(id);
      return model ? { model, fellBack: false } : { model: fallback, fellBack: true };
    },
  };
}

/** Who wrote a MODELS_FILE knows what the server has; of the built-in list OpenAI itself has its own, and the demo none. */
function hasModel(provider: ProviderName, id: string, isListed: boolean): boolean {
  if (provider === 'demo') return false;
  return isListed || provider !== 'openai' || id.startsWith('openai/');
}

function unknownDefault(id: string, all: readonly Model[], modelsFile: string | undefined): ModelsFileError {
  const place = modelsFile === undefined ? 'the built-in registry' : `MODELS_FILE ${modelsFile}`;
  const known = all.map((model) => model.id).join(', ');
  return new ModelsFileError(`DEFAULT_MODEL ${JSON.stringify(id)} is not in ${place}; it has ${known}`);
}
