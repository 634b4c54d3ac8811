import type { RequestListener } from 'node:http';
import { afterEach, describe, expect, it } from 'vitest';
import { type ListServer, startListServer } from '../../../test/support/model-lists.ts';
import { createLlm } from '../calls/client.ts';
import { chooseEndpoint, type ProviderSettings } from './provider.ts';

describe('the provider', () => {
  it.each([
    ['nothing', {}, null],
    ['blank values', { openrouterApiKey: ' ', openaiApiKey: '', openaiBaseUrl: '' }, null],
    [
      "OpenRouter's key",
      { openrouterApiKey: 'or' },
      { provider: 'openrouter', baseURL: 'https://openrouter.ai/api/v1', apiKey: 'or' },
    ],
    [
      "OpenAI's key",
      { openaiApiKey: 'oa' },
      { provider: 'openai', baseURL: 'https://api.openai.com/v1', apiKey: 'oa' },
    ],
    [
      'both keys',
      { openrouterApiKey: 'or', openaiApiKey: 'oa' },
      { provider: 'openrouter', baseURL: 'https://openrouter.ai/api/v1', apiKey: 'or' },
    ],
    [
      'a base URL without a key',
      { openaiBaseUrl: 'http://localhost:11434/v1/' },
      { provider: 'custom', baseURL: 'http://localhost:11434/v1', apiKey: null },
    ],
    [
      "a base URL and OpenAI's key",
      { openaiBaseUrl: 'http://x/v1', openaiApiKey: 'oa', openrouterApiKey: 'or' },
      { provider: 'custom', baseURL: 'http://x/v1', apiKey: 'oa' },
    ],
    [
      "a base URL and OpenRouter's key",
      { openaiBaseUrl: 'http://x/v1', openrouterApiKey: 'or' },
      { provider: 'custom', baseURL: 'http://x/v1', apiKey: 'or' },
    ],
    [
      "OpenAI's own URL",
      { openaiBaseUrl: 'https://api.openai.com/v1', openaiApiKey: 'oa' },
      { provider: 'openai', baseURL: 'https://api.openai.com/v1', apiKey: 'oa' },
    ],
    [
      "OpenRouter's own URL and both keys",
      { openaiBaseUrl: 'https://openrouter.ai/api/v1', openaiApiKey: 'oa', openrouterApiKey: 'or' },
      { provider: 'openrouter', baseURL: 'https://openrouter.ai/api/v1', apiKey: 'or' },
    ],
  ])('is chosen by %s', (_, settings, provider) => {
    expect(chooseEndpoint(settings)).toEqual(provider);
  });

  it.each([
    [
      'a query is kept for every request',
      'http://x/v1/?api-version=1&a=b',
      'http://x/v1',
      { 'api-version': '1', a: 'b' },
    ],
    ['the path of a request is dropped', 'http://x/v1/chat/completions', 'http://x/v1', undefined],
    ["the older protocol's path is dropped", 'http://x/v1/completions', 'http://x/v1', undefined],
    ['also with slashes and a query', 'http://x/v1/chat/completions/?a=b', 'http://x/v1', { a: 'b' }],
    ['the path of the list is dropped', 'http://x/v1/models/', 'http://x/v1', undefined],
    ['no path stays no path', 'http://x:8000/', 'http://x:8000', undefined],
    [
      'no path on Azure, as its portal shows it, becomes the path of its API',
      'https://me.openai.azure.com/',
      'https://me.openai.azure.com/openai/v1',
      undefined,
    ],
  ])('of a base URL: %s', (_, openaiBaseUrl, baseURL, query) => {
    const endpoint = chooseEndpoint({ openaiBaseUrl });
    expect(endpoint).toMatchObject({ baseURL });
    expect(endpoint?.query).toEqual(query);
  });

  it('a name and a password in the URL become a header and are removed from the URL', () => {
    expect(chooseEndpoint({ openaiBaseUrl: 'http://me:p%40ss@x/v1' })).toEqual({
      ...{ provider: 'custom', baseURL: 'http://x/v1', apiKey: null },
      headers: { Authorization: `Basic ${Buffer.from('me:p@ss').toString('base64')}` },
    });
  });

  it.each([
    'https://me.openai.azure.com/openai/deployments/mini?api-version=2024-10-21',
    'https://me.openai.azure.com/openai/v1/',
    'https://me.services.ai.azure.com/openai/v1',
  ])('%s gets the key in the header that Azure expects, and no Authorization', (openaiBaseUrl) => {
    const endpoint = chooseEndpoint({ openaiBaseUrl, openaiApiKey: 'az' });
    expect(endpoint).toMatchObject({ apiKey: 'az', headers: { 'api-key': 'az', Authorization: null } });
  });

  it('headers and fields for a gateway are added to every request and replace its own', () => {
    const endpoint = chooseEndpoint({
      openaiBaseUrl: 'https://me.openai.azure.com/openai/v1',
      openaiApiKey: 'az',
      llmExtraHeaders: { Authorization: 'Bearer mine', 'x-team': 'a' },
      llmExtraBody: { user: 'taskflow' },
    });
    expect(endpoint).toMatchObject({
      headers: { 'api-key': 'az', Authorization: 'Bearer mine', 'x-team': 'a' },
      body: { user: 'taskflow' },
    });
  });

  it.each(['localhost:11434', 'ftp://x/v1', 'nonsense'])('refuses %s as a base URL', (openaiBaseUrl) => {
    expect(() => chooseEndpoint({ openaiBaseUrl })).toThrow(
      `OPENAI_BASE_URL "${openaiBaseUrl}" is not an http or https URL`,
    );
  });
});

