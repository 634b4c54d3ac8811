import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { CERTIFICATE, CERTIFICATE_KEY } from '../../../test/support/certificate.ts';
import { startTestProxy } from '../../../test/support/forward-proxy.ts';
import { startListServer } from '../../../test/support/model-lists.ts';
import { startScriptedUpstream } from '../../../test/support/scripted-model/scripted.ts';
import { createLlm } from '../calls/client.ts';
import { readModelList } from '../model-list/read-list.ts';
import { type ProxySettings, proxiedFetch } from './proxy.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
  vi.unstubAllEnvs();
});

async function startProxy(port: number) {
  const proxy = await startTestProxy(port);
  closing.push(proxy.close);
  return proxy;
}

async function listening(server: Server): Promise<string> {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return `127.0.0.1:${(server.address() as AddressInfo).port}`;
}

async function through(settings: ProxySettings): Promise<typeof fetch> {
  const proxied = await proxiedFetch(settings);
  if (!proxied) throw new Error('no proxy');
  closing.push(proxied.close);
  return proxied.fetch;
}

const { signal } = new AbortController();

describe('a proxy', () => {
  it('serves lists and answers over plain http; an abort ends the answer at the server', async () => {
    const upstream = await startScriptedUpstream();
    closing.push(() => upstream.close());
    const proxy = await startProxy(Number(new URL(upstream.baseURL).port));
    const endpoint = {
      ...({ provider: 'custom', baseURL: 'http://models.example/v1' } as const),
      fetch: await through({ http: `http://me:p%40ss@${proxy.address}` }),
    };
    const { models } = await readModelList(endpoint, {}, signal);
    expect(models.length).toBeGreaterThan(5);
    const auth = `Basic ${Buffer.from('me:p@ss').toString('base64')}`;
    expect(proxy.asked[0]).toBe(`GET http://models.example/v1/models ${auth}`);

    const cut = new AbortController();
    const messages = [{ role: 'user' as const, content: 'Hello' }];
    const texts: string[] = [];
    const answer = (async () => {
      for await (const chunk of createLlm(endpoint).stream({ model: 'm', messages, signal: cut.signal }))
        if (chunk.type === 'text') texts.push(chunk.text);
    })();
    const ended = expect(answer).rejects.toMatchObject({ name: 'AbortError' });
    const request = await upstream.nextRequest();
    await request.send('One, ');
    await expect.poll(() => texts).toEqual(['One, ']);
    cut.abort();
    await ended;
    await request.closed;
    expect(proxy.asked.at(-1)).toBe(`POST http://models.example/v1/chat/completions ${auth}`);
  });

  it('opens a tunnel for https', async () => {
    vi.stubEnv('NODE_TLS_REJECT_UNAUTHORIZED', '0');
    const answer = JSON.stringify({ data: [{ id: 'm', max_model_len: 9_000 }] });
    const secure = createHttpsServer({ key: CERTIFICATE_KEY, cert: CERTIFICATE }, (_request, response) => {
      response.end(answer);
    });
    const port = Number((await listening(secure)).split(':')[1]);
    const proxy = await startProxy(port);
    const endpoint = {
      ...({ provider: 'custom', baseURL: 'https://models.example/v1' } as const),
      fetch: await through({ https: `http://${proxy.address}` }),
    };
    expect((await readModelList(endpoint, {}, signal)).models).toHaveLength(1);
    expect(proxy.asked).toEqual(['CONNECT models.example:443']);
  });

  it.each([['localhost'], ['127.0.0.1']])('is not used for %s', async (host) => {
    const server = await startListServer({ '/v1/models': { data: [{ id: 'm', max_model_len: 9_000 }] } });
    closing.push(() => server.close());
    const { port } = new URL(server.origin);
    const proxy = await startProxy(Number(port));
    const fetchThrough = await through({ http: `http://${proxy.address}` });
    // The server listens on IPv4 only.
    const baseURL = `http://${host}:${port}/v1`;
    await readModelList({ provider: 'custom', baseURL, fetch: fetchThrough }, {}, signal);
    expect(proxy.asked).toEqual([]);
  });

  it.each([
    ['models.example', true],
    ['.example', true],
    ['other.example, models.example:80', true],
    ['*', true],
    ['models.example:8080', false],
    ['other.example', false],
  ])('with NO_PROXY=%s is bypassed for models.example: %s', async (none, isPassedBy) => {
    const proxy = await startProxy(1);
    const fetchThrough = await through({ http: `http://${proxy.address}`, none });
    // Without the proxy, the host does not resolve.
    await fetchThrough('http://models.example/v1/models', { signal: AbortSignal.timeout(500) }).catch(
      () => {},
    );
    expect(proxy.asked.length).toBe(isPassedBy ? 0 : 1);
  });

  it.each(['http', 'https'])('that requires a password on the way to %s is reported', async (scheme) => {
    const wanting = createServer((_request, response) => response.writeHead(407).end());
    wanting.on('connect', (_request, socket) => socket.end('HTTP/1.1 407 Who are you?\r\n\r\n'));
    const http = `http://${await listening(wanting)}`;
    const baseURL = `${scheme}://models.example/v1`;
    const endpoint = { provider: 'custom', baseURL, fetch: await through({ http }) } as const;
    await expect(readModelList(endpoint, {}, signal)).rejects.toThrow(
      'the proxy on the way to models.example answers 407: it requires a name and a password; set them in HTTP_PROXY or HTTPS_PROXY',
    );
  });

  it("that is not set means Node's own fetch", async () => {
    expect(await proxiedFetch({ none: 'x' })).toBeUndefined();
  });
});
