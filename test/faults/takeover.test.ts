import { createClient } from 'graphql-ws';
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { describeBackends } from '../support/backends.ts';
import { type Data, type GraphQLResult, Heard } from '../support/harness.ts';
import { rowIdOf } from '../support/node-ids.ts';
import { CONVERSATION, CREATE, EVENTS, SEND } from '../support/operations.ts';
import { buildProduct, type Product, startProduct } from '../support/product.ts';
import { type ScriptedUpstream, startScriptedUpstream } from '../support/scripted-model/scripted.ts';
import { refusalsOf } from '../support/strict-servers.ts';

await describeBackends(
  'when a part dies in mid-answer',
  (backend) => {
    let env: Record<string, string>;
    let upstream: ScriptedUpstream;
    let url: string;
    const running: Product[] = [];
    const clients: ReturnType<typeof createClient>[] = [];

    async function start(entry: 'server-main' | 'worker-main'): Promise<{ product: Product; url: string }> {
      const product = startProduct(env, entry);
      running.push(product);
      return { product, url: await product.ready };
    }
    async function request(query: string, variables?: Record<string, unknown>): Promise<GraphQLResult> {
      const response = await fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ query, variables }),
      });
      return (await response.json()) as GraphQLResult;
    }
    function listen(conversationId: string, after: string, at = url): Heard {
      const client = createClient({ url: `${at.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
      clients.push(client);
      return new Heard(client, EVENTS, { conversationId, after });
    }
    /** A conversation whose answer has been heard up to "One two three ". */
    async function speaking() {
      const { data } = await request(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
      const { id, latestEventCursor } = data.createConversation.conversation;
      const listener = listen(id, latestEventCursor);
      const sent = (await request(SEND, { input: { conversationId: id, text: 'Count' } })).data.sendMessage;
      const call = await upstream.nextRequest();
      await call.send('One two three ');
      const heard = await listener.until('TurnTextAdded');
      return { id, turnId: sent.turnId as string, listener, heard, call };
    }
    /** Resolves when the rest of the turn that is being spoken is stored. */
    const rested = async (id: string) => {
      const database = new pg.Client({ connectionString: env.DATABASE_URL });
      await database.connect();
      const query = 'SELECT FROM pending_turn_rests WHERE conversation_id = $1';
      const count = async () => (await database.query(query, [rowIdOf(id)])).rowCount;
      await expect.poll(count, { timeout: 10_000, interval: 20 }).toBe(1);
      await database.end();
    };
    const textOf = (events: Data[]): string =>
      events.reduce(
        (text, e) => (e.__typename === 'TurnTextAdded' ? text.slice(0, e.offset) + e.text : text),
        '',
      );
    const stored = (id: string, turnId: string): Promise<Data> =>
      vi.waitFor(
        async () => {
          const { messages } = (await request(CONVERSATION, { id })).data.conversation;
          const message = messages.nodes.find((node: Data) => node.id === turnId);
          expect(message).toBeDefined();
          return message;
        },
        { timeout: 60_000, interval: 50 },
      );

    beforeAll(async () => {
      buildProduct();
      upstream = await startScriptedUpstream();
      env = { ...(await backend.env()), OPENAI_BASE_URL: upstream.baseURL, LOG_LEVEL: 'info' };
      ({ url } = await start('server-main'));
    });
    afterAll(async () => {
      // A client of a killed server cannot close its connection gracefully.
      for (const client of clients) await Promise.resolve(client.dispose()).catch(() => {});
      for (const product of running) product.kill();
      await Promise.all(running.map(({ ended }) => ended));
      await upstream.close();
    });

    test('[P-32] a worker: another goes on from what was heard, and nothing is said twice', async () => {
      const { product: first } = await start('worker-main');
      const { id, turnId, listener, heard } = await speaking();
      await start('worker-main');
      const killed = Date.now();
      first.kill();
      const call = await upstream.nextRequest();
      expect(Date.now() - killed).toBeLessThan(8_000);
      expect(call.messages).toContainEqual({ role: 'assistant', content: 'One two three ' });
      expect(refusalsOf(call.messages)).toEqual([]);
      // As models do, this one repeats the last words that were heard.
      await call.send('two three fo');
      await call.send('ur five.');
      await call.finish();
      const rest = await listener.until('TurnCompleted');
      expect(rest.filter(({ __typename }) => __typename === 'TurnStarted')).toEqual([]);
      expect(rest.at(-1).turnId).toBe(turnId);
      expect(textOf([...heard, ...rest])).toBe('One two three four five.');
      expect((await stored(id, turnId)).content).toBe('One two three four five.');
    });

    test('[P-106] a worker that speaks the rest of an answer: another goes on from what was heard, and the model is not asked', async () => {
      const text = 'One two three four five six seven eight nine ten. '.repeat(12).trim();
      for (const product of running.slice(1)) product.kill();
      const { product: first } = await start('worker-main');
      const input = { greet: false, pacing: 'READING', readingWpm: 900 };
      const { id, latestEventCursor } = (await request(CREATE, { input })).data.createConversation
        .conversation;
      const listener = listen(id, latestEventCursor);
      const sent = (await request(SEND, { input: { conversationId: id, text: 'Count' } })).data.sendMessage;
      const call = await upstream.nextRequest();
      await call.send(text);
      await call.finish();
      const asked = upstream.requests.length;
      await rested(id);
      const heard = await listener.until('TurnTextAdded');
      await start('worker-main');
      first.kill();
      const rest = await listener.until('TurnCompleted');
      expect(rest.filter(({ __typename }) => __typename === 'TurnStarted')).toEqual([]);
      expect(textOf([...heard, ...rest])).toBe(text);
      expect(await stored(id, sent.turnId)).toMatchObject({ content: text, status: 'COMPLETED' });
      expect(upstream.requests.length).toBe(asked);
    });

    test('a worker that is stopped finishes its answers, and leaves new turns to another', async () => {
      for (const product of running.slice(1)) product.kill();
      const { product: leaving } = await start('worker-main');
      const { id, turnId, listener, heard, call } = await speaking();
      await start('worker-main');
      leaving.terminate();
      const another = await speaking();
      await another.call.finish();
      await another.listener.until('TurnCompleted');
      const asked = upstream.requests.length;
      await call.send('four.');
      await call.finish();
      expect(textOf([...heard, ...(await listener.until('TurnCompleted'))])).toBe('One two three four.');
      expect(await stored(id, turnId)).toMatchObject({ content: 'One two three four.', status: 'COMPLETED' });
      expect((await leaving.ended).code).toBe(0);
      expect(upstream.requests.length).toBe(asked);
    });

    test('a worker that is stopped and has no time to finish hands over its answers', async () => {
      for (const product of running.slice(1)) product.kill();
      env.WORKER_GRACE_MS = '200';
      const { product: leaving } = await start('worker-main');
      const { id, turnId, listener, heard } = await speaking();
      await start('worker-main');
      leaving.terminate();
      expect((await leaving.ended).code).toBe(0);
      const call = await upstream.nextRequest();
      await call.send('four.');
      await call.finish();
      const rest = await listener.until('TurnCompleted');
      expect(textOf([...heard, ...rest])).toBe('One two three four.');
      expect(await stored(id, turnId)).toMatchObject({ content: 'One two three four.', status: 'COMPLETED' });
    });

    test('a server: its listeners resume on another', async () => {
      const other = await start('server-main');
      const { id, heard, call } = await speaking();
      running[0]?.kill();
      url = other.url;
      const listener = listen(id, heard.at(-1).cursor);
      await call.send('four.');
      await call.finish();
      expect(textOf([...heard, ...(await listener.until('TurnCompleted'))])).toBe('One two three four.');
    });
  },
  { embedded: false },
);
