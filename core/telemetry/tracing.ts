import type { Context, Tracer } from '@opentelemetry/api';
import type { Telemetry } from 'bullmq';
import type { Log } from './log.ts';

/** The name of a process in its traces. */
export type ServiceName = 'taskflow' | 'taskflow-server' | 'taskflow-worker';

/** Tracing of this process. If it is off, spans are not recorded. */
export interface Tracing {
  readonly tracer: Tracer;
  /** Passes a trace from the process that adds a job to the worker that runs it; undefined while tracing is off. */
  readonly jobs: Telemetry<Context> | undefined;
  /** Sends the remaining spans, for at most 2 s; idempotent. */
  stop(): Promise<void>;
}

export interface TracingOptions {
  /** The HTTP endpoint of an OTLP collector, such as `http://localhost:4318`. */
  endpoint: string;
  service: ServiceName;
  log: Log;
}

/** The name of the tracer of TaskFlow's own spans. */
export const TRACER = 'taskflow';
