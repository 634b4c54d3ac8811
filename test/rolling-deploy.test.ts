import type { ChatRequest } from '@taskflow/demo-model';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { SEAM } from '../core/prompt/exchange.ts';
import { isContinueRequest } from '../core/prompt/prompt.ts';
import { describeBackends } from './support/backends.ts';
import { type Balancer, startBalancer } from './support/balancer.ts';
import type { Data } from './support/harness.ts';
import { buildProduct, type Entry, type Product, startProduct } from './support/product.ts';
import { type ScriptedUpstream, startScriptedUpstream } from './support/scripted-model/scripted.ts';
import { startTalker, type Talker } from './support/talker.ts';

const CONVERSATIONS = 12;
/** Shorter than an answer takes, so that some answers are finished and others are handed over. */
const WORKER_GRACE_MS = 500;
/** Time in which a server must exit, and a worker after its grace period, in milliseconds. */
const GONE_WITHIN_MS = 10_000;

const STORED = /* GraphQL */ `
  query Stored($id: ID!) {
    conversation(id: $id) { messages(last: 100) { edges { node { id role content status } } } }
  }
`;

await describeBackends(
  'a deploy under load',
  (backend) => {
    let env: Record<string, string>;
    let upstream: ScriptedUpstream;
    let balancer: Balancer;
    const started: Instance[] = [];
    const talkers: Talker[] = [];

    async function start(entry: Entry): Promise<Instance> {
      const product = startProduct(env, entry);
      const instance = { product, entry, url: '' };
      started.push(instance);
      instance.url = await product.ready;
      if (entry === 'server-main') balancer.add(instance.url);
      return instance;
    }

    /** Starts a new one, stops the old one, takes it out of the balancer once it is not ready, and waits for its exit. */
    async function replace(old: Instance): Promise<Departure> {
      await start(old.entry);
      const since = performance.now();
      old.product.terminate();
      // On a busy machine it may be gone before anybody asks: to a balancer that is the same.
      const readiness = () =>
        fetch(`${old.url}/health/ready`).then(
          ({ status }) => status,
          () => 503,
        );
      await vi.waitFor(async () => expect(await readiness()).toBe(503), { interval: 10, timeout: 60_000 });
      balancer.remove(old.url);
      const { code, stderr } = await old.product.ended;
      return { code, stderr, tookMs: performance.now() - since };
    }

    beforeAll(async () => {
      buildProduct();
      upstream = await startScriptedUpstream();
      upstream.answerAll(restOfTheAnswer, { chunkSize: 12, delayMs: 50 });
      balancer = await startBalancer();
      env = {
        ...(await backend.env()),
        OPENAI_BASE_URL: upstream.baseURL,
        IDLE_NUDGE_MS: '3600000',
        DRAIN_DELAY_MS: '500',
        WORKER_GRACE_MS: `${WORKER_GRACE_MS}`,
      };
    });
    afterAll(async () => {
      for (const talker of talkers) await talker.stop();
      for (const { product } of started) product.kill();
      await Promise.all(started.map(({ product }) => product.ended));
      await balancer.stop();
      await upstream.close();
    });

    test('of every instance, one by one, loses nothing and repeats nothing', async () => {
      const entries: Entry[] = ['server-main', 'worker-main', 'server-main', 'worker-main'];
      const old = await Promise.all(entries.map(start));
      for (let i = 0; i < CONVERSATIONS; i++) talkers.push(await startTalker(balancer.url, `talker ${i}`));

      for (const pair of [old.slice(0, 2), old.slice(2)]) {
        const [server, worker] = await Promise.all(pair.map(replace));
        expect(server).toMatchObject({ code: 0, stderr: '' });
        expect(worker).toMatchObject({ code: 0, stderr: '' });
        expect(server?.tookMs).toBeLessThan(GONE_WITHIN_MS);
        expect(worker?.tookMs).toBeLessThan(WORKER_GRACE_MS + GONE_WITHIN_MS);
      }
      await Promise.all(talkers.map((talker) => talker.finish()));

      for (const talker of talkers) {
        const cursors = talker.events.map(({ cursor }) => cursor);
        expect(new Set(cursors).size, 'no event is heard twice').toBe(cursors.length);
        const { edges } = (await stored(talker)).messages;
        const messages: Data[] = edges.map(({ node }: Data) => node);
        expect(messages.map(({ role, content }) => [role, content])).toEqual(
          talker.sent.flatMap(({ text }) => [
            ['USER', text],
            ['ASSISTANT', answerTo(text)],
          ]),
        );
        expect(messages.filter(({ content }) => talker.refused.includes(content))).toEqual([]);
        for (const { turnId, messageId, text } of talker.sent) {
          const turn = talker.events.filter((event) => event.turnId === turnId);
          expect(turn.map(({ __typename }) => __typename).filter((type) => type !== 'TurnTextAdded')).toEqual(
            ['TurnStarted', 'TurnCompleted'],
          );
          expect(heardIn(turn)).toBe(answerTo(text));
          expect(talker.events.filter(({ message }) => message?.id === messageId)).toHaveLength(1);
          expect(messages.find(({ id }) => id === turnId)).toMatchObject({ status: 'COMPLETED' });
        }
      }
      const continued = upstream.requests.filter(({ messages }) =>
        isContinueRequest(messages.at(-1)?.content ?? ''),
      );
      expect(continued.length, 'answers were handed over in their middle').toBeGreaterThan(0);
      const left = talkers.reduce((sum, { closes }) => sum + (closes.get(1001) ?? 0), 0);
      expect(left, 'sockets closed with 1001').toBeGreaterThanOrEqual(CONVERSATIONS);
      expect(talkers.flatMap(({ closes }) => [...closes.keys()]).filter((code) => code !== 1001)).toEqual([]);
    });

    async function stored({ conversationId }: Talker): Promise<Data> {
      const response = await fetch(`${balancer.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query: STORED, variables: { id: conversationId } }),
      });
      return ((await response.json()) as Data).data.conversation;
    }
  },
  { embedded: false },
);

interface Instance {
  product: Product;
  entry: Entry;
  url: string;
}

interface Departure {
  code: number | null;
  stderr: string;
  tookMs: number;
}

/** The model's answer to a message: about two seconds of it, no two words alike. */
function answerTo(text: string): string {
  return Array.from({ length: 40 }, (_, i) => `${text}:${i}`).join(' ');
}

/** The rest of the answer, where another worker has already spoken a part. */
function restOfTheAnswer({ messages }: ChatRequest): string {
  const questions = messages.filter(({ role, content }) => role === 'user' && !isContinueRequest(content));
  // Joined to the message before it, where the answer to that one was heard and is not stored yet.
  const whole = answerTo(questions.at(-1)?.content.split(SEAM).at(-1) ?? '');
  if (!isContinueRequest(messages.at(-1)?.content ?? '')) return whole;
  const spoken = messages.at(-2)?.content ?? '';
  return whole.startsWith(spoken) ? whole.slice(spoken.length) : `not from the start: ${spoken}`;
}

/** The tokens of a turn, joined; each must begin where the one before it ended. */
function heardIn(turn: Data[]): string {
  let text = '';
  for (const token of turn.filter(({ __typename }) => __typename === 'TurnTextAdded')) {
    expect(token.offset, 'tokens follow each other').toBe(text.length);
    text += token.text;
  }
  return text;
}
