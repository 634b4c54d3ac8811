import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Client, createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type App, openApp } from '../../core/app.ts';
import { loadConfig } from '../../core/config/config.ts';
import { clientDir } from '../../core/installation/installed-files.ts';
import { createLog, type Log } from '../../core/telemetry/log.ts';
import { type RunningServer, startServer } from '../../server/server.ts';
import { startWorker } from '../../worker/worker.ts';
import { quickStores } from './backends.ts';
import { prepareDataDir } from './embedded-template.ts';
import { type ScriptedUpstream, startScriptedUpstream } from './scripted-model/scripted.ts';

export interface TestSystem {
  readonly app: App;
  readonly url: string;
  readonly upstream: ScriptedUpstream;
  /** Sends an operation over HTTP. Returns its result, also one with errors. */
  request(query: string, variables?: Record<string, unknown>): Promise<GraphQLResult>;
  /** Opens a subscription over WebSocket with the real graphql-ws client. */
  listen(query: string, variables?: Record<string, unknown>): Heard;
  stop(): Promise<void>;
}

// biome-ignore lint/suspicious/noExplicitAny: a result of whatever was asked for
export type Data = any;

export interface GraphQLResult {
  data?: Data;
  errors?: { message: string; path?: (string | number)[]; extensions?: Record<string, unknown> }[];
}

/**
 * The whole product in this process, on stores of its own, with a model whose answers the test gives. `worker` false: only
 * its server. `log`: where it logs, unless to standard output.
 */
export async function startTestSystem(
  env: Record<string, string> = {},
  { worker: works = true, log: given }: { worker?: boolean; log?: Log } = {},
): Promise<TestSystem> {
  const dataDir = await mkdtemp(join(tmpdir(), 'taskflow-test-'));
  const isStoreGiven = env.DATABASE_URL !== undefined || env.DATA_DIR !== undefined;
  const stores = isStoreGiven ? null : await quickStores();
  const chosen = { ...stores?.env, ...env };
  if (!chosen.DATABASE_URL && !chosen.DATA_DIR) await prepareDataDir(dataDir);
  const upstream = await startScriptedUpstream();
  const config = loadConfig({
    PORT: '0',
    DATA_DIR: dataDir,
    OPENAI_BASE_URL: upstream.baseURL,
    LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
    ...chosen,
  });
  const log = given ?? createLog({ level: config.logLevel, format: 'json' });
  const app = await openApp({ config, log, service: 'taskflow' });
  const worker = works ? await startWorker(app, { onStop: 'interrupt' }) : null;
  const server = await startServer(app, clientDir());
  const clients: Client[] = [];
  return {
    app,
    url: server.url,
    upstream,
    request: (query, variables) => requestOver(server, query, variables),
    listen(query, variables) {
      const client = createClient({
        url: `${server.url.replace('http', 'ws')}/graphql`,
        webSocketImpl: WebSocket,
      });
      clients.push(client);
      return new Heard(client, query, variables);
    },
    async stop() {
      for (const client of clients) await client.dispose();
      await worker?.stop();
      await server.stop();
      await app.stop();
      await upstream.close();
      await stores?.remove();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function requestOver(
  server: RunningServer,
  query: string,
  variables?: Record<string, unknown>,
): Promise<GraphQLResult> {
  const response = await fetch(`${server.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ query, variables }),
  });
  return (await response.json()) as GraphQLResult;
}

/** The results of a subscription, as a queue. */
export class Heard {
  readonly #results: GraphQLResult[] = [];
  #wake: (() => void) | null = null;
  #over: unknown = null;
  readonly stop: () => void;

  constructor(client: Client, query: string, variables: Record<string, unknown> = {}) {
    const ended = (why: unknown) => {
      this.#over = why;
      this.#wake?.();
    };
    this.stop = client.subscribe(
      { query, variables },
      {
        next: (result) => {
          this.#results.push(result as GraphQLResult);
          this.#wake?.();
        },
        error: (error) => ended(error ?? new Error('the subscription failed without a reason')),
        complete: () => ended(new Error('completed')),
      },
    );
  }

  /** The next result. Rejects if the subscription ends instead. */
  async result(): Promise<GraphQLResult> {
    while (this.#results.length === 0) {
      if (this.#over) throw this.#over;
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    return this.#results.shift() as GraphQLResult;
  }

  /** The next event: the one field of the next result. */
  async event(): Promise<Data> {
    const { data, errors } = await this.result();
    if (errors) throw new Error(JSON.stringify(errors));
    return Object.values(data)[0];
  }

  /** Every event up to and including the first of this type. */
  async until(type: string): Promise<Data[]> {
    const events: Data[] = [];
    do events.push(await this.event());
    while (events.at(-1).__typename !== type);
    return events;
  }
}
