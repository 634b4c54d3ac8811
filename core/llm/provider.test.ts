import { describe, expect, it } from 'vitest';
import { chooseProvider } from './provider.ts';

describe('the provider', () => {
  it.each([
    ['nothing', {}, { provider: 'demo', baseURL: null, apiKey: null }],
    [
      'blank values',
      { openrouterApiKey: ' ', openaiApiKey: '', openaiBaseUrl: '' },
      { provider: 'demo', baseURL: null, apiKey: null },
    ],
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
  ])('for %s', (_, settings, provider) => {
    expect(chooseProvider(settings)).toEqual(provider);
  });

  it.each(['localhost:11434', 'ftp://x/v1', 'nonsense'])('refuses %s as a base URL', (openaiBaseUrl) => {
    expect(() => chooseProvider({ openaiBaseUrl })).toThrow(
      `OPENAI_BASE_URL "${openaiBaseUrl}" is not an http or https URL`,
    );
  });
});
