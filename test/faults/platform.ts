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

/** A caller waits 1.8 s for a store; a busy machine adds to that. In milliseconds. */
export const REFUSED_WITHIN_MS = 3_000;

/** Why the fault suites cannot run here; empty when they can. */
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

/** One or several servers of one test. */
export interface RemovableRedis {
  /** For REDIS_URL. */
  readonly url: string;
  remove(): Promise<void>;
}

export interface PlatformOptions<R> {
  servers?: number;
  workers?: number;
  /** Which it stands on; one server as it is shipped unless given. It is removed with the platform. */
  redis?: R;
  env?: Record<string, string>;
  /** What each kind of process has in its environment beside that. */
  envOf?: EnvOf;
}

type Part = Exclude<Entry, 'main'>;
type EnvOf = Partial<Record<Part, Record<string, string>>>;

/** The whole platform in processes of its own, with a PostgreSQL and a Redis of its own, and a model that counts. */
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
      // No nudge comes between what a test says and what it hears.
      IDLE_NUDGE_MS: '600000',
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

  /** As when its machine fails. */
  async kill(instance: Instance): Promise<void> {
    this.#forget(instance);
    instance.product.kill();
    await instance.product.ended;
  }

  #forget(instance: Instance): void {
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

  /** A conversation, and somebody who listens to it. */
  async conversation(): Promise<{ id: string; listener: FaithfulListener }> {
    const { data } = await this.request(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
    const { id, latestEventCursor } = data.createConversation.conversation;
    const listener = new FaithfulListener(this.urls, id, latestEventCursor, this.#listeners.length);
    this.#listeners.push(listener);
    return { id, listener };
  }

  /** Says something; answers the payload, and how long it took in milliseconds. */
  async send(conversationId: string, text: string, server = 0): Promise<Data & { ms: number }> {
    const begun = performance.now();
    const { data } = await this.request(SEND, { input: { conversationId, text } }, server);
    return { ...data.sendMessage, ms: performance.now() - begun };
  }

  /** The stored messages, oldest first, once the one of this turn is among them. */
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

  /** Why listening to a conversation is refused. */
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

  /** What a server says of its readiness: status and body. */
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

  /** The memory of the first server, as it measures it itself. */
  async residentBytes(): Promise<number> {
    const shown = await (await fetch(`${this.servers[0]?.url}/metrics`)).text();
    return Number(/^process_resident_memory_bytes (\S+)$/m.exec(shown)?.[1] ?? Number.NaN);
  }

  /** The newest messages, the turn being spoken, and the one that failed last. */
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

  /** One more device of somebody who listens already. */
  listenAlso(conversationId: string, { cursor }: FaithfulListener): FaithfulListener {
    const listener = new FaithfulListener(this.urls, conversationId, cursor, this.#listeners.length);
    this.#listeners.push(listener);
    return listener;
  }

  /** As a deploy does it. */
  async retire(instance: Instance): Promise<void> {
    this.#forget(instance);
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

/** What the model is asked to say to `Count <name> to <count>`: `name:1 name:2 … `. */
export function count(name: string, to: number): string {
  return Array.from({ length: to }, (_, i) => `${name}:${i + 1} `).join('');
}

type Asked = { messages: readonly { role: string; content: string }[] };

/** The newest message that a request answers, `Count <name> to <count>`, and its parts. */
export function askedOf({ messages }: Asked): { text: string; name: string; to: number } {
  const asked = messages.flatMap(({ role, content }) => (role === 'user' ? content.split('\n') : []));
  const questions = asked.flatMap((line) => [...line.matchAll(/^Count (\S+) to (\d+)$/g)]);
  const [text = '', name = '', to = '0'] = questions.at(-1) ?? [];
  return { text, name, to: Number(to) };
}

/** A model that counts as it is asked, and goes on from exactly where it had got to. */
export function countOn(request: Asked): string {
  const { name, to } = askedOf(request);
  const whole = count(name, to);
  const said = request.messages.findLast(({ role }) => role === 'assistant')?.content ?? '';
  return said !== '' && whole.startsWith(said) ? whole.slice(said.length) : whole;
}
