import type { Tracer } from '@opentelemetry/api';
import type { Clock } from '../../clock/clock.ts';
import type { InferenceRecord } from '../../inference/inference-record.ts';
import type { ModelHealth } from '../../live/model-health/model-health.ts';
import { componentLog, type Log } from '../../telemetry/log.ts';
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
  /** Gives the records their times. */
  clock: Clock;
  /** Undefined: calls are not traced. */
  tracer: Tracer | undefined;
  /** Called with the record of every call. Its errors do not affect the call. */
  record: (record: InferenceRecord) => void;
  log: Log;
}

/** Connects to the configured model server. Its calls are traced, recorded, retried and watched by circuit breakers. */
export async function openLlm(options: OpenLlmOptions): Promise<LlmConnection> {
  const { endpoint, config, tracer } = options;
  const { llm, close } = await connectLlm(endpoint, {
    timeoutMs: config.llmTimeoutMs,
    maxWaitMs: config.llmMaxWaitMs,
  });
  // Loaded only if tracing is on: the names of span attributes take memory.
  const traced = tracer ? (await import('./traced.ts')).withSpans(llm, tracer) : llm;
  return { llm: guarded(traced, options), close };
}

/**
 * Wraps each call, from the inside out: every try is recorded; a call that fails before its first word is retried; the
 * circuit breaker of its model counts all tries of a call as one.
 */
export function guarded(llm: Llm, options: Omit<OpenLlmOptions, 'tracer' | 'endpoint'>): Llm {
  const { config, health, clock, record, log } = options;
  const ingest = componentLog(log, 'ingest');
  const recorded = withRecords(llm, {
    record,
    clock,
    onFault: (err) => ingest.error({ err }, 'recording a call to a model failed'),
  });
  const breaker = componentLog(log, 'breaker');
  return withBreakers(withTries(recorded), {
    health,
    restMs: config.modelRestMs,
    onChange: (model, state) => breaker.warn({ model, state }, "a model's circuit breaker changed its state"),
  });
}
