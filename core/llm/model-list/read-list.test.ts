import { afterEach, describe, expect, it } from 'vitest';
import {
  answering,
  type ListServer,
  type Script,
  startListServer,
} from '../../../test/support/model-lists.ts';
import type { Endpoint } from '../provider/endpoint.ts';
import { type ListSettings, readModelList } from './read-list.ts';

const { signal } = new AbortController();
let server: ListServer | undefined;
afterEach(() => server?.close());

const list = (...data: object[]) => ({ object: 'list', data });

/** Reads the list of a server: each model as `id window source`. */
async function read(script: Script, settings: ListSettings = {}, base: Partial<Endpoint> = {}) {
  server = await startListServer(script);
  const endpoint: Endpoint = { provider: 'custom', baseURL: `${server.origin}/v1`, ...base };
  return readModelList(endpoint, settings, signal);
}

async function found(...args: Parameters<typeof read>): Promise<string[]> {
  const { models } = await read(...args);
  return models.map(({ model, source }) => `${model.id} ${model.contextWindow} ${source}`);
}

const OLLAMA: Script = {
  '/v1/models': list(
    { id: 'llama3.2:latest', object: 'model', created: 1, owned_by: 'library' },
    { id: 'qwen3:8b', object: 'model', created: 1, owned_by: 'library' },
    { id: 'gpt-4o:latest', object: 'model', created: 1, owned_by: 'library' },
    { id: 'mine:latest', object: 'model', created: 1, owned_by: 'someone' },
    { id: 'minilm:latest', object: 'model', created: 1, owned_by: 'library' },
    { id: 'feelings:latest', object: 'model', created: 1, owned_by: 'library' },
    { id: 'gpt-oss:120b-cloud', object: 'model', created: 1, owned_by: 'library' },
  ),
  '/api/ps': { models: [{ name: 'qwen3:8b', model: 'qwen3:8b', context_length: 16_384 }] },
  '/api/show': (request, response) => {
    request.setEncoding('utf8').on('data', (body: string) => {
      const { model } = JSON.parse(body);
      const parameters = model.startsWith('mine')
        ? 'stop  "<|eot|>"\nnum_ctx                        12288'
        : '';
      const length = model.startsWith('gpt-4o') ? 2_048 : 131_072;
      const remote = model.endsWith('-cloud') && { remote_host: 'https://ollama.com:443' };
      const capabilities = model.startsWith('feelings') ? ['embedding'] : ['completion', 'tools'];
      response.end(
        JSON.stringify({
          ...remote,
          parameters,
          model_info: { 'llama.context_length': length },
          capabilities,
        }),
      );
    });
  },
};

