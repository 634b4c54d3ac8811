import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';
import { type Data, type GraphQLResult, Heard } from '../support/harness.ts';
import { CONVERSATION, CREATE, EVENTS, SEND } from '../support/operations.ts';
import { buildProduct, type Entry, type Product, startProduct } from '../support/product.ts';
import type { ScriptedUpstream } from '../support/scripted-model/scripted.ts';
import { startScriptedUpstream } from '../support/scripted-model/scripted.ts';
import { createOwnPostgres, hasPostgresServer } from '../support/servers/own-postgres.ts';
import { createOwnRedis, hasRedisServer, type OwnRedis } from '../support/servers/own-redis.ts';
import { FaithfulListener } from './faithful-listener.ts';

/** Longest time to a refusal, in milliseconds: a call waits 1.8 s for a store, and longer on a busy machine; the fault takes 10 s. */
export const REFUSED_WITHIN_MS = 8_000;

/** What the fault suites need and this machine lacks; empty when they can run. */
export function lacking(): string {
  return [hasRedisServer() ? '' : 'redis-server', hasPostgresServer() ? '' : 'postgres']
    .filter(Boolean)
    .join(' and ');
}

export interface Instance {
  readonly product: Product;
  /** Empty for a worker. */
  readonly url: string;
}

/** One or several Redis servers of one test. */
export interface RemovableRedis {
  /** For REDIS_URL. */
  readonly url: string;
  remove(): Promise<void>;
}

export interface PlatformOptions<R> {
  servers?: number;
  workers?: number;
  /** The Redis to use; one server with the shipped configuration unless given. It is removed with the platform. */
  redis?: R;
  env?: Record<string, string>;
  /** Further variables of each kind of process. */
  envOf?: EnvOf;
}

type Part = Exclude<Entry, 'main'>;
type EnvOf = Partial<Record<Part, Record<string, string>>>;

/** The whole platform in processes of its own, with its own PostgreSQL and Redis, and a model that counts. */
export class Platform<R extends RemovableRedis = OwnRedis> {
  readonly postgres: Awaited<ReturnType<typeof createOwnPostgres>>;
  readonly redis: R;
  readonly upstream: ScriptedUpstream;
  readonly servers: Instance[] = [];
  readonly workers: Instance[] = [];
  readonly #env: Record<string, string>;
  readonly #envOf: EnvOf;
  readonly #listeners: FaithfulListener[] = [];

