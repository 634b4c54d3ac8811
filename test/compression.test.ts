import { once } from 'node:events';
import { readdirSync, statSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { clientDir } from '../core/installation/installed-files.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import * as ask from './support/protocol-documents.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem();
  system.upstream.answerAll('Well, hello there.');
});
afterAll(() => system.stop());

/** A response as it came over the wire. */
interface Wire {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

/** Sends a request whose response is not decoded. */
async function fetchWire(
  path: string,
  headers: Record<string, string>,
  { method = 'GET', body }: { method?: string; body?: object } = {},
): Promise<Wire> {
  const type = body && { 'content-type': 'application/json' };
  const outgoing = request(`${system.url}${path}`, { method, headers: { ...type, ...headers } });
  outgoing.end(body && JSON.stringify(body));
  const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
  return { status: response.statusCode ?? 0, headers: response.headers, body: await buffer(response) };
}

function decoded({ headers, body }: Wire): string {
  const encoding = headers['content-encoding'];
  if (encoding === 'br') return brotliDecompressSync(body).toString();
  return (encoding === 'gzip' ? gunzipSync(body) : body).toString();
}

describe('files of the web client', () => {
  const assets = join(clientDir(), 'assets');
  const large = readdirSync(assets).filter(
    (name) => /\.(?:js|css)$/.test(name) && statSync(join(assets, name)).size >= 1_024,
  );

  test('are compressed as their caller accepts it, each a representation with its own ETag', async () => {
    expect(large.length).toBeGreaterThan(4);
    for (const name of large) {
      const path = `/assets/${name}`;
      const plain = await fetchWire(path, {});
      const brotli = await fetchWire(path, { 'accept-encoding': 'gzip, deflate, br' });
      const gzip = await fetchWire(path, { 'accept-encoding': 'gzip, br;q=0' });
      expect([plain, brotli, gzip].map(({ headers }) => headers['content-encoding'])).toEqual([
        undefined,
        'br',
        'gzip',
      ]);
      for (const one of [plain, brotli, gzip]) {
        expect(one.headers.vary).toBe('Accept-Encoding');
        expect(one.headers['content-type']).toBe(plain.headers['content-type']);
        expect(one.headers['content-length']).toBe(String(one.body.length));
        expect(decoded(one)).toBe(plain.body.toString());
      }
      expect(new Set([plain, brotli, gzip].map(({ headers }) => headers.etag)).size).toBe(3);
      expect(brotli.body.length).toBeLessThan(0.45 * plain.body.length);
    }
  });

  test('that a caller has in an encoding are not sent again in it', async () => {
    const path = `/assets/${large[0]}`;
    const accepting = { 'accept-encoding': 'br' };
    const { headers } = await fetchWire(path, accepting);
    const again = await fetchWire(path, { ...accepting, 'if-none-match': headers.etag ?? '' });
    expect(again).toMatchObject({ status: 304, body: Buffer.alloc(0) });
    const plain = await fetchWire(path, { 'if-none-match': headers.etag ?? '' });
    expect(plain.status).toBe(200);
  });

  test('answer HEAD with the headers of GET, and a range with bytes of the encoding', async () => {
    const path = `/assets/${large[0]}`;
    const accepting = { 'accept-encoding': 'br' };
    const whole = await fetchWire(path, accepting);
    const head = await fetchWire(path, accepting, { method: 'HEAD' });
    const { date: _, ...headers } = whole.headers;
    expect(head.headers).toMatchObject(headers);
    expect(head.body.length).toBe(0);
    const part = await fetchWire(path, { ...accepting, range: 'bytes=10-19' });
    expect(part).toMatchObject({ status: 206, body: whole.body.subarray(10, 20) });
    expect(part.headers['content-encoding']).toBe('br');
  });

  test('that are small are sent as they are', async () => {
    for (const path of ['/', '/first-paint.js', '/favicon.svg', '/c/some-conversation']) {
      const { status, headers } = await fetchWire(path, { 'accept-encoding': 'gzip, br' });
      expect(status).toBe(200);
      expect(headers['content-encoding']).toBeUndefined();
    }
  });
});

describe('results over HTTP', () => {
  const MODELS = '{ models { id name } }';
  const LONG = `{ ${Array.from({ length: 60 }, (_, n) => `m${n}: models { id name }`).join(' ')} }`;
  const query = (text: string, headers: Record<string, string>) =>
    fetchWire('/graphql', headers, { method: 'POST', body: { query: text } });

  test('are compressed from 1 KB on, as their caller accepts it', async () => {
    const plain = await query(LONG, {});
    expect(plain.body.length).toBeGreaterThan(1_024);
    expect(plain.headers).toMatchObject({ vary: expect.stringContaining('Accept-Encoding') });
    // The first is executed by the engine, the later ones directly.
    for (const encoding of ['br', 'gzip', 'br', 'gzip', 'br', 'gzip']) {
      const compressed = await query(LONG, { 'accept-encoding': encoding });
      expect(compressed.headers['content-encoding']).toBe(encoding);
      expect(compressed.headers.vary).toContain('Accept-Encoding');
      expect(compressed.body.length).toBeLessThan(plain.body.length / 3);
      expect(decoded(compressed)).toBe(plain.body.toString());
    }
    const refusing = await query(LONG, { 'accept-encoding': 'br;q=0, gzip;q=0' });
    expect(refusing.headers['content-encoding']).toBeUndefined();
  });

  test('below 1 KB are sent as they are', async () => {
    for (let n = 0; n < 4; n++) {
      const { headers, body } = await query(MODELS, { 'accept-encoding': 'br, gzip' });
      expect(body.length).toBeLessThan(1_024);
      expect(headers['content-encoding']).toBeUndefined();
    }
  });

  test('as streams are never compressed, so that each event arrives when it is sent', async () => {
    const { data } = await system.request(ask.CREATE, { input: { greet: false, pacing: 'INSTANT' } });
    const { id, latestEventCursor: after } = data.createConversation.conversation;
    const text = `Hello. ${'And so on. '.repeat(200)}`;
    const subscription =
      'subscription ($id: ID!, $after: String) { conversationEvents(conversationId: $id, after: $after) { __typename } }';
    for (const accept of ['text/event-stream', 'multipart/mixed;subscriptionSpec=1.0, application/json']) {
      const outgoing = request(`${system.url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept, 'accept-encoding': 'gzip, br' },
      });
      outgoing.end(JSON.stringify({ query: subscription, variables: { id, after } }));
      const [response] = (await once(outgoing, 'response')) as [IncomingMessage];
      expect(response.headers['content-encoding']).toBeUndefined();
      const sent = system.request(ask.SEND, { input: { conversationId: id, text } });
      let received = '';
      for await (const chunk of response) {
        received += chunk;
        // The stream is open all the time: what was sent has arrived.
        if (received.includes('TurnStarted')) break;
      }
      expect(received).toContain('TurnStarted');
      await sent;
    }
  });
});