describe('the list of', () => {
  it.each<[string, Script, string[], ListSettings?]>([
    [
      'Ollama: the context that it serves, not that of the model; and no model for embeddings',
      OLLAMA,
      [
        "llama3.2:latest 4096 Ollama's default",
        'qwen3:8b 16384 loaded by Ollama',
        "gpt-4o:latest 2048 Ollama's default",
        'mine:latest 12288 num_ctx of its Modelfile',
        "gpt-oss:120b-cloud 131072 run by Ollama's service",
      ],
    ],
    [
      'Ollama with OLLAMA_CONTEXT_LENGTH',
      OLLAMA,
      [
        'llama3.2:latest 32768 setting',
        'qwen3:8b 16384 loaded by Ollama',
        'gpt-4o:latest 2048 setting',
        'mine:latest 12288 num_ctx of its Modelfile',
        "gpt-oss:120b-cloud 131072 run by Ollama's service",
      ],
      { ollamaContext: 32_768 },
    ],
    [
      'vLLM',
      {
        '/v1/models': list({
          id: 'Qwen/Qwen3-8B',
          owned_by: 'vllm',
          root: 'Qwen/Qwen3-8B',
          max_model_len: 40_960,
        }),
      },
      ['Qwen/Qwen3-8B 40960 stated by the server'],
    ],
    [
      'vLLM, with an adapter of one of its models',
      {
        '/v1/models': list(
          { id: 'base', owned_by: 'vllm', root: 'base', parent: null, max_model_len: 32_768 },
          { id: 'sql', owned_by: 'vllm', root: '/lora/sql', parent: 'base', max_model_len: null },
        ),
      },
      ['base 32768 stated by the server', 'sql 32768 stated by the server'],
    ],
    [
      'LM Studio: the context that a model is loaded with',
      {
        '/v1/models': list(
          { id: 'qwen3-8b', object: 'model', owned_by: 'organization_owner' },
          { id: 'gemma-3-4b', object: 'model', owned_by: 'organization_owner' },
          { id: 'tiny', object: 'model', owned_by: 'organization_owner' },
          { id: 'vectors', object: 'model', owned_by: 'organization_owner' },
        ),
        '/api/v0/models': list(
          {
            id: 'qwen3-8b',
            type: 'llm',
            state: 'loaded',
            max_context_length: 40_960,
            loaded_context_length: 8_000,
          },
          { id: 'gemma-3-4b', type: 'vlm', state: 'not-loaded', max_context_length: 131_072 },
          { id: 'tiny', type: 'llm', state: 'not-loaded', max_context_length: 2_048 },
          { id: 'vectors', type: 'embeddings', state: 'not-loaded', max_context_length: 2_048 },
        ),
        '/api/ps': answering(200, '{"error":"Unexpected endpoint or method. (GET /api/ps)"}'),
      },
      [
        'qwen3-8b 8000 loaded by LM Studio',
        "gemma-3-4b 4096 LM Studio's default",
        "tiny 2048 LM Studio's default",
      ],
    ],
    [
      'llama.cpp: the context that it serves, not the trained one',
      {
        '/v1/models': {
          models: [{ name: 'x' }],
          ...list({
            id: '/models/Qwen3-8B-Q4_K_M.gguf',
            owned_by: 'llamacpp',
            meta: { n_ctx_train: 131_072 },
          }),
        },
        '/props': { default_generation_settings: { n_ctx: 16_384 }, total_slots: 1 },
      },
      ['/models/Qwen3-8B-Q4_K_M.gguf 16384 served by llama.cpp'],
    ],
    [
      'llama.cpp without /props',
      { '/v1/models': list({ id: 'a', owned_by: 'llamacpp', meta: { n_ctx_train: 131_072 } }) },
      ['a 8192 assumed'],
    ],
    [
      'LiteLLM: the smallest context of the models that share a name',
      {
        '/v1/models': list(
          { id: 'fast', created: 1_677_610_602, owned_by: 'openai' },
          { id: 'draw', created: 1_677_610_602, owned_by: 'openai' },
          { id: 'claude-sonnet-4-5', created: 1_677_610_602, owned_by: 'openai' },
        ),
        '/model/info': {
          data: [
            { model_name: 'fast', model_info: { mode: 'chat', max_input_tokens: 131_072 } },
            { model_name: 'fast', model_info: { mode: 'chat', max_input_tokens: 32_768 } },
            { model_name: 'draw', model_info: { mode: 'image_generation' } },
          ],
        },
      },
      ['fast 32768 known to LiteLLM', 'claude-sonnet-4-5 200000 known by its name'],
    ],
    [
      'Mistral: its models for chats',
      {
        '/v1/models': list(
          {
            id: 'mistral-small-latest',
            capabilities: { completion_chat: true },
            max_context_length: 131_072,
          },
          { id: 'mistral-embed', capabilities: { completion_chat: false }, max_context_length: 8_192 },
          { id: 'mistral-ocr-latest', capabilities: { completion_chat: false }, max_context_length: 16_384 },
        ),
      },
      ['mistral-small-latest 131072 stated by the server'],
    ],
    [
      'Groq: its active models for chats',
      {
        '/v1/models': list(
          { id: 'llama-3.3-70b-versatile', owned_by: 'Meta', active: true, context_window: 131_072 },
          { id: 'whisper-large-v3', owned_by: 'OpenAI', active: true, context_window: 448 },
          { id: 'playai-tts', owned_by: 'PlayAI', active: true, context_window: 8_192 },
          { id: 'old', owned_by: 'Meta', active: false, context_window: 8_192 },
        ),
      },
      ['llama-3.3-70b-versatile 131072 stated by the server'],
    ],
    [
      'DeepSeek, which states no lengths',
      {
        '/v1/models': list(
          { id: 'deepseek-chat', owned_by: 'deepseek' },
          { id: 'deepseek-reasoner', owned_by: 'deepseek' },
        ),
      },
      ['deepseek-chat 65536 known by its name', 'deepseek-reasoner 65536 known by its name'],
    ],
    [
      'Anthropic',
      {
        '/v1/models': {
          data: [{ type: 'model', id: 'claude-sonnet-4-5', display_name: 'Claude Sonnet 4.5' }],
          has_more: false,
        },
      },
      ['claude-sonnet-4-5 200000 known by its name'],
    ],
    [
      'Together, whose list is a bare array',
      {
        '/v1/models': [
          {
            id: 'meta-llama/Llama-3.3-70B',
            type: 'chat',
            display_name: 'Llama 3.3 70B',
            context_length: 131_072,
          },
          { id: 'flux-dev', type: 'image' },
          { id: 'meta-llama/Guard', type: 'moderation', context_length: 8_192 },
        ],
      },
      ['meta-llama/Llama-3.3-70B 131072 stated by the server'],
    ],
    ['a server that has none', { '/v1/models': { object: 'list', data: null } }, []],
    ['one that says nothing of a model', { '/v1/models': list({ id: 'm' }) }, ['m 8192 assumed']],
    [
      'one that says nothing of a model, with MODEL_CONTEXT_TOKENS',
      { '/v1/models': list({ id: 'm' }, { id: 'n', max_model_len: 4_000 }) },
      ['m 20000 setting', 'n 4000 stated by the server'],
      { contextTokens: 20_000 },
    ],
    [
      'one that states nonsense',
      { '/v1/models': list({ id: 'm', max_model_len: -1, context_length: 'big', context_window: 1e12 }) },
      ['m 8192 assumed'],
    ],
  ])('%s', async (_name, script, models, settings) => {
    expect(await found(script, settings)).toEqual(models);
  });

  it('OpenRouter: models with text output, with the context of their first provider', async () => {
    const text = { input_modalities: ['text', 'image'], output_modalities: ['text'] };
    const script = {
      '/v1/models': {
        data: [
          {
            id: 'z-ai/glm-5',
            name: 'Z.AI: GLM 5',
            context_length: 200_000,
            architecture: text,
            top_provider: { context_length: 128_000 },
          },
          {
            id: 'x/draws',
            name: 'X: Draws',
            context_length: 8_192,
            architecture: { ...text, output_modalities: ['image'] },
          },
          {
            id: 'x/free',
            name: 'X: Talks (free)',
            context_length: 32_768,
            architecture: text,
            top_provider: { context_length: null },
          },
        ],
      },
    };
    const { models } = await read(script, {}, { provider: 'openrouter' });
    expect(models.map(({ model }) => model)).toEqual([
      { id: 'z-ai/glm-5', name: 'GLM 5', vendor: 'Z.AI', contextWindow: 128_000 },
      { id: 'x/free', name: 'Talks (free)', vendor: 'X', contextWindow: 32_768 },
    ]);
    expect(server?.requests.map(({ line }) => line)).toEqual(['GET /v1/models']);
  });

  it('OpenAI: models that are known to be for chats, without those of another API and old versions', async () => {
    const ids = [
      ...[
        'gpt-4o-mini',
        'gpt-4o-mini-2024-07-18',
        'gpt-5.1',
        'o3',
        'o3-pro',
        'gpt-5-codex',
        'chatgpt-4o-latest',
      ],
      ...[
        'whisper-1',
        'tts-1-hd',
        'dall-e-3',
        'text-embedding-3-small',
        'omni-moderation-latest',
        'babbage-002',
      ],
      ...['gpt-4o-realtime-preview', 'gpt-4o-audio-preview', 'gpt-4o-transcribe', 'gpt-image-1', 'sora-2'],
      ...['gpt-3.5-turbo', 'gpt-3.5-turbo-instruct', 'gpt-4-0613', 'something-new'],
    ];
    const script = { '/v1/models': list(...ids.map((id) => ({ id, owned_by: 'system' }))) };
    const { models } = await read(script, {}, { provider: 'openai' });
    expect(models.map(({ model }) => model.id)).toEqual([
      ...['gpt-4o-mini', 'gpt-5.1', 'o3', 'chatgpt-4o-latest', 'gpt-3.5-turbo'],
    ]);
  });
});

