import { trace } from '@opentelemetry/api';
import { TRACER, type Tracing, type TracingOptions } from './tracing.ts';

/** Starts tracing. Without an endpoint tracing is off, and the exporter is not loaded. */
export async function openTracing(
  endpoint: string | undefined,
  options: Omit<TracingOptions, 'endpoint'>,
): Promise<Tracing> {
  if (endpoint === undefined)
    return { tracer: trace.getTracer(TRACER), jobs: undefined, stop: async () => {} };
  const { startOtlpTracing } = await import('./otlp-tracing.ts');
  return startOtlpTracing({ endpoint, ...options });
}
