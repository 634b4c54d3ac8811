import { type Conversation, connect, type TaskFlow } from '@taskflow/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FakeStorage } from '../packages/client/src/testing.ts';
import { type Backend, describeBackends } from './support/backends.ts';
import { type CuttableProxy, startCuttableProxy } from './support/cuttable-proxy.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { SeededRandom } from './support/seeded-random.ts';
import { requestAs, tokenFor, WITH_TOKENS } from './support/tokens.ts';

/** How often something is cut; CUTS sets another number, and CUTS_SEED another course of things. */
const CUTS = Number(process.env.CUTS ?? 200);
const SEED = Number(process.env.CUTS_SEED ?? 1);
/** No limit is what a test of lost messages is about. */
const UNLIMITED = Object.fromEntries(
  ['MESSAGES_PER_OWNER', 'MESSAGES_PER_ADDRESS', 'HANDSHAKES_PER_ADDRESS', 'SUBSCRIBES_PER_OWNER'].map(
    (name) => [name, '1000000'],
  ),
);

const CREATE = /* GraphQL */ `
  mutation {
    createConversation(input: { greet: false, pacing: INSTANT }) {
      ... on CreateConversationSuccess { conversation { id } }
    }
  }
`;
const MESSAGES = /* GraphQL */ `
  query ($id: ID!, $after: String) {
    conversation(id: $id) {
      messages(first: 100, after: $after) {
        nodes { id role content clientMessageId }
        pageInfo { hasNextPage endCursor }
      }
    }
  }
`;

/** One tab after another of one browser: they share a storage, and a network that is cut. */
class Browser {
  readonly #storage = new FakeStorage();
  readonly #network = new EventTarget();
  readonly #url: string;
  readonly #id: string;
  readonly #random: SeededRandom;
  /** In seconds. */
  #life = 600;
  #client: TaskFlow;
  #off = () => {};

  constructor(url: string, id: string, random: SeededRandom) {
    this.#url = url;
    this.#id = id;
    this.#random = random;
    this.#client = this.#open();
  }

  get conversation(): Conversation {
    return this.#client.conversation(this.#id);
  }

  /** How many messages are kept, which the server has not accepted as far as this browser knows. */
  get kept(): number {
    return this.#storage.length;
  }

  /** Closes the tab in the middle of what it does, and opens another. */
  reload(): void {
    this.#off();
    void this.#client.close();
    this.#client = this.#open();
  }

  /** The token of the next connection expires after a second; that of the one after it does not. */
  shorten(): void {
    this.#life = 1;
  }

  online(): void {
    this.#network.dispatchEvent(new Event('online'));
  }

  offline(): void {
    this.#network.dispatchEvent(new Event('offline'));
  }

  /** Resolves after up to `most` changes of what the tab shows, or when it shows that nothing is on its way. */
  async changes(most: number): Promise<void> {
    let left = this.#random.between(0, most);
    await this.until(() => left-- <= 0 || this.#isIdle());
  }

  /** Resolves as soon as this is true; asked after each change of what the tab shows. */
  until(isTrue: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const check = () => {
        if (!isTrue()) return;
        off();
        resolve();
      };
      const off = this.conversation.subscribe(check);
      check();
    });
  }

  async close(): Promise<void> {
    this.#off();
    await this.#client.close();
  }

  #isIdle(): boolean {
    const { phase, outgoing, turn, isAwaited } = this.conversation.getSnapshot();
    return phase === 'live' && outgoing.length === 0 && !turn && !isAwaited;
  }

  #open(): TaskFlow {
    const client = connect({
      url: `${this.#url}/graphql`,
      storage: this.#storage,
      network: this.#network,
      webSocketImpl: WebSocket,
      token: async () => {
        const life = this.#life;
        this.#life = 600;
        return tokenFor({ sub: 'ann' }, life);
      },
    });
    this.#off = client.conversation(this.#id).subscribe(() => {});
    return client;
  }
}

await describeBackends('@taskflow/client', suite, { embedded: false });

function suite(backend: Backend) {
  let env: Record<string, string>;
  let system: TestSystem;
  let edge: TestSystem;
  let proxy: CuttableProxy;

  beforeAll(async () => {
    env = { ...(await backend.env()), ...WITH_TOKENS, ...UNLIMITED };
    [system, edge] = [await startTestSystem(env), await startTestSystem(env, { worker: false })];
    system.upstream.answerAll(({ messages }) => `You said: ${messages.at(-1)?.content}`);
    proxy = await startCuttableProxy(edge.url);
  });
  afterAll(async () => {
    await proxy?.stop();
    await edge?.stop();
    await system?.stop();
  });

  /** Replaces the server behind the network: it is there again, elsewhere, before the other one stops. */
  async function restart(): Promise<void> {
    const before = edge;
    edge = await startTestSystem(env, { worker: false });
    proxy.aim(edge.url);
    await before.stop();
  }

  async function stored(token: string, id: string) {
    const nodes: { role: string; content: string; clientMessageId: string | null }[] = [];
    for (let after: string | null = null; ; ) {
      const { data } = await requestAs(system.url, token, MESSAGES, { id, after });
      const page: { nodes: typeof nodes; pageInfo: { hasNextPage: boolean; endCursor: string } } =
        data.conversation.messages;
      nodes.push(...page.nodes);
      if (!page.pageInfo.hasNextPage) return nodes;
      after = page.pageInfo.endCursor;
    }
  }

  test('[P-130] over cuts of every kind each message arrives exactly once, and in order', async () => {
    const random = new SeededRandom(SEED);
    const token = await tokenFor({ sub: 'ann' });
    const { data } = await requestAs(system.url, token, CREATE);
    const { id } = data.createConversation.conversation;
    const browser = new Browser(proxy.url, id, random);
    const sent: string[] = [];
    const say = () => {
      const text = `message ${sent.length} of ${SEED}`;
      sent.push(text);
      void browser.conversation.send(text);
    };
    const happened = new Map<string, number>();

    const cuts: Record<string, () => Promise<void> | void> = {
      dropped: () => void proxy.drop(),
      offline() {
        proxy.cut();
        browser.offline();
        for (let more = random.between(0, 2); more > 0; more -= 1) say();
        if (random.next() < 0.5) browser.reload();
        proxy.restore();
      },
      reloaded: () => browser.reload(),
      expired() {
        browser.shorten();
        proxy.drop();
      },
      restarted: restart,
    };
    for (let cut = 0; cut < CUTS; cut += 1) {
      if (random.next() < 0.6) say();
      await browser.changes(6);
      const kind =
        cut % 50 === 25 ? 'restarted' : random.pick(['dropped', 'dropped', 'offline', 'reloaded', 'expired']);
      happened.set(kind, (happened.get(kind) ?? 0) + 1);
      await cuts[kind]?.();
      browser.online();
    }
    say();
    await browser.until(() => {
      browser.online();
      return browser.conversation.getSnapshot().messages.some(({ content }) => content === sent.at(-1));
    });

    const messages = (await stored(token, id)).filter(({ role }) => role === 'USER');
    expect(messages.map(({ content }) => content)).toEqual(sent);
    expect(new Set(messages.map(({ clientMessageId }) => clientMessageId)).size).toBe(sent.length);
    expect(browser.kept).toBe(0);
    expect(browser.conversation.getSnapshot().outgoing).toEqual([]);
    expect(Object.keys(cuts).filter((kind) => !happened.get(kind))).toEqual([]);
    await browser.close();
  });
}
