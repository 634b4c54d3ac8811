import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from 'graphql-ws';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { type Data, Heard } from './support/harness.ts';
import { CONVERSATION, CREATE, EVENTS, SEND } from './support/operations.ts';
import { buildProduct, type Product, startProduct } from './support/product.ts';
import { post } from './support/raw-http.ts';
import { type ScriptedUpstream, startScriptedUpstream } from './support/scripted-model/scripted.ts';
import type { ScriptedRequest } from './support/scripted-model/scripted-request.ts';

/** So long that no pacing says all of it before the process is stopped. */
const STORY = 'Once upon a time there was a lighthouse keeper who counted waves. '.repeat(40);
/** Time that a supervisor grants before it kills, in milliseconds: the 10 s of docker stop. */
const GRACE_MS = 10_000;
/** From ready to the answer, without waiting for the dead process's lock to expire. In milliseconds. */
const GOES_ON_WITHIN_MS = 4_000;
/** A start takes 2 s, and several times as long where every core is busy. In milliseconds. */
const START_TIMEOUT_MS = 40_000;

let dataDir: string;
let upstream: ScriptedUpstream;
let product: Product;
let url: string;

beforeAll(async () => {
  buildProduct();
  dataDir = await mkdtemp(join(tmpdir(), 'taskflow-restart-'));
  upstream = await startScriptedUpstream();
  await start();
});
afterAll(async () => {
  product.kill();
  await product.ended;
  await upstream.close();
  await rm(dataDir, { recursive: true, force: true });
});

async function start(): Promise<void> {
  product = startProduct(environment());
  url = await product.ready;
}

function environment() {
  return { DATA_DIR: dataDir, OPENAI_BASE_URL: upstream.baseURL, IDLE_NUDGE_MS: '3600000' };
}

describe('a running process', { timeout: START_TIMEOUT_MS }, () => {
  test('locks its DATA_DIR: a second process exits with an error that names the directory and the first', async () => {
    const { code, stderr } = await startProduct(environment()).ended;
    expect(stderr).toMatch(/^taskflow: DATA_DIR \S+ is in use by another TaskFlow process \(pid \d+\)\n$/);
    expect(code).toBe(1);
    expect((await post(url, { query: '{ viewer { id } }' })).status).toBe(200);
  });
});

describe.each([
  ['SIGTERM to the process', () => product.terminate()],
  ['Ctrl-C', () => product.interrupt()],
])('%s in mid-answer', { timeout: START_TIMEOUT_MS }, (_what, signal) => {
  let conversation: string;
  let heard: string;

  test('ends it with code 0 in time, after its listeners have heard the interruption', async () => {
    const answer = await beAnswered();
    conversation = answer.conversation;
    const since = performance.now();
    signal();
    const events = await answer.listener.until('TurnInterrupted');
    const { code, stderr } = await product.ended;
    expect(performance.now() - since).toBeLessThan(GRACE_MS);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    heard = answer.text + textOf(events);
    expect(events.at(-1)).toMatchObject({ interruptionReason: 'SHUTDOWN', partial: { content: heard } });
    expect(STORY.startsWith(heard)).toBe(true);
  });

  test('stores the answer exactly as it was heard', async () => {
    await start();
    expect(await messagesOf(conversation)).toEqual([
      ['USER', 'COMPLETED', 'Read me a story'],
      ['ASSISTANT', 'INTERRUPTED', heard],
    ]);
  });
});

