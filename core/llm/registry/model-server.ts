import { componentLog, type Log } from '../../telemetry/log.ts';
import type { LlmSettings } from '../provider/llm-settings.ts';
import { chooseEndpoint } from '../provider/provider.ts';
import { proxiedFetch } from '../provider/proxy.ts';
import { type OpenModels, openModels } from './open-models.ts';

/** The configured model server with its registry, reached through a proxy if one is set. */
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
