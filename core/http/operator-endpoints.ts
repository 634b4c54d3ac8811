import { Registry } from 'prom-client';
import { within } from '../async/within.ts';
import type { Handler } from './handler.ts';
import { type MetricsAccess, metricsAccess } from './metrics-access.ts';
import { NotReadyError } from './readiness.ts';

export interface Operations {
  /** The metrics, in Prometheus' text format. */
  metrics: () => Promise<string>;
  /** Resolves if what answers at this port runs. Rejects with a {@link NotReadyError} that names the part that does not. */
  live: () => Promise<void>;
  /**
   * Resolves if the process can take a message now. Rejects while it starts or drains, or a dependency is unavailable, with
   * a {@link NotReadyError} that names the part.
   */
  ready: () => Promise<void>;
  /** The bearer token for /metrics; unset: only this machine may read it. */
  metricsToken: string | undefined;
}

/** The time limit of a check, in milliseconds. */
const CHECKED_WITHIN_MS = 2_000;

/** The operators' endpoints, by path: liveness, readiness and metrics. */
export function operationHandlers(operations: Operations): ReadonlyMap<string, Handler> {
  const { metrics, live, ready, metricsToken } = operations;
  return new Map<string, Handler>([
    ['/health/live', health('not live', live)],
    ['/health/ready', health('not ready', ready)],
    [
      '/metrics',
      async (request, response) => {
        const refusal = REFUSALS[metricsAccess(request, metricsToken)];
        if (refusal) return void response.writeHead(refusal.status, refusal.headers).end(refusal.text);
        try {
          const shown = await metrics();
          response.writeHead(200, { 'content-type': Registry.PROMETHEUS_CONTENT_TYPE }).end(shown);
        } catch {
          response.writeHead(500, TEXT).end('the metrics cannot be read\n');
        }
      },
    ],
  ]);
}

/** Answers 200, or 503 with a line for each part that is at fault. */
function health(fault: string, check: () => Promise<void>): Handler {
  return async (_request, response) => {
    const why = await within(CHECKED_WITHIN_MS, check()).then(() => null, whyNot);
    if (why === null) response.writeHead(200, TEXT).end('ok\n');
    else response.writeHead(503, TEXT).end(`${fault}\n${why}`);
  };
}

/** A line for each part that is not ready; nothing for any other error, which may contain a secret. */
function whyNot(error: unknown): string {
  if (!(error instanceof NotReadyError)) return '';
  return error.parts.map(({ part, reason }) => `${part}: ${reason}\n`).join('');
}

const TEXT = { 'content-type': 'text/plain' };

const REFUSALS: Record<MetricsAccess, Refusal | null> = {
  granted: null,
  'no-token': {
    status: 401,
    headers: { ...TEXT, 'www-authenticate': 'Bearer realm="metrics"' },
    text: 'send METRICS_TOKEN as a bearer token\n',
  },
  'not-local': {
    status: 403,
    headers: TEXT,
    text: 'only this machine may read the metrics, unless METRICS_TOKEN is set\n',
  },
};

interface Refusal {
  status: number;
  headers: Record<string, string>;
  text: string;
}
