import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../../clock/clock.ts';
import type { InferenceRecord } from '../../inference/inference-record.ts';
import type { ModelHealth } from '../../live/model-health/model-health.ts';
import { componentLog, type Log } from '../../telemetry/log.ts';
import type { Metrics } from '../../telemetry/metrics.ts';
import type { Endpoint } from '../provider/endpoint.ts';
import type { CallSettings } from '../provider/llm-settings.ts';
import { withBreakers } from './breakers.ts';
import type { Llm } from './client.ts';
import { connectLlm, type LlmConnection } from './connect.ts';
import { withRecords } from './recorded.ts';
import { withTries } from './tries.ts';

export interface OpenLlmOptions {
  /** See {@link connectLlm}. */
  endpoint: () => Endpoint | null;
  config: CallSettings;
  health: ModelHealth;
  /** By which records are dated. */
  clock: Clock;
  metrics: Pick<Metrics, 'modelBreakerOpen'>;
  /** The label of a model in metrics. */
  labelOf: (model: string) => string;
  /** Undefined: calls are not traced. */
  tracer: Tracer | undefined;
  /** Handed the record of every call. What it throws harms no call. */
  record: (record: InferenceRecord) => void;
  log: Log;
}

/** The configured way to models, with what is done around each call. */
export async function openLlm(options: OpenLlmOptions): Promise<LlmConnection> {
  const { endpoint, config, tracer } = options;
  const { llm, close } = await connectLlm(endpoint, {
    timeoutMs: config.llmTimeoutMs,
    maxWaitMs: config.llmMaxWaitMs,
  });
  // Nobody who does not trace loads the names that spans are described with.
  const traced = tracer ? (await import('./traced.ts')).withSpans(llm, tracer) : llm;
  return { llm: guarded(traced, options), close };
}

/**
 * What is done around each call, from within: it is recorded, made again where it failed before its first word, and watched, all
 * its tries as one, by a breaker for its model.
 */
export function guarded(llm: Llm, options: Omit<OpenLlmOptions, 'tracer' | 'endpoint'>): Llm {
  const { config, health, clock, metrics, labelOf, record, log } = options;
  const ingest = componentLog(log, 'ingest');
  const recorded = withRecords(llm, {
    record,
    clock,
    onFault: (err) => ingest.error({ err }, 'a call to a model could not be recorded'),
  });
  const breaker = componentLog(log, 'breaker');
  return withBreakers(withTries(recorded), {
    health,
    restMs: config.modelRestMs,
    onChange: (model, state) => {
      metrics.modelBreakerOpen.set({ model: labelOf(model) }, state === 'open' ? 1 : 0);
      breaker.warn({ model, state }, "a model's breaker has changed");
    },
  });
}
