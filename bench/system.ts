import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { createTestDatabase } from '../test/support/database.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../test/support/scripted-model/scripted.ts';
import { type BenchProcess, startProcess } from './process.ts';

/** A server and a worker of the built product in separate processes, on PostgreSQL and Redis. */
export interface BenchSystem {
  readonly url: string;
  readonly upstream: ScriptedUpstream;
  readonly server: BenchProcess;
  readonly worker: BenchProcess;
  /** The environment of its processes. */
  readonly env: NodeJS.ProcessEnv;
  request<T = Record<string, never>>(query: string, variables?: Record<string, unknown>): Promise<T>;
  /** Starts a subscription on an open socket. `onEvent` is called for each event. */
  listen(query: string, variables: Record<string, unknown>, onEvent: (event: BenchEvent) => void): () => void;
  stop(): Promise<void>;
}

interface BenchEvent {
  __typename: string;
  cursor: string;
  text?: string;
  offset?: number;
}

const dist = join(import.meta.dirname, '..', 'dist');

/** `settings`: variables of its processes. */
export async function startBenchSystem(settings: Record<string, string> = {}): Promise<BenchSystem> {
  const database = await createTestDatabase();
  const upstream = await startScriptedUpstream();
  const env = {
    ...process.env,
    NODE_ENV: 'production',
    DATABASE_URL: database.url,
    REDIS_URL: process.env.TEST_REDIS_URL ?? 'redis://127.0.0.1:6379/8',
    REDIS_PREFIX: `bench-${process.pid}`,
    OPENAI_BASE_URL: upstream.baseURL,
    PORT: '0',
    METRICS_PORT: '0',
    LOG_FORMAT: 'json',
    LOG_LEVEL: 'info',
    ...settings,
  };
  const server = await startProcess(join(dist, 'server-main.js'), env);
  const { url } = server;
  const worker = await startProcess(join(dist, 'worker-main.js'), env);
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    // Without a token the socket would only be closed.
    lazy: settings.AUTH_JWT_SECRET !== undefined,
  });
  return {
    url,
    server,
    worker,
    upstream,
    env,
    async request<T>(query: string, variables?: Record<string, unknown>) {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      const { data, errors } = (await response.json()) as { data: T; errors?: unknown };
      if (errors) throw new Error(JSON.stringify(errors));
      return data;
    },
    listen: (query, variables, onEvent) =>
      client.subscribe<Record<string, BenchEvent>>(
        { query, variables },
        {
          next: ({ data }) => {
            for (const event of Object.values(data ?? {})) onEvent(event);
          },
          error: (error) => {
            throw error;
          },
          complete: () => {},
        },
      ),
    async stop() {
      await client.dispose();
      await upstream.close();
      for (const child of [worker, server]) await child.stop();
      await database.drop();
    },
  };
}