describe('a process that is killed in mid-answer', { timeout: START_TIMEOUT_MS }, () => {
  test('[P-32] loses no message that it had accepted: the next one answers it', async () => {
    const { conversation } = await beAnswered();
    product.kill();
    await product.ended;
    await start();
    expect(await messagesOf(conversation)).toContainEqual(['USER', 'COMPLETED', 'Read me a story']);
    const since = performance.now();
    const again = await upstream.nextRequest();
    expect(again.messages.at(-1)).toEqual({ role: 'user', content: 'Read me a story' });
    await again.send('The end.');
    await again.finish();
    await vi.waitFor(
      async () =>
        expect(await messagesOf(conversation)).toEqual([
          ['USER', 'COMPLETED', 'Read me a story'],
          ['ASSISTANT', 'COMPLETED', 'The end.'],
        ]),
      { interval: 50, timeout: 60_000 },
    );
    expect(performance.now() - since).toBeLessThan(GOES_ON_WITHIN_MS);
  });

  test('keeps everything that was said before', async () => {
    const { data } = await ask('{ conversations { edges { node { messageCount title } } } }');
    expect(data.conversations.edges).toEqual(
      Array(3).fill({ node: { messageCount: 2, title: 'Read me a story' } }),
    );
  });
});

describe('the rest of an answer at READING pace', { timeout: START_TIMEOUT_MS }, () => {
  let conversation: string;
  let asked: number;

  test('[P-106] is spoken on after its process was killed, and the model is not asked', async () => {
    const answer = await beAnswered({ pacing: 'READING', readingWpm: 900 });
    conversation = answer.conversation;
    await answer.request.finish();
    asked = upstream.requests.length;
    // So many words take more than a second: the rest is stored by then.
    for (let n = 0; n < 20; n++) await answer.listener.until('TurnTextAdded');
    product.kill();
    await product.ended;
    await start();
    const events = await listen(conversation).until('TurnTextAdded');
    expect(events[0]).toMatchObject({ __typename: 'TurnStarted' });
    expect(STORY.startsWith(textOf(events))).toBe(true);
    expect(upstream.requests.length).toBe(asked);
  });

  test('[P-106] is spoken whole, and stored, by a lone process that is stopped', async () => {
    const listener = listen(conversation);
    await listener.until('TurnTextAdded');
    product.terminate();
    const completed = (await listener.until('TurnCompleted')).at(-1);
    expect(completed).toMatchObject({ message: { content: STORY } });
    expect((await product.ended).code).toBe(0);
    await start();
    expect((await messagesOf(conversation)).at(-1)).toEqual(['ASSISTANT', 'COMPLETED', STORY]);
    expect(upstream.requests.length).toBe(asked);
  });
});

describe('a port in use by another program', { timeout: START_TIMEOUT_MS }, () => {
  test('is refused with exit code 1 and one line that names HOST and PORT', async () => {
    product.terminate();
    await product.ended;
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const { code, stderr } = await startProduct({ ...environment(), PORT: String(port) }).ended;
    other.close();
    expect(stderr).toBe(
      `taskflow: cannot listen on HOST 127.0.0.1, PORT ${port}: another program listens there\n`,
    );
    expect(code).toBe(1);
  });
});

interface Answer {
  conversation: string;
  listener: Heard;
  request: ScriptedRequest;
  /** The text heard so far. */
  text: string;
}

/** A conversation whose answer is being spoken: the model has finished, the listener has heard a part. */
async function beAnswered(pace: Data = {}): Promise<Answer> {
  const created = await ask(CREATE, { input: { greet: false, ...pace } });
  const { id } = created.data.createConversation.conversation;
  const listener = listen(id);
  await ask(SEND, { input: { conversationId: id, text: 'Read me a story' } });
  const request = await upstream.nextRequest();
  await request.send(STORY);
  const events = await listener.until('TurnTextAdded');
  return { conversation: id, listener, request, text: textOf(events) };
}

function listen(conversationId: string): Heard {
  // No retry once the process is gone: the next one listens elsewhere.
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    retryAttempts: 0,
  });
  return new Heard(client, EVENTS, { conversationId });
}

async function messagesOf(conversation: string): Promise<string[][]> {
  const { data } = await ask(CONVERSATION, { id: conversation });
  return data.conversation.messages.nodes.map(({ role, status, content }: Data) => [role, status, content]);
}

async function ask(query: string, variables: Data = {}): Promise<Data> {
  return (await post(url, { query, variables })).json();
}

function textOf(events: Data[]): string {
  return events.map(({ text = '' }) => text).join('');
}
