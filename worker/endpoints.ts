import { once } from 'node:events';
import { createServer } from 'node:http';
import type { App } from '../core/app.ts';
import { listen } from '../core/http/listen.ts';
import { metricsWithReadiness } from '../core/http/measured-readiness.ts';
import { operationHandlers } from '../core/http/operator-endpoints.ts';
import { pathOf } from '../core/http/path.ts';
import { NotReadyError } from '../core/http/readiness.ts';

export interface WorkerEndpoints {
  /** The base URL, such as `http://127.0.0.1:9464`. */
  readonly url: string;
  /** Whether /health/ready may report ready. False before the first call. */
  setReady(isReady: boolean): void;
  /** Idempotent. */
  stop(): Promise<void>;
}

const IDLE = new NotReadyError([
  { part: 'worker', reason: 'It takes no turns: it is starting or stopping.' },
]);

/**
 * Serves /metrics, /health/live and /health/ready of a separate worker process, on METRICS_HOST and METRICS_PORT.
 * @throws {StartError} when it cannot listen
 */
export async function startEndpoints({ config, group, metrics, ready }: App): Promise<WorkerEndpoints> {
  let isReady = false;
  const check = async () => (isReady ? ready() : Promise.reject(IDLE));
  const operations = operationHandlers({
    ...group.join({
      metrics: () => metricsWithReadiness(metrics, check),
      ready: check,
    }),
    metricsToken: config.metricsToken,
  });
  const server = createServer((request, response) => {
    const handle = operations.get(pathOf(request));
    if (handle) return void handle(request, response);
    response.writeHead(404, { 'content-type': 'text/plain' }).end('not found\n');
  });
  const variables = { host: 'METRICS_HOST', port: 'METRICS_PORT' };
  const url = await listen(server, { host: config.metricsHost, port: config.metricsPort, variables });
  return {
    url,
    setReady(to) {
      isReady = to;
    },
    async stop() {
      if (!server.listening) return;
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
