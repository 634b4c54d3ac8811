import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { expect, test } from 'vitest';
import type { App } from '../core/app.ts';
import { loadConfig } from '../core/config/config.ts';
import { StartError } from '../core/domain/start-error.ts';
import { ALONE } from '../core/processes/group.ts';
import { createMetrics } from '../core/telemetry/metrics.ts';
import { startEndpoints } from './endpoints.ts';

/** The part of an App that the endpoints use. */
function appWith(env: Record<string, string>): App {
  const part = {
    config: loadConfig(env),
    group: ALONE,
    metrics: createMetrics({ queues: async () => [] }),
    ready: async () => {},
  };
  return part as Partial<App> as App;
}

test('a worker serves its metrics and health on METRICS_PORT, and nothing else', async () => {
  const endpoints = await startEndpoints(appWith({ METRICS_PORT: '0' }));
  expect(endpoints.url).toMatch(/^http:\/\/127\.0\.0\.1:[1-9]\d+$/);
  const get = (path: string) => fetch(endpoints.url + path);
  expect(await (await get('/metrics')).text()).toContain('taskflow_build_info');
  expect((await get('/health/live')).status).toBe(200);
  expect((await get('/graphql')).status).toBe(404);
  await endpoints.stop();
  await endpoints.stop();
});

test('a worker is ready from when it takes turns until it begins to stop', async () => {
  const endpoints = await startEndpoints(appWith({ METRICS_PORT: '0' }));
  const readiness = async () => (await fetch(`${endpoints.url}/health/ready`)).status;
  expect(await readiness()).toBe(503);
  endpoints.setReady(true);
  expect(await readiness()).toBe(200);
  endpoints.setReady(false);
  expect(await readiness()).toBe(503);
  expect((await fetch(`${endpoints.url}/health/live`)).status).toBe(200);
  await endpoints.stop();
});

test('a port in use fails the start with one line that names it', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  await expect(startEndpoints(appWith({ METRICS_PORT: `${port}` }))).rejects.toThrow(
    new StartError(
      `cannot listen on METRICS_HOST 127.0.0.1, METRICS_PORT ${port}: another program listens there`,
    ),
  );
  other.close();
});