describe('a model of a list', () => {
  const named = async (entry: object) => {
    const { models } = await read({ '/v1/models': list(entry) });
    return models[0]?.model;
  };

  it.each([
    [
      { id: 'meta-llama/Llama-3.1-8B-Instruct', max_model_len: 1 },
      'meta-llama/Llama-3.1-8B-Instruct',
      'Meta',
    ],
    [{ id: 'm', name: 'My\n model', owned_by: 'mistralai' }, 'My model', 'Mistral'],
    [{ id: 'm', display_name: 'Shown' }, 'Shown', 'HOST'],
    [{ id: 'local', owned_by: 'openai' }, 'local', 'HOST'],
    [{ id: '/srv/models/Big.gguf' }, 'Big', 'HOST'],
    [{ id: 'gpt-4o' }, 'gpt-4o', 'OpenAI'],
    [{ id: 'openai/gpt-4o' }, 'GPT-4o', 'OpenAI'],
    [{ id: 'm', name: 'x'.repeat(5_000) }, 'x'.repeat(100), 'HOST'],
  ])('%j is called %s, of %s', async (entry, name, vendor) => {
    const model = await named(entry);
    const host = new URL(server?.origin ?? '').host;
    expect(model).toMatchObject({ name, vendor: vendor === 'HOST' ? host : vendor });
  });

  it('has its fallback and its tokenizer if it is built in, and is marked if its length is assumed', async () => {
    expect(await named({ id: 'openai/gpt-4o' })).toMatchObject({
      fallback: 'openai/gpt-4o-mini',
      tokenizer: 'o200k_base',
    });
    expect(await named({ id: 'm' })).toMatchObject({ isContextAssumed: true });
  });

  it.each([
    ['no text', 7],
    ['white space', 'a b'],
    ['a control character', 'a\u0007'],
    ['a line break', 'a\n'],
    ['nothing', ''],
    ['too much', 'x'.repeat(201)],
  ])('whose id has %s is left out', async (_, id) => {
    expect(await found({ '/v1/models': list({ id }, { id: 'ok' }) })).toEqual(['ok 8192 assumed']);
  });

  it('that is listed twice is offered once, and at most a thousand are offered', async () => {
    const many = Array.from({ length: 3_000 }, (_, at) => ({
      id: `m${Math.floor(at / 2)}`,
      max_model_len: 5_000,
    }));
    const models = await found({ '/v1/models': list(...many) });
    expect(models).toHaveLength(1_000);
    expect(new Set(models).size).toBe(1_000);
  });
});