describe('a request for an answer', () => {
  let server: ListServer | undefined;
  afterEach(() => server?.close());

  /** The requests that a server receives from a client that is configured by `settings`. */
  async function askedWith(settings: ProviderSettings) {
    const answer = { choices: [{ message: { content: 'Here.' }, finish_reason: 'stop' }] };
    const listening = await startListServer();
    server = listening;
    let body = '';
    const scripted: RequestListener = (request, response) => {
      request.setEncoding('utf8').on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        response.writeHead(200, { 'content-type': 'application/json' });
        response.end(JSON.stringify(answer));
      });
    };
    const endpoint = chooseEndpoint(settings);
    if (!endpoint) throw new Error('nobody to ask');
    const { origin, pathname } = new URL(endpoint.baseURL);
    listening.play({ [`${pathname}/chat/completions`]: scripted });
    const llm = createLlm({
      ...endpoint,
      fetch: (url, init) => fetch(String(url).replace(origin, listening.origin), init),
    });
    const messages = [{ role: 'user' as const, content: 'Where?' }];
    const { signal } = new AbortController();
    for await (const _ of llm.stream({ model: 'm', messages, signal }));
    return { ...listening.requests[0], body: JSON.parse(body) };
  }

  it('to Azure has its version and its key, and no Authorization', async () => {
    const { line, headers } = await askedWith({
      openaiBaseUrl: 'https://me.openai.azure.com/openai/deployments/mini?api-version=2024-10-21',
      openaiApiKey: 'az',
    });
    expect(line).toBe('POST /openai/deployments/mini/chat/completions?api-version=2024-10-21');
    expect(headers).toMatchObject({ 'api-key': 'az' });
    expect(headers?.authorization).toBeUndefined();
  });

  it('has the headers and fields for a gateway, except for fields that the request sets itself', async () => {
    const { headers, body } = await askedWith({
      openaiBaseUrl: 'http://gateway.example/v1/chat/completions',
      openaiApiKey: 'k',
      llmExtraHeaders: { 'x-team': 'a' },
      llmExtraBody: { temperature: 0.2, model: 'other' },
    });
    expect(headers).toMatchObject({ 'x-team': 'a', authorization: 'Bearer k' });
    expect(body).toMatchObject({ temperature: 0.2, model: 'm', stream: true });
  });

  it('has the name and the password of its URL', async () => {
    const { headers } = await askedWith({ openaiBaseUrl: 'http://me:secret@gateway.example/v1' });
    expect(headers?.authorization).toBe(`Basic ${Buffer.from('me:secret').toString('base64')}`);
  });
});
