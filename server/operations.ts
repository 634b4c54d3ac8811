import type { Registry } from 'prom-client';
import type { Handler } from './transport/http.ts';

export interface Operations {
  registry: Registry;
  /** Resolves when what the process stands on answers; rejects when it does not. */
  ready: () => Promise<void>;
}

/** Longest that the readiness check waits, in milliseconds. */
const READY_WITHIN_MS = 2_000;

/** The operators' endpoints: whether the process lives, whether it can serve, what it measures. */
export function operationHandlers({ registry, ready }: Operations): ReadonlyMap<string, Handler> {
  return new Map<string, Handler>([
    ['/health/live', (_request, response) => void response.writeHead(200, TEXT).end('ok\n')],
    [
      '/health/ready',
      async (_request, response) => {
        const reason = await within(READY_WITHIN_MS, ready()).then(
          () => null,
          (error: Error) => error.message,
        );
        if (reason === null) response.writeHead(200, TEXT).end('ok\n');
        else response.writeHead(503, TEXT).end('not ready\n');
      },
    ],
    [
      '/metrics',
      async (_request, response) => {
        const metrics = await registry.metrics();
        response.writeHead(200, { 'content-type': registry.contentType }).end(metrics);
      },
    ],
  ]);
}

const TEXT = { 'content-type': 'text/plain' };

function within<T>(ms: number, promise: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
