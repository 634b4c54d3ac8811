import { within } from '../../async/within.ts';
import type { Log } from '../../telemetry/log.ts';
import { readModelList } from '../model-list/read-list.ts';
import { BUILT_IN_MODELS, DEMO_MODEL } from '../models/built-in-models.ts';
import type { Model } from '../models/model.ts';
import type { Endpoint } from '../provider/endpoint.ts';
import type { ModelSettings } from '../provider/llm-settings.ts';
import { isAzure } from '../provider/provider.ts';
import { ModelWatch, type ModelWatchOptions } from './model-watch.ts';
import { type Models, modelsOf } from './models.ts';
import { ModelsFileError, readModelsFile } from './models-file.ts';
import { demoOffer, fileOffer, providerOffer } from './offer.ts';

/** How long a start waits for the server's list, in milliseconds. Then it continues, and uses the list when it arrives. */
const START_WITHIN_MS = 3_000;

export interface OpenModelsOptions {
  /** Null: the demo. */
  endpoint: Endpoint | null;
  config: ModelSettings;
  log: Log;
}

/** The registry, and its server. */
export interface OpenModels {
  readonly models: Models;
  /** The server, with the base URL that is known at the time of the call; null: the demo. */
  readonly endpoint: () => Endpoint | null;
  /** Resolves when the list was read once, or after the longest wait. */
  ready(): Promise<void>;
  /** Idempotent. */
  stop(): void;
}

/**
 * Opens the registry: that of MODELS_FILE if it is set, that of the demo if there is no key and no server, else that of the
 * server's list, which is read periodically from now on.
 *
 * @throws {ModelsFileError} with a message of one line, when the file cannot be used or has no DEFAULT_MODEL
 */
export function openModels({ endpoint, config, log }: OpenModelsOptions): OpenModels {
  const file =
    config.modelsFile === undefined ? undefined : modelsOfFile(config.modelsFile, config.defaultModel);
  if (!endpoint) {
    const offer = demoOffer(file?.models ?? BUILT_IN_MODELS);
    const demo = fixed(
      modelsOf(() => offer),
      null,
    );
    return { ...demo, ready: async () => noteDemo(config.defaultModel, log) };
  }
  if (file) {
    return fixed(
      modelsOf(() => file),
      endpoint,
    );
  }
  const isOnAzure = isAzure(new URL(endpoint.baseURL));
  return isOnAzure ? azureModels(endpoint, config, log) : watchedModels(endpoint, config, log);
}

function modelsOfFile(path: string, defaultModel: string | undefined) {
  const [first, ...others] = readModelsFile(path);
  if (!first) throw new ModelsFileError(`MODELS_FILE ${path} has no models`);
  const models: [Model, ...Model[]] = [first, ...others];
  const byDefault = defaultModel === undefined ? first : models.find(({ id }) => id === defaultModel);
  if (byDefault) return fileOffer(models, byDefault);
  const known = models.map(({ id }) => id).join(', ');
  throw new ModelsFileError(
    `DEFAULT_MODEL ${JSON.stringify(defaultModel)} is not in MODELS_FILE ${path}; it has ${known}`,
  );
}

function fixed(models: Models, endpoint: Endpoint | null): OpenModels {
  return { models, endpoint: () => endpoint, ready: async () => {}, stop() {} };
}

/** The model of a deployment on Azure. Azure's list is not read: it has the models that could be deployed. */
function azureModels(endpoint: Endpoint, config: ModelSettings, log: Log): OpenModels {
  const { host, pathname } = new URL(endpoint.baseURL);
  const deployment = config.defaultModel ?? /\/deployments\/([^/]+)/.exec(pathname)?.[1];
  if (!deployment)
    log.warn({ url: endpoint.baseURL }, 'set DEFAULT_MODEL to the name of the deployment on Azure');
  const offer = providerOffer(
    { ...settingsOf(config), defaultModel: deployment, provider: 'custom', host },
    null,
  );
  const { id, contextWindow } = offer.default;
  log.info(
    { url: endpoint.baseURL },
    `the deployment ${id} on Azure, with a context length of ${contextWindow}`,
  );
  return fixed(
    modelsOf(() => offer),
    endpoint,
  );
}

function watchedModels(endpoint: Endpoint, config: ModelSettings, log: Log): OpenModels {
  const watch = new ModelWatch({ endpoint, settings: settingsOf(config), read: readModelList, log });
  const first = watch.start();
  return {
    models: modelsOf(
      () => watch.offer,
      (id) => watch.seek(id),
    ),
    endpoint: () => watch.endpoint,
    ready: () => within(START_WITHIN_MS, first).catch(() => {}),
    stop: () => watch.stop(),
  };
}

function settingsOf(config: ModelSettings): ModelWatchOptions['settings'] {
  const { defaultModel, modelContextTokens, ollamaContextLength } = config;
  return { defaultModel, contextTokens: modelContextTokens, ollamaContext: ollamaContextLength };
}

function noteDemo(defaultModel: string | undefined, log: Log): void {
  const wanted = 'OPENROUTER_API_KEY, OPENAI_API_KEY or OPENAI_BASE_URL';
  if (defaultModel === undefined || defaultModel === DEMO_MODEL.id)
    log.info(`Demo answers, a script inside the process; for a model set ${wanted}`);
  else log.warn(`DEFAULT_MODEL ${defaultModel} cannot be used without ${wanted}; Demo answers`);
}