describe('a list that is not below the base URL', () => {
  it.each(['/v1', '/api/v1', '/openai/v1'])('is found below %s, which becomes the base URL', async (path) => {
    const { endpoint, models } = await readAt('', { [`${path}/models`]: list({ id: 'm' }) });
    expect(endpoint.baseURL).toBe(`${server?.origin}${path}`);
    expect(models).toHaveLength(1);
  });

  it('is also found below another path', async () => {
    const { endpoint } = await readAt('/gateway', { '/gateway/v1/models': list({ id: 'm' }) });
    expect(endpoint.baseURL).toBe(`${server?.origin}/gateway/v1`);
  });

  it.each(['/api', '/api/generate'])('is found if the base URL ends in %s', async (path) => {
    const { endpoint } = await readAt(path, { '/v1/models': list({ id: 'm' }) });
    expect(endpoint.baseURL).toBe(`${server?.origin}/v1`);
  });

  it('is found if the base URL answers with a web page or with something that is not a list', async () => {
    const page = answering(200, '<!doctype html>', 'text/html');
    await readAt('', { '/models': page, '/v1/models': list({ id: 'm' }) });
    await server?.close();
    await readAt('', { '/models': { error: 'Unexpected endpoint' }, '/v1/models': list({ id: 'm' }) });
  });

  async function readAt(path: string, script: Script) {
    server = await startListServer(script);
    return readModelList({ provider: 'custom', baseURL: `${server.origin}${path}` }, {}, signal);
  }
});

describe('a request for a list', () => {
  it("has the endpoint's headers and query", async () => {
    const headers = { 'x-team': 'a', Authorization: null, 'api-key': 'k' };
    await read(
      { '/v1/models': list({ id: 'm', max_model_len: 9_000 }) },
      {},
      {
        ...{ apiKey: 'k', query: { 'api-version': '2' }, headers },
      },
    );
    expect(server?.requests).toMatchObject([
      { line: 'GET /v1/models?api-version=2', headers: { 'x-team': 'a', 'api-key': 'k' } },
    ]);
    expect(server?.requests[0]?.headers.authorization).toBeUndefined();
  });

  it('has the key', async () => {
    await read({ '/v1/models': list({ id: 'm', max_model_len: 9_000 }) }, {}, { apiKey: 'k' });
    expect(server?.requests[0]?.headers.authorization).toBe('Bearer k');
  });
});
