import {
  type Context,
  context,
  DiagLogLevel,
  diag,
  INVALID_SPAN_CONTEXT,
  isSpanContextValid,
  SpanKind,
  trace,
} from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-proto';
import {
  defaultResource,
  detectResources,
  envDetector,
  resourceFromAttributes,
} from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import {
  ATTR_SERVICE_INSTANCE_ID,
  ATTR_SERVICE_NAME,
  ATTR_SERVICE_VERSION,
} from '@opentelemetry/semantic-conventions';
import type { Telemetry } from 'bullmq';
import { BullMQOTelSpan, BullMQOtel } from 'bullmq-otel';
import { v7 as uuidv7 } from 'uuid';
import { within } from '../async/within.ts';
import { projectVersion } from '../installation/installed-files.ts';
import type { Log } from './log.ts';
import { TRACER, type Tracing, type TracingOptions } from './tracing.ts';

/** The time limit for sending the last spans at a stop, in milliseconds. */
const FLUSH_WITHIN_MS = 2_000;

/**
 * Sends spans to a collector in batches, by OTLP over HTTP (protobuf). While the collector is unavailable, spans are lost and
 * nothing is delayed. OpenTelemetry's SDK also reads OTEL_EXPORTER_OTLP_HEADERS, OTEL_TRACES_SAMPLER, OTEL_SERVICE_NAME and
 * OTEL_RESOURCE_ATTRIBUTES.
 *
 * OpenTelemetry keeps its global state per process, so call this once in a process.
 */
export function startOtlpTracing({ endpoint, service, log }: TracingOptions): Tracing {
  diag.setLogger(diagnosticsTo(log), DiagLogLevel.WARN);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new NodeTracerProvider({
    resource: defaultResource()
      .merge(
        resourceFromAttributes({
          [ATTR_SERVICE_NAME]: service,
          [ATTR_SERVICE_VERSION]: projectVersion(),
          [ATTR_SERVICE_INSTANCE_ID]: uuidv7(),
        }),
      )
      .merge(detectResources({ detectors: [envDetector] })),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  provider.register();
  let stopped: Promise<void> | null = null;
  return {
    tracer: trace.getTracer(TRACER),
    jobs: withoutHousekeeping(new BullMQOtel({ tracerName: TRACER })),
    stop: () => {
      stopped ??= within(FLUSH_WITHIN_MS, provider.shutdown()).catch((err) =>
        log.warn({ err }, 'sending the last spans failed'),
      );
      return stopped;
    },
  };
}

/**
 * BullMQ also creates spans for what its workers do between jobs, such as fetching the next one, each in its own trace.
 * Those are omitted.
 */
function withoutHousekeeping({ tracer, contextManager }: Telemetry<Context>): Telemetry<Context> {
  return {
    contextManager,
    tracer: {
      startSpan(name, options, parent) {
        const isEntry = options?.kind === SpanKind.CONSUMER || options?.kind === SpanKind.PRODUCER;
        const surroundings = trace.getSpanContext(parent ?? context.active());
        const isPart = surroundings !== undefined && isSpanContextValid(surroundings);
        return isEntry || isPart ? tracer.startSpan(name, options, parent) : unrecordedSpan();
      },
    },
  };
}

function unrecordedSpan(): BullMQOTelSpan {
  return new BullMQOTelSpan(trace.wrapSpanContext(INVALID_SPAN_CONTEXT));
}

function diagnosticsTo(log: Log) {
  const report =
    (level: 'debug' | 'warn') =>
    (message: string): void =>
      log[level]({ reason: message }, 'tracing failed');
  return {
    error: report('warn'),
    warn: report('warn'),
    info: report('debug'),
    debug: report('debug'),
    verbose: report('debug'),
  };
}
