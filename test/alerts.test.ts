import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { alertsFasterBy } from './support/alerts.ts';
import { type Backend, describeBackends } from './support/backends.ts';
import { type CuttableProxy, startCuttableProxy } from './support/cuttable-proxy.ts';
import { CREATE, SEND } from './support/operations.ts';
import { buildProduct, type Product, startProduct } from './support/product.ts';
import { type FiringAlert, type Prometheus, startPrometheus } from './support/prometheus.ts';
import { type ScriptedUpstream, startScriptedUpstream } from './support/scripted-model/scripted.ts';
import { freePort } from './support/servers/free-port.ts';

/** Each duration of the alerts, and of prometheus.yml, is divided by this: a minute takes 6 s. */
const FASTER = 10;
const MINUTE_MS = 60_000 / FASTER;

const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;
if (!hasPrometheus) describe('SKIPPED: alerts: no prometheus here', () => test.skip('them', () => {}));
else await describeBackends('alerts', alerts, { embedded: false });

/** A server, a worker, their stores and a model server, each behind a network that can be cut. */
function alerts(backend: Backend): void {
  let upstream: ScriptedUpstream;
  let postgres: CuttableProxy;
  let redis: CuttableProxy;
  let model: CuttableProxy;
  let workerEnv: Record<string, string>;
  let server: Product;
  let worker: Product;
  let url: string;
  let prometheus: Prometheus;

  beforeAll(async () => {
    buildProduct();
    upstream = await startScriptedUpstream();
    const env = await backend.env();
    const { DATABASE_URL = '', REDIS_URL = '' } = env;
    postgres = await startCuttableProxy(DATABASE_URL);
    redis = await startCuttableProxy(REDIS_URL);
    model = await startCuttableProxy(upstream.baseURL);
    const through = (target: string, proxy: CuttableProxy) => {
      const changed = new URL(target);
      const { hostname, port } = new URL(proxy.url);
      changed.hostname = hostname;
      changed.port = port;
      return changed.href;
    };
    workerEnv = {
      ...env,
      DATABASE_URL: through(DATABASE_URL, postgres),
      REDIS_URL: through(REDIS_URL, redis),
      OPENAI_BASE_URL: through(upstream.baseURL, model),
      MODEL_REST_MS: '30000',
      METRICS_PORT: `${await freePort()}`,
    };
    server = startProduct(workerEnv, 'server-main');
    worker = startProduct(workerEnv, 'worker-main');
    const [at, workerAt] = await Promise.all([server.ready, worker.ready]);
    url = at;
    prometheus = await startPrometheus({
      jobs: { server: at, worker: workerAt },
      scrapeMs: 10_000 / FASTER,
      rules: { text: alertsFasterBy(FASTER), evaluateMs: 5_000 / FASTER },
    });
    await vi.waitFor(async () => expect(await prometheus.query('sum(up) == 2')).toEqual([2]), WITHIN);
  });

  afterAll(async () => {
    prometheus?.stop();
    for (const product of [server, worker]) product?.kill();
    await Promise.all([server?.ended, worker?.ended]);
    for (const proxy of [postgres, redis, model]) await proxy?.stop();
    await upstream?.close();
  });

  const named = async (name: string) =>
    (await prometheus.firing()).filter(({ labels }) => labels.alertname === name);
  const fires = (name: string, labels: Record<string, string> = {}) =>
    vi.waitFor(async () => {
      expect(await named(name)).toEqual([
        expect.objectContaining({ labels: expect.objectContaining({ alertname: name, ...labels }) }),
      ]);
    }, WITHIN);
  const clears = (...names: string[]) =>
    vi.waitFor(async () => {
      for (const name of names) expect(await named(name)).toEqual([]);
    }, WITHIN);
  /** Waits until an alert has been active for a minute. Returns all that fire then. */
  const forAMinute = async (name: string): Promise<FiringAlert[]> => {
    await vi.waitFor(async () => {
      const [alert] = await named(name);
      expect(Date.now() - (alert?.since ?? Number.POSITIVE_INFINITY)).toBeGreaterThan(MINUTE_MS);
    }, WITHIN);
    return prometheus.firing();
  };
  const request = async (query: string, variables: object) => {
    const response = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()).data;
  };

  test('name PostgreSQL, and nothing else, when it is unavailable for a minute', async () => {
    postgres.cut();
    await fires('StoreDown', { store: 'postgresql', severity: 'critical' });
    expect((await forAMinute('StoreDown')).map(({ labels }) => labels.alertname)).toEqual(['StoreDown']);
    postgres.restore();
    await clears('StoreDown');
  });

  test('name Redis, and nothing else, when it is unavailable for a minute', async () => {
    redis.cut();
    await fires('StoreDown', { store: 'redis', severity: 'critical' });
    expect((await forAMinute('StoreDown')).map(({ labels }) => labels.alertname)).toEqual(['StoreDown']);
    redis.restore();
    await clears('StoreDown');
    expect(await prometheus.firing()).toEqual([]);
  });

  test('name the worker that was killed', async () => {
    worker.kill();
    await worker.ended;
    await fires('WorkerDown', { job: 'worker', severity: 'critical' });
    await fires('NoWorker', { severity: 'critical' });
    worker = startProduct(workerEnv, 'worker-main');
    await worker.ready;
    await clears('WorkerDown', 'NoWorker');
  });

  test('name the model whose server is unavailable', async () => {
    model.cut();
    const talks = Array.from({ length: 8 }, async () => {
      const { createConversation } = await request(CREATE, { input: { greet: false } });
      const { id } = createConversation.conversation;
      await request(SEND, { input: { conversationId: id, text: 'Are you there?' } });
    });
    await Promise.all(talks);
    const [called] = await vi.waitFor(async () => {
      const firing = await named('ModelCallsFail');
      expect(firing).toHaveLength(1);
      return firing;
    }, WITHIN);
    expect(called?.annotations.summary).toContain(called?.labels.model);
    await fires('ModelBreakerOpen', { model: called?.labels.model ?? '' });
    model.restore();
    // The breaker is half-open after its rest, and no call is made: both clear by themselves.
    await clears('ModelCallsFail', 'ModelBreakerOpen');
  });
}

const WITHIN = { timeout: 90_000, interval: 250 };
