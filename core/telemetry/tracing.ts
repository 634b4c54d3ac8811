import type { Context, Tracer } from '@opentelemetry/api';
import type { Telemetry } from 'bullmq';
import type { Log } from './log.ts';

/** What a process calls itself in its traces. */
export type ServiceName = 'taskflow' | 'taskflow-server' | 'taskflow-worker';

/** How this process takes part in traces. Off, its spans cost nothing and go nowhere. */
export interface Tracing {
  readonly tracer: Tracer;
  /** Hands a trace on from whoever adds a job to whoever runs it; undefined while tracing is off. */
  readonly jobs: Telemetry<Context> | undefined;
  /** Sends what has not been sent, for 2 s at most; idempotent. */
  stop(): Promise<void>;
}

export interface TracingOptions {
  /** Where an OTLP collector takes HTTP, such as `http://localhost:4318`. */
  endpoint: string;
  service: ServiceName;
  log: Log;
}

/** The name under which our own spans are made. */
export const TRACER = 'taskflow';
