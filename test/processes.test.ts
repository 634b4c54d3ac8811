import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { count, countOn } from './faults/platform.ts';
import { describeBackends } from './support/backends.ts';
import { type Data, Heard } from './support/harness.ts';
import { CONVERSATION, CREATE, EVENTS, SEND } from './support/operations.ts';
import { buildProduct, type Entry, type LogLine, type Product, startProduct } from './support/product.ts';
import { post } from './support/raw-http.ts';
import { type ScriptedUpstream, startScriptedUpstream } from './support/scripted-model/scripted.ts';

/** How long a request may take, in milliseconds: a process that is frozen never answers. */
const ANSWERED_WITHIN_MS = 3_000;

await describeBackends(
  'two processes behind one port',
  (backend) => {
    let env: Record<string, string>;
    let upstream: ScriptedUpstream;
    let product: Product;
    const started: Product[] = [];
    let url: string;
    const clients: ReturnType<typeof createClient>[] = [];

    /** It is `product` from now on. */
    function start(variables: Record<string, string>, entry?: Entry): Product {
      product = startProduct(variables, entry);
      started.push(product);
      return product;
    }

    beforeAll(async () => {
      buildProduct();
      upstream = await startScriptedUpstream();
      // An answer takes about eight seconds.
      upstream.answerAll(countOn, { chunkSize: 8, delayMs: 40 });
      env = {
        ...(await backend.env()),
        OPENAI_BASE_URL: upstream.baseURL,
        IDLE_NUDGE_MS: '3600000',
        PROCESSES: '2',
        // Two answers at once are those of two processes.
        TURN_CONCURRENCY: '1',
      };
      url = await start(env).ready;
    });
    afterAll(async () => {
      for (const client of clients) await Promise.resolve(client.dispose()).catch(() => {});
      for (const one of started) one.kill();
      await Promise.all(started.map(({ ended }) => ended));
      await upstream.close();
    });

    const ask = async (query: string, variables: Data): Promise<Data> =>
      (await post(url, { query, variables })).json();
    const get = async (path: string): Promise<[number, string]> => {
      const response = await fetch(url + path, { signal: AbortSignal.timeout(ANSWERED_WITHIN_MS) });
      return [response.status, await response.text()];
    };
    /** The newest process with this number. */
    const processOf = (number: number): LogLine | undefined =>
      product.logged('process started').findLast(({ process }) => process === number);
    const signal = (number: number, name: NodeJS.Signals) =>
      process.kill(processOf(number)?.pid ?? Number.NaN, name);

    /** A conversation whose answer is being heard. */
    async function speaking(name: string) {
      const { data } = await ask(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
      const { id, latestEventCursor: after } = data.createConversation.conversation;
      const client = createClient({ url: `${url.replace('http', 'ws')}/graphql`, webSocketImpl: WebSocket });
      clients.push(client);
      const listener = new Heard(client, EVENTS, { conversationId: id, after });
      await ask(SEND, { input: { conversationId: id, text: `Count ${name} to 200` } });
      await listener.until('TurnTextAdded');
      return { id, whole: count(name, 200) };
    }
    const answerOf = (id: string): Promise<string> =>
      vi.waitFor(
        async () => {
          const { data } = await ask(CONVERSATION, { id });
          const answer = data.conversation.messages.nodes.find(({ role }: Data) => role === 'ASSISTANT');
          expect(answer).toMatchObject({ status: 'COMPLETED' });
          return answer.content;
        },
        { interval: 50, timeout: 60_000 },
      );

    test('are ready together, in one line of the log', () => {
      expect(product.logged('ready')).toMatchObject([{ url, processes: 2 }]);
      expect(product.logged('process started').map(({ process }) => process)).toEqual([1, 2]);
    });

    test('both speak; when one is killed, its answer goes on in another that takes its place', async () => {
      const both = [await speaking('first'), await speaking('second')];
      signal(2, 'SIGKILL');
      for (const { id, whole } of both) expect(await answerOf(id)).toBe(whole);
      const continued = upstream.requests.filter(({ messages }) =>
        messages.some(({ role }) => role === 'assistant'),
      );
      expect(continued.length).toBeGreaterThan(0);
      expect(product.logged('process ended; it is started again')).toMatchObject([
        { process: 2, signal: 'SIGKILL' },
      ]);
      const pids = product.logged('process started').map(({ process, pid }) => (process === 2 ? pid : 0));
      expect(new Set(pids.filter(Boolean)).size).toBe(2);
    });

    test('any of them shows the metrics of both, each metric described once', async () => {
      const shown = async () => (await get('/metrics'))[1];
      // A turn is counted after its answer is stored; one that goes on, by whichever process ends it.
      await expect
        .poll(async () => {
          const done = (await shown()).matchAll(/^turns_total\{outcome="done",process="[12]"\} (\d)$/gm);
          return [...done].reduce((sum, [, turns]) => sum + Number(turns), 0);
        })
        .toBe(2);
      for (const number of [1, 2])
        expect(await shown()).toMatch(new RegExp(`^taskflow_build_info\\{.*process="${number}"\\} 1$`, 'm'));
      expect((await shown()).match(/^# HELP turns_total /gm)).toHaveLength(1);
    });

    test('are not live and not ready while one of them hangs', async () => {
      await expect.poll(() => get('/health/live')).toEqual([200, 'ok\n']);
      await expect.poll(() => get('/health/ready')).toEqual([200, 'ok\n']);
      signal(2, 'SIGSTOP');
      const why = 'process: Process 2 does not answer.\n';
      await expect.poll(() => get('/health/ready').catch(() => null)).toEqual([503, `not ready\n${why}`]);
      await expect.poll(() => get('/health/live').catch(() => null)).toEqual([503, `not live\n${why}`]);
      signal(2, 'SIGCONT');
      await expect.poll(() => get('/health/ready').catch(() => null)).toEqual([200, 'ok\n']);
    });

    test('end with the one that started them, which ends with 0', async () => {
      product.terminate();
      expect(await product.ended).toMatchObject({ code: 0, stderr: '' });
      expect([product.logged('stopping').length, product.logged('stopped').length]).toEqual([1, 1]);
    });

    test('do not outlive the one that started them', async () => {
      start(env, 'worker-main');
      await expect.poll(() => product.logged('process started').length).toBe(2);
      process.kill(product.pid, 'SIGKILL');
      // Its output ends when the last process that writes to it has ended.
      expect((await product.ended).code).toBe(null);
    });

    test('that cannot start are one line and exit code 1', async () => {
      const faulty = { ...env, MODELS_FILE: '/nonexistent/models.json' };
      const { code, stdout, stderr } = await start(faulty, 'worker-main').ended;
      expect(stderr).toMatch(/^taskflow: MODELS_FILE [^\n]+ cannot be read[^\n]*\n$/);
      expect(code).toBe(1);
      expect(stdout).not.toContain('is started again');
    });
  },
  { embedded: false },
);
