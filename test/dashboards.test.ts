import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { METRIC } from '../core/telemetry/metric-names.ts';
import { dashboards } from '../deploy/grafana/dashboards/index.ts';
import { type Backend, describeBackends } from './support/backends.ts';
import { Heard } from './support/harness.ts';
import { CREATE, EVENTS, SEND } from './support/operations.ts';
import { buildProduct, type Product, startProduct } from './support/product.ts';
import { type Prometheus, startPrometheus } from './support/prometheus.ts';
import { type ScriptedUpstream, startScriptedUpstream } from './support/scripted-model/scripted.ts';

interface PanelModel {
  title: string;
  targets?: { expr: string }[];
}

const panels = Object.entries(dashboards()).flatMap(([name, { panels = [] }]) =>
  (panels as PanelModel[]).map((panel) => ({ name, ...panel })),
);
const queries = panels.flatMap(({ name, title, targets = [] }) =>
  targets.map(({ expr }) => [`${name}: ${title}`, expr] as const),
);

describe('the dashboards', () => {
  test.each(Object.entries(dashboards()))('%s is as npm run generate prints it', (name, board) => {
    const file = new URL(`../deploy/grafana/provisioning/dashboards/${name}.json`, import.meta.url);
    expect(readFileSync(file, 'utf8')).toBe(`${JSON.stringify(board, null, 2)}\n`);
  });

  test('show every metric of the product', () => {
    const shown = queries.map(([, expr]) => expr).join(' ');
    expect(Object.values(METRIC).filter((name) => !shown.includes(name))).toEqual([]);
  });
});

const hasPrometheus = spawnSync('prometheus', ['--version']).status === 0;
if (!hasPrometheus)
  describe('SKIPPED: the queries of the dashboards: no prometheus here', () => test.skip('them', () => {}));
else await describeBackends('the queries of the dashboards', answered, { embedded: false });

/** A Prometheus has scraped a server and a worker under a little load: every query returns data. */
function answered(backend: Backend): void {
  let upstream: ScriptedUpstream;
  let products: Product[] = [];
  let prometheus: Prometheus;
  let load: Promise<void>;
  let isOver = false;

  beforeAll(async () => {
    buildProduct();
    upstream = await startScriptedUpstream();
    const env = {
      ...(await backend.env()),
      OPENAI_BASE_URL: upstream.baseURL,
      TOKEN_WARNING_THRESHOLD: '1',
    };
    products = [startProduct(env, 'server-main'), startProduct(env, 'worker-main')];
    const [server = '', worker = ''] = await Promise.all(products.map(({ ready }) => ready));
    prometheus = await startPrometheus({ jobs: { server, worker }, scrapeMs: 500 });
    load = talk(server, upstream, () => isOver);
  });

  afterAll(async () => {
    isOver = true;
    await load;
    prometheus.stop();
    for (const product of products) product.terminate();
    await Promise.all(products.map(({ ended }) => ended));
    await upstream.close();
  });

  test.each(queries)('answers %s', async (_panel, expr) => {
    const query = expr.replaceAll('$__rate_interval', '20s');
    await vi.waitFor(
      async () => {
        const values = await prometheus.query(query);
        expect(values.some(Number.isFinite), query).toBe(true);
      },
      { timeout: 60_000, interval: 250 },
    );
  });
}

/** A little of everything: answers, interruptions, failures, redactions, listeners that resume or are lost. */
async function talk(server: string, upstream: ScriptedUpstream, isOver: () => boolean): Promise<void> {
  const request = async (query: string, variables: object) => {
    const response = await fetch(`${server}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()).data;
  };
  const client = createClient({ url: `${server.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
  while (!isOver()) {
    const { createConversation } = await request(CREATE, { input: { greet: false } });
    const { id, latestEventCursor } = createConversation.conversation;
    const say = (text: string) => request(SEND, { input: { conversationId: id, text } });
    const listener = new Heard(client, EVENTS, { conversationId: id, after: latestEventCursor });
    await say('mail me at asha@example.com');
    await (await upstream.nextRequest()).send('I am saying a few words ');
    await listener.until('TurnTextAdded');
    await say('no, wait');
    await listener.until('TurnInterrupted');
    const call = await upstream.nextRequest();
    await call.send('Yes. ');
    await call.finish();
    await listener.until('TurnCompleted');
    await say('fail');
    await (await upstream.nextRequest()).fail(401, {});
    await listener.until('TurnFailed');
    const { createConversation: other } = await request(CREATE, { input: { greet: false } });
    const stranger = { conversationId: id, after: other.conversation.latestEventCursor };
    const lost = new Heard(client, EVENTS, stranger);
    await lost.until('FeedReset');
    lost.stop();
    listener.stop();
  }
  await client.dispose();
}
