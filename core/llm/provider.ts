/** Where the models are: OpenRouter, OpenAI itself, any other server that speaks OpenAI's protocol, or the built-in demo. */
export type ProviderName = 'openrouter' | 'openai' | 'custom' | 'demo';

/** The provider's coordinates. The demo has an address only once it is started: see `connectLlm`. */
export type Provider =
  | {
      readonly provider: 'openrouter' | 'openai' | 'custom';
      readonly baseURL: string;
      readonly apiKey: string | null;
    }
  | { readonly provider: 'demo'; readonly baseURL: null; readonly apiKey: null };

/** The part of the configuration that chooses a provider: OPENROUTER_API_KEY, OPENAI_API_KEY, OPENAI_BASE_URL. Empty is unset. */
export interface ProviderSettings {
  openrouterApiKey?: string | undefined;
  openaiApiKey?: string | undefined;
  openaiBaseUrl?: string | undefined;
}

export const OPENROUTER_URL = 'https://openrouter.ai/api/v1';
export const OPENAI_URL = 'https://api.openai.com/v1';

/**
 * Chooses the provider. A base URL decides first, known hosts in it are told by name; then OpenRouter's key, then OpenAI's;
 * with nothing set it is the demo. A key goes to its own provider; to another server goes OpenAI's, else OpenRouter's.
 *
 * @throws {TypeError} when `openaiBaseUrl` is not an http or https URL.
 */
export function chooseProvider(settings: ProviderSettings): Provider {
  const openrouterKey = settings.openrouterApiKey?.trim() || null;
  const openaiKey = settings.openaiApiKey?.trim() || null;
  const baseURL = settings.openaiBaseUrl?.trim();
  if (baseURL) {
    const provider = providerAt(baseURL);
    const ownKey = provider === 'openrouter' ? openrouterKey : openaiKey;
    return { provider, baseURL: baseURL.replace(/\/+$/, ''), apiKey: ownKey ?? openaiKey ?? openrouterKey };
  }
  if (openrouterKey) return { provider: 'openrouter', baseURL: OPENROUTER_URL, apiKey: openrouterKey };
  if (openaiKey) return { provider: 'openai', baseURL: OPENAI_URL, apiKey: openaiKey };
  return { provider: 'demo', baseURL: null, apiKey: null };
}

function providerAt(baseURL: string): 'openrouter' | 'openai' | 'custom' {
  if (!URL.canParse(baseURL) || !/^https?:$/.test(new URL(baseURL).protocol)) {
    throw new TypeError(`OPENAI_BASE_URL ${JSON.stringify(baseURL)} is not an http or https URL`);
  }
  const { hostname } = new URL(baseURL);
  if (hostname === new URL(OPENROUTER_URL).hostname) return 'openrouter';
  if (hostname === new URL(OPENAI_URL).hostname) return 'openai';
  return 'custom';
}