  private constructor(
    postgres: Platform['postgres'],
    redis: R,
    upstream: ScriptedUpstream,
    { env = {}, envOf = {} }: PlatformOptions<R>,
  ) {
    this.postgres = postgres;
    this.redis = redis;
    this.upstream = upstream;
    this.#envOf = envOf;
    this.#env = {
      DATABASE_URL: postgres.url,
      REDIS_URL: redis.url,
      OPENAI_BASE_URL: upstream.baseURL,
      METRICS_PORT: '0',
      // No nudge may come between a test's message and its answer.
      IDLE_NUDGE_MS: '600000',
      // One address sends all of the messages.
      MESSAGES_PER_ADDRESS: '0',
      ...env,
    };
  }

  static async start<R extends RemovableRedis = OwnRedis>(
    options: PlatformOptions<R> = {},
  ): Promise<Platform<R>> {
    const { servers = 2, workers = 2 } = options;
    buildProduct();
    const [postgres, redis, upstream] = await Promise.all([
      createOwnPostgres(),
      options.redis ?? (createOwnRedis() as unknown as Promise<R>),
      startScriptedUpstream(),
    ]);
    const platform = new Platform<R>(postgres, redis, upstream, options);
    await platform.add('server-main');
    await Promise.all([
      ...Array.from({ length: servers - 1 }, () => platform.add('server-main')),
      ...Array.from({ length: workers }, () => platform.add('worker-main')),
    ]);
    return platform;
  }

  async add(entry: Part): Promise<Instance> {
    const product = startProduct({ ...this.#env, ...this.#envOf[entry] }, entry);
    const instance = { product, url: await product.ready };
    (entry === 'server-main' ? this.servers : this.workers).push(instance);
    return instance;
  }

  /** Kills it, as when its machine fails. */
  async kill(instance: Instance): Promise<void> {
    this.#removeInstance(instance);
    instance.product.kill();
    await instance.product.ended;
  }

  #removeInstance(instance: Instance): void {
    for (const all of [this.servers, this.workers]) {
      const at = all.indexOf(instance);
      if (at >= 0) all.splice(at, 1);
    }
  }

  urls = (): readonly string[] => this.servers.map(({ url }) => url);

  async request(query: string, variables?: Record<string, unknown>, server = 0): Promise<GraphQLResult> {
    const response = await fetch(`${this.servers[server]?.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ query, variables }),
    });
    return (await response.json()) as GraphQLResult;
  }

  /** A new conversation and its listener. */
  async conversation(): Promise<{ id: string; listener: FaithfulListener }> {
    const { data } = await this.request(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
    const { id, latestEventCursor } = data.createConversation.conversation;
    const listener = new FaithfulListener(this.urls, id, latestEventCursor, this.#listeners.length);
    this.#listeners.push(listener);
    return { id, listener };
  }

  /** Sends a message. Returns the payload, and the duration in milliseconds. */
  async send(conversationId: string, text: string, server = 0): Promise<Data & { ms: number }> {
    const begun = performance.now();
    const { data } = await this.request(SEND, { input: { conversationId, text } }, server);
    return { ...data.sendMessage, ms: performance.now() - begun };
  }

  /** The stored answer of this turn, once there is one. */
  async stored(conversationId: string, turnId: string): Promise<Data> {
    while (true) {
      const { data } = await this.request(CONVERSATION, { id: conversationId });
      const nodes: Data[] = data?.conversation?.messages.nodes ?? [];
      const answer = nodes.find(({ id }) => id === turnId);
      if (answer) return answer;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  async messages(conversationId: string): Promise<Data[]> {
    return (await this.look(conversationId)).messages;
  }

  /** The error with which a subscription to a conversation is refused. */
  async refusalOf(conversationId: string): Promise<Data> {
    const client = createClient({
      url: `${this.servers[0]?.url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
    });
    const heard = new Heard(client, EVENTS, { conversationId });
    const refusal = await heard.result().then(
      ({ errors }) => errors?.[0],
      (errors) => errors[0],
    );
    await client.dispose();
    return refusal;
  }

  /** The readiness of a server: status and body. */
  async readiness(server = 0): Promise<[number, string]> {
    const response = await fetch(`${this.servers[server]?.url}/health/ready`);
    return [response.status, await response.text()];
  }

  /** Resolves when every server and worker is ready. */
  async untilReady(): Promise<void> {
    for (const { url } of [...this.servers, ...this.workers])
      while ((await fetch(`${url}/health/ready`)).status !== 200)
        await new Promise((resolve) => setTimeout(resolve, 50));
  }

  /** Resident memory of the first server, as it reports it, in bytes. */
  async residentBytes(): Promise<number> {
    const shown = await (await fetch(`${this.servers[0]?.url}/metrics`)).text();
    return Number(/^process_resident_memory_bytes (\S+)$/m.exec(shown)?.[1] ?? Number.NaN);
  }

  /** The newest messages, the open turn, and the turn that failed last. */
  async look(
    conversationId: string,
  ): Promise<{ messages: Data[]; turnId: string | null; failedTurnId: string | null }> {
    const { conversation } = (await this.request(CONVERSATION, { id: conversationId })).data;
    const messages = conversation.messages.nodes;
    const failed = messages.findLast(({ failure }: Data) => failure);
    const { activeTurn, failure = null } = conversation;
    const failedTurnId = failed?.failure.turnId ?? failure?.turnId ?? null;
    return { messages, turnId: activeTurn?.turnId ?? null, failedTurnId };
  }

  /** Every message, oldest first. */
  async allMessages(conversationId: string): Promise<Data[]> {
    const messages: Data[] = [];
    let after: string | null = null;
    do {
      const { data } = await this.request(MESSAGES, { id: conversationId, after });
      const { edges, pageInfo } = data.conversation.messages;
      messages.push(...edges.map(({ node }: Data) => node));
      after = pageInfo.hasNextPage ? pageInfo.endCursor : null;
    } while (after);
    return messages;
  }

  /** Another device of an existing listener. */
  listenAlso(conversationId: string, { cursor }: FaithfulListener): FaithfulListener {
    const listener = new FaithfulListener(this.urls, conversationId, cursor, this.#listeners.length);
    this.#listeners.push(listener);
    return listener;
  }

  /** Stops it, as a deploy does. */
  async retire(instance: Instance): Promise<void> {
    this.#removeInstance(instance);
    instance.product.terminate();
    await instance.product.ended;
  }

  async stop(): Promise<void> {
    for (const listener of this.#listeners) await listener.stop();
    for (const { product } of [...this.servers, ...this.workers]) product.kill();
    await Promise.all([...this.servers, ...this.workers].map(({ product }) => product.ended));
    await this.upstream.close();
    await this.redis.remove();
    await this.postgres.remove();
  }
}

const MESSAGES = /* GraphQL */ `
  query Messages($id: ID!, $after: String) {
    conversation(id: $id) {
      messages(first: 100, after: $after) {
        edges { node { id role content status failure { turnId code } } }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`;

/** The model's answer to `Count <name> to <count>`: `name:1 name:2 … `. */
export function count(name: string, to: number): string {
  return Array.from({ length: to }, (_, i) => `${name}:${i + 1} `).join('');
}

type Asked = { messages: readonly { role: string; content: string }[] };

/** The newest message of a request, `Count <name> to <count>`, and its parts. */
export function askedOf({ messages }: Asked): { text: string; name: string; to: number } {
  const asked = messages.flatMap(({ role, content }) => (role === 'user' ? content.split('\n') : []));
  const questions = asked.flatMap((line) => [...line.matchAll(/^Count (\S+) to (\d+)$/g)]);
  const [text = '', name = '', to = '0'] = questions.at(-1) ?? [];
  return { text, name, to: Number(to) };
}

/** A model that counts as asked, and continues an answer exactly where it stopped. */
export function countOn(request: Asked): string {
  const { name, to } = askedOf(request);
  const whole = count(name, to);
  const said = request.messages.findLast(({ role }) => role === 'assistant')?.content ?? '';
  return said !== '' && whole.startsWith(said) ? whole.slice(said.length) : whole;
}
