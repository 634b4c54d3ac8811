import { once } from 'node:events';
import { createServer } from 'node:net';
import { createServer as createTlsServer } from 'node:tls';
import { afterEach, expect, it } from 'vitest';
import { CERTIFICATE, CERTIFICATE_KEY } from '../../../test/support/certificate.ts';
import {
  answering,
  type ListServer,
  type Script,
  startListServer,
} from '../../../test/support/model-lists.ts';
import type { Endpoint } from '../provider/endpoint.ts';
import { readModelList } from './read-list.ts';

const { signal } = new AbortController();
let server: ListServer | undefined;
afterEach(() => server?.close());

/** The message about a list that could not be read, with HOST for the address. */
async function faultOf(endpoint: Endpoint): Promise<string> {
  const error: Error = await readModelList(endpoint, {}, signal).then(
    () => new Error('a list was read'),
    (fault) => fault,
  );
  expect(error.name).toBe('ListFault');
  expect(error.message).not.toContain('\n');
  return error.message.replaceAll(new URL(endpoint.baseURL).host, 'HOST');
}

async function faultWith(script: Script, base: Partial<Endpoint> = {}): Promise<string> {
  server = await startListServer(script);
  return faultOf({ provider: 'custom', baseURL: `${server.origin}/v1`, ...base });
}

const at = (answer: Script[string]): Script => ({ '/v1/models': answer });
const URL_OF_LIST = 'http://HOST/v1/models';

it.each<[string, Script, string, Partial<Endpoint>?]>([
  [
    '404',
    {},
    `${URL_OF_LIST} answers 404: OPENAI_BASE_URL is not right, or the server has no list; then set DEFAULT_MODEL`,
  ],
  [
    '401 without a key',
    at(answering(401, '{}')),
    `${URL_OF_LIST} answers 401: it requires a key; set OPENAI_API_KEY`,
  ],
  [
    '401 with a key',
    at(answering(401, '{}')),
    `${URL_OF_LIST} answers 401: it does not accept the key; check OPENAI_API_KEY`,
    { apiKey: 'sk-secret' },
  ],
  [
    "401 with OpenRouter's key",
    at(answering(401, '{}')),
    `${URL_OF_LIST} answers 401: it does not accept the key; check OPENROUTER_API_KEY`,
    { apiKey: 'sk-secret', provider: 'openrouter' },
  ],
  [
    'a redirect',
    at((_request, response) =>
      response.writeHead(301, { location: 'https://api.example/v1/models?key=x' }).end(),
    ),
    `${URL_OF_LIST} answers 301, a redirect to https://api.example/v1; if that is the API, set OPENAI_BASE_URL to it`,
  ],
  ['503', at(answering(503, 'busy', 'text/plain')), `${URL_OF_LIST} answers 503`],
  [
    'a web page',
    at(answering(200, '<html></html>', 'text/html')),
    `${URL_OF_LIST} answers with a web page: OPENAI_BASE_URL is not the address of the API, which often ends in /v1`,
  ],
  [
    'no JSON',
    at(answering(200, 'Ollama is running', 'text/plain')),
    `${URL_OF_LIST} answers without JSON: OPENAI_BASE_URL is not the address of the API, which often ends in /v1`,
  ],
  [
    'no list',
    at({ error: 'Unexpected endpoint' }),
    `${URL_OF_LIST} answers, but not with a list of models: is OPENAI_BASE_URL right?`,
  ],
  [
    'more than can be a list',
    at((_request, response) => response.end(Buffer.alloc(9_000_000, ' '))),
    `${URL_OF_LIST} answers more than 8 MB`,
  ],
])('a server that answers %s', async (_name, script, message, base) => {
  expect(await faultWith(script, base)).toBe(message);
});

it('a server that is not there', async () => {
  const gone = await startListServer();
  await gone.close();
  expect(await faultOf({ provider: 'custom', baseURL: `${gone.origin}/v1` })).toBe(
    'nothing listens at HOST; start the model server, or correct OPENAI_BASE_URL (within a container, localhost is the container itself)',
  );
});

it.each([
  ['ENOTFOUND', 'the host name x.example of OPENAI_BASE_URL is not known'],
  ['EAI_AGAIN', 'the host name x.example of OPENAI_BASE_URL is not known'],
  [
    'SELF_SIGNED_CERT_IN_CHAIN',
    'the certificate of HOST is not trusted (SELF_SIGNED_CERT_IN_CHAIN); set NODE_EXTRA_CA_CERTS',
  ],
  ['CERT_HAS_EXPIRED', 'the certificate of HOST is not trusted'],
  ['UND_ERR_CONNECT_TIMEOUT', 'HOST cannot be reached'],
  ['EHOSTUNREACH', 'HOST does not answer (EHOSTUNREACH)'],
])('a connection that fails with %s', async (code, message) => {
  const failing = () =>
    Promise.reject(new TypeError('fetch failed', { cause: Object.assign(new Error('why'), { code }) }));
  const fault = await faultOf({ provider: 'custom', baseURL: 'https://x.example/v1', fetch: failing });
  expect(fault.replace('name HOST', 'name x.example')).toContain(message);
});

it('an untrusted certificate, TLS to a plain server, and plain HTTP to a TLS server', async () => {
  const tls = createTlsServer({ key: CERTIFICATE_KEY, cert: CERTIFICATE }).on('tlsClientError', () => {});
  const plain = createServer((socket) => socket.on('error', () => {}).end('HTTP/1.1 200 OK\r\n\r\n'));
  for (const each of [tls, plain]) await once(each.listen(0, '127.0.0.1'), 'listening');
  const urlOf = (it: typeof plain, scheme: string) => {
    const { port } = it.address() as { port: number };
    return { provider: 'custom', baseURL: `${scheme}://127.0.0.1:${port}/v1` } as const;
  };
  expect(await faultOf(urlOf(tls, 'https'))).toContain(
    '(DEPTH_ZERO_SELF_SIGNED_CERT); set NODE_EXTRA_CA_CERTS',
  );
  expect(await faultOf(urlOf(plain, 'https'))).toContain('should probably begin with http://');
  expect(await faultOf(urlOf(tls, 'http'))).toContain('should perhaps begin with https://');
  tls.close();
  plain.close();
});

it('a server that is slow to answer', async () => {
  const slow = () => Promise.reject(new DOMException('too late', 'TimeoutError'));
  expect(await faultOf({ provider: 'custom', baseURL: 'http://x.example/v1', fetch: slow })).toBe(
    'HOST did not answer in time',
  );
});

it('of several bases, the fault is that of the configured one', async () => {
  server = await startListServer({ '/openai/v1/models': { error: 'no' } });
  expect(await faultOf({ provider: 'custom', baseURL: server.origin })).toContain(
    'http://HOST/models answers 404: OPENAI_BASE_URL may lack a part, such as /v1',
  );
});
