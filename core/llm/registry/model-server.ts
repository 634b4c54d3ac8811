import { componentLog, type Log } from '../../telemetry/log.ts';
import type { LlmSettings } from '../provider/llm-settings.ts';
import { chooseEndpoint } from '../provider/provider.ts';
import { proxiedFetch } from '../provider/proxy.ts';
import { type OpenModels, openModels } from './open-models.ts';

/** The configured server of models, the way to it through a proxy where there is one, and what it has. */
export interface ModelServer extends Omit<OpenModels, 'stop'> {
  /** Idempotent. */
  stop(): Promise<void>;
}

/** @throws {ModelsFileError} */
export async function openModelServer(config: LlmSettings, log: Log): Promise<ModelServer> {
  const chosen = chooseEndpoint(config);
  const proxied = chosen ? await proxiedFetch(config.proxy) : undefined;
  const endpoint = chosen && proxied ? { ...chosen, fetch: proxied.fetch } : chosen;
  const { stop, ...opened } = openModels({ endpoint, config, log: componentLog(log, 'models') });
  return {
    ...opened,
    async stop() {
      stop();
      await proxied?.close();
    },
  };
}
