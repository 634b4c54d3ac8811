import { describe, expect, test } from 'vitest';
import { ConfigError, loadConfig } from '../config.ts';

const SECRET = 'hunter2';

function faultOf(env: Record<string, string>): string {
  try {
    loadConfig(env);
  } catch (error) {
    expect(error).toBeInstanceOf(ConfigError);
    const { message } = error as ConfigError;
    expect(message).not.toContain(SECRET);
    expect(message).not.toContain('\n');
    return message;
  }
  throw new Error('no fault');
}

describe('a key', () => {
  test.each(['sk-1', ' sk-1\n', '"sk-1"', "'sk-1'", '" sk-1 "', 'Bearer sk-1', '"bearer  sk-1"'])(
    '%j is sk-1',
    (value) => {
      expect(loadConfig({ OPENAI_API_KEY: value }).openaiApiKey).toBe('sk-1');
      expect(loadConfig({ OPENROUTER_API_KEY: value }).openrouterApiKey).toBe('sk-1');
    },
  );

  test.each([`sk-${SECRET} sk-2`, `sk-${SECRET}…`, `sk-\n${SECRET}`])('%j is refused', (value) => {
    expect(faultOf({ OPENAI_API_KEY: value })).toBe(
      'OPENAI_API_KEY must be one word of printable ASCII characters',
    );
  });
});

test('quotes around the address and the model are removed too', () => {
  const config = loadConfig({ OPENAI_BASE_URL: '"http://x/v1"', DEFAULT_MODEL: "'llama3.2'" });
  expect(config).toMatchObject({ openaiBaseUrl: 'http://x/v1', defaultModel: 'llama3.2' });
  expect(loadConfig({}).defaultModel).toBeUndefined();
});

test('a default model with a blank in it is refused', () => {
  expect(faultOf({ DEFAULT_MODEL: 'llama 3' })).toContain('DEFAULT_MODEL must be the id of one model');
});

describe('LLM_EXTRA_HEADERS', () => {
  test('is an object of headers', () => {
    const value = '{"x-team":"a","Authorization":"Basic abc"}';
    expect(loadConfig({ LLM_EXTRA_HEADERS: value }).llmExtraHeaders).toEqual({
      ...{ 'x-team': 'a', Authorization: 'Basic abc' },
    });
    expect(loadConfig({ LLM_EXTRA_HEADERS: `'${value}'` }).llmExtraHeaders).toBeDefined();
  });

  test.each([
    [`{"x-key": ${SECRET}}`, 'must be a JSON object, such as {"name":"value"}'],
    [`["${SECRET}"]`, 'must be a JSON object, such as {"name":"value"}'],
    [`"${SECRET}"`, 'must be a JSON object, such as {"name":"value"}'],
    [`{"${SECRET} x":"1"}`, 'must have names of headers as its keys'],
    [`{"x-key":["${SECRET}"]}`, 'must give x-key a string of printable ASCII characters'],
    [`{"x-key":"${SECRET}\\r\\nHost: x"}`, 'must give x-key a string of printable ASCII characters'],
    ['{"Host":"x"}', 'must not set Host'],
    ['{"content-length":"1"}', 'must not set content-length'],
    ['{"Expect":"100-continue"}', 'must not set Expect'],
  ])('%s is refused without its value', (value, fault) => {
    expect(faultOf({ LLM_EXTRA_HEADERS: value })).toBe(`LLM_EXTRA_HEADERS ${fault}`);
  });
});

describe('LLM_EXTRA_BODY', () => {
  test('is an object of fields', () => {
    const body = { reasoning: { effort: 'low' }, temperature: 0.2, max_tokens: 500 };
    expect(loadConfig({ LLM_EXTRA_BODY: JSON.stringify(body) }).llmExtraBody).toEqual(body);
  });

  test.each([
    [`{"user": ${SECRET}}`, 'must be a JSON object, such as {"name":"value"}'],
    ['{"stream":false,"n":2,"user":"x"}', 'must not set stream, n'],
    ['{"model":"x","messages":[],"stream_options":{}}', 'must not set model, messages, stream_options'],
  ])('%s is refused without its value', (value, fault) => {
    expect(faultOf({ LLM_EXTRA_BODY: value })).toBe(`LLM_EXTRA_BODY ${fault}`);
  });
});

test.each(['MODEL_CONTEXT_TOKENS', 'OLLAMA_CONTEXT_LENGTH'])('%s is a number of tokens', (name) => {
  expect(Object.values(loadConfig({ [name]: '32768' }))).toContain(32_768);
  expect(faultOf({ [name]: '100' })).toBe(`${name} must be a whole number from 512 to 100000000`);
});

describe('the variables of a proxy', () => {
  test.each([
    [{ HTTP_PROXY: 'http://p:1' }, { http: 'http://p:1' }],
    [{ http_proxy: 'http://p:1', HTTP_PROXY: 'http://q:1' }, { http: 'http://p:1' }],
    [
      { https_proxy: '"p.corp:3128"', no_proxy: 'a,b' },
      { https: 'http://p.corp:3128', none: 'a,b' },
    ],
    [{ HTTPS_PROXY: '', NO_PROXY: '' }, {}],
  ])('%j are read', (env, proxy) => {
    const { http, https, none } = loadConfig(env).proxy;
    expect(JSON.parse(JSON.stringify({ http, https, none }))).toEqual(proxy);
  });

  test.each(['http://me:hunter2@', 'socks5://me:hunter2@p:1', 'http://me:hunter2%@p:1', 'http://p:port'])(
    '%j is refused in one line without the value',
    (value) => {
      expect(() => loadConfig({ HTTPS_PROXY: value })).toThrow(
        /^HTTPS_PROXY must be the URL of a proxy, such as http:\/\/proxy\.example:3128$/,
      );
    },
  );
});
