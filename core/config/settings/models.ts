import { contextLength, path } from '../kinds/kinds.ts';
import {
  apiKey,
  bodyFields,
  headerFields,
  modelId,
  modelServerUrl,
  proxyUrl,
  unproxiedHosts,
} from '../kinds/model-kinds.ts';
import { setting } from '../kinds/setting.ts';

/** Which models answer, and how their servers are reached. */
export const models = {
  openrouterApiKey: setting(apiKey, {
    variable: 'OPENROUTER_API_KEY',
    unset: 'no key',
    example: 'sk-or-...',
    decides: 'The key for OpenRouter, whose models are offered unless `OPENAI_BASE_URL` is set.',
  }),
  openaiApiKey: setting(apiKey, {
    variable: 'OPENAI_API_KEY',
    unset: 'no key',
    example: 'sk-...',
    decides:
      'The key for the server at `OPENAI_BASE_URL`, or for OpenAI, whose models are offered unless one of the other two is set.',
  }),
  openaiBaseUrl: setting(modelServerUrl, {
    variable: 'OPENAI_BASE_URL',
    unset: "the key's own provider",
    example: 'http://localhost:11434/v1',
    decides:
      "Any server that speaks OpenAI's protocol, with or without a key: see [docs/models.md](docs/models.md#servers).",
  }),
  defaultModel: setting(modelId, {
    variable: 'DEFAULT_MODEL',
    unset: 'the first that is offered',
    example: 'openai/gpt-4o-mini',
    decides: 'The model of a new conversation, whether its server lists it or not.',
  }),
  modelsFile: setting(path, {
    variable: 'MODELS_FILE',
    unset: 'what the server lists',
    example: 'models.json',
    decides: 'A JSON file of the models to offer: see [docs/models.md](docs/models.md#a-file-of-models).',
  }),
  modelContextTokens: setting(contextLength, {
    variable: 'MODEL_CONTEXT_TOKENS',
    unset: "known by the model's name, else `8192`",
    example: '8192',
    decides: 'The context length of models whose server does not state it.',
  }),
  ollamaContextLength: setting(contextLength, {
    variable: 'OLLAMA_CONTEXT_LENGTH',
    unset: 'what Ollama states, else `4096`',
    example: '4096',
    decides:
      "The context length that Ollama was started with: the value of Ollama's own variable of this name.",
  }),
  llmExtraHeaders: setting(headerFields, {
    variable: 'LLM_EXTRA_HEADERS',
    unset: 'none',
    example: '{"x-team":"chat"}',
    decides: 'Headers of every request to a model server. They replace others of the same name.',
  }),
  llmExtraBody: setting(bodyFields, {
    variable: 'LLM_EXTRA_BODY',
    unset: 'none',
    example: '{"temperature":0.7}',
    decides: 'Fields of every request for an answer.',
  }),
  httpProxy: setting(proxyUrl, {
    variable: 'HTTP_PROXY',
    alias: 'http_proxy',
    unset: 'none',
    example: 'http://proxy.example:3128',
    decides: 'The proxy for requests to model servers.',
  }),
  httpsProxy: setting(proxyUrl, {
    variable: 'HTTPS_PROXY',
    alias: 'https_proxy',
    unset: '`HTTP_PROXY`',
    example: 'http://proxy.example:3128',
    decides: 'The proxy for requests to model servers whose URL starts with `https`.',
  }),
  noProxy: setting(unproxiedHosts, {
    variable: 'NO_PROXY',
    alias: 'no_proxy',
    unset: 'loopback only',
    example: '.internal.example',
    decides:
      'Hosts that are reached without a proxy: names, `.example.com` for all its subdomains, `*` for all hosts. Loopback addresses never use one.',
  }),
};
