import type { Registry } from 'prom-client';
import { within } from '../async/within.ts';
import type { Handler } from './handler.ts';
import { type MetricsAccess, metricsAccess } from './metrics-access.ts';
import { NotReadyError } from './readiness.ts';

export interface Operations {
  registry: Registry;
  /**
   * Resolves if the process can take a message now. Rejects while it starts or drains, or a dependency is unavailable, with
   * a {@link NotReadyError} that names the part.
   */
  ready: () => Promise<void>;
  /** The bearer token for /metrics; unset: only this machine may read it. */
  metricsToken: string | undefined;
}

/** The time limit of the readiness check, in milliseconds. */
const READY_WITHIN_MS = 2_000;

/** The operators' endpoints, by path: liveness, readiness and metrics. */
export function operationHandlers(operations: Operations): ReadonlyMap<string, Handler> {
  const { registry, ready, metricsToken } = operations;
  return new Map<string, Handler>([
    ['/health/live', (_request, response) => void response.writeHead(200, TEXT).end('ok\n')],
    [
      '/health/ready',
      async (_request, response) => {
        const why = await within(READY_WITHIN_MS, ready()).then(() => null, whyNot);
        if (why === null) response.writeHead(200, TEXT).end('ok\n');
        else response.writeHead(503, TEXT).end(`not ready\n${why}`);
      },
    ],
    [
      '/metrics',
      async (request, response) => {
        const refusal = REFUSALS[metricsAccess(request, metricsToken)];
        if (refusal) return void response.writeHead(refusal.status, refusal.headers).end(refusal.text);
        try {
          const metrics = await registry.metrics();
          response.writeHead(200, { 'content-type': registry.contentType }).end(metrics);
        } catch {
          response.writeHead(500, TEXT).end('the metrics cannot be read\n');
        }
      },
    ],
  ]);
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
