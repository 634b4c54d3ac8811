import type { Tracer } from '@opentelemetry/api';
import type { Config } from '../config.ts';
import type { InferenceRecord } from '../inference/inference-record.ts';
import type { ModelHealth } from '../model-health/model-health.ts';
import { componentLog, type Log } from '../telemetry/log.ts';
import type { Metrics } from '../telemetry/metrics.ts';
import { withBreakers } from './breakers.ts';
import { connectLlm, type LlmConnection } from './connect.ts';
import { chooseProvider } from './provider.ts';
import { withRecords } from './recorded.ts';
import { withTries } from './tries.ts';

export interface OpenLlmOptions {
  config: Config;
  health: ModelHealth;
  metrics: Pick<Metrics, 'modelBreakerOpen'>;
  /** Undefined: calls are not traced. */
  tracer: Tracer | undefined;
  /** Handed the record of every call. What it throws harms no call. */
  record: (record: InferenceRecord) => void;
  log: Log;
}

/**
 * The configured way to models, with what is done around each call: from within, it is traced, recorded, watched by a
 * breaker for its model, and made again where it failed before its first word.
 */
export async function openLlm(options: OpenLlmOptions): Promise<LlmConnection> {
  const { config, health, metrics, tracer, record, log } = options;
  const { llm, close } = await connectLlm(chooseProvider(config), { timeoutMs: config.llmTimeoutMs });
  // Nobody who does not trace loads the names that spans are described with.
  const traced = tracer ? (await import('./traced.ts')).withSpans(llm, tracer) : llm;
  const ingest = componentLog(log, 'ingest');
  const recorded = withRecords(traced, {
    record,
    onFault: (err) => ingest.error({ err }, 'a call to a model could not be recorded'),
  });
  const breaker = componentLog(log, 'breaker');
  const watched = withBreakers(recorded, {
    health,
    restMs: config.modelRestMs,
    onChange: (model, state) => {
      metrics.modelBreakerOpen.set({ model }, state === 'open' ? 1 : 0);
      breaker.warn({ model, state }, "a model's breaker has changed");
    },
  });
  return { llm: withTries(watched), close };
}
