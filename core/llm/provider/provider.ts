import type { Endpoint } from './endpoint.ts';

/** The kind of model server: OpenRouter, OpenAI, any other server that speaks OpenAI's protocol, or the built-in demo. */
export type ProviderName = 'openrouter' | 'openai' | 'custom' | 'demo';

/** The part of the configuration that chooses a provider. Empty is unset. */
export interface ProviderSettings {
  openrouterApiKey?: string | undefined;
  openaiApiKey?: string | undefined;
  openaiBaseUrl?: string | undefined;
  llmExtraHeaders?: Readonly<Record<string, string>> | undefined;
  llmExtraBody?: Readonly<Record<string, unknown>> | undefined;
}

const OPENROUTER_URL = 'https://openrouter.ai/api/v1';
const OPENAI_URL = 'https://api.openai.com/v1';

/**
 * Chooses the model server; null: the demo, if nothing is set. A base URL comes first, and its host may be a known provider;
 * then OpenRouter's key, then OpenAI's. A key is sent to its own provider; another server gets OpenAI's key, else
 * OpenRouter's.
 *
 * @throws {TypeError} when `openaiBaseUrl` is not an http or https URL.
 */
export function chooseEndpoint(settings: ProviderSettings): Endpoint | null {
  const where = chosen(settings);
  if (!where) return null;
  const { llmExtraHeaders, llmExtraBody: body } = settings;
  const headers = { ...where.headers, ...llmExtraHeaders };
  return { ...where, ...(Object.keys(headers).length > 0 && { headers }), ...(body && { body }) };
}

function chosen(settings: ProviderSettings): Endpoint | null {
  const openrouterKey = settings.openrouterApiKey?.trim() || null;
  const openaiKey = settings.openaiApiKey?.trim() || null;
  const given = settings.openaiBaseUrl?.trim();
  if (given) {
    const provider = providerAt(given);
    const ownKey = provider === 'openrouter' ? openrouterKey : openaiKey;
    return { provider, ...serverAt(new URL(given), ownKey ?? openaiKey ?? openrouterKey) };
  }
  if (openrouterKey) return { provider: 'openrouter', baseURL: OPENROUTER_URL, apiKey: openrouterKey };
  if (openaiKey) return { provider: 'openai', baseURL: OPENAI_URL, apiKey: openaiKey };
  return null;
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

/**
 * Parses a base URL. Its query is added to every request (Azure's `api-version`). A name and password become a header, as
 * `fetch` refuses them in a URL. The path of a request, which is often copied along, is dropped.
 */
function serverAt(url: URL, apiKey: string | null): Omit<Endpoint, 'provider'> {
  const path = url.pathname.replace(/\/+$/, '').replace(/\/+((chat\/)?completions|models|responses)$/, '');
  const query = Object.fromEntries(url.searchParams);
  const headers = { ...basicAuth(url), ...(apiKey && isAzure(url) && azureKey(apiKey)) };
  return {
    // Azure's portal shows the endpoint without a path.
    baseURL: `${url.origin}${path || (isAzure(url) ? '/openai/v1' : '')}`,
    apiKey,
    ...(Object.keys(query).length > 0 && { query }),
    ...(Object.keys(headers).length > 0 && { headers }),
  };
}

function basicAuth({ username, password }: URL): Record<string, string> {
  if (!username && !password) return {};
  const pair = [username, password].map(decoded).join(':');
  return { Authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

/** Whether it is Azure's own endpoint for OpenAI's models. */
export function isAzure({ hostname }: Pick<URL, 'hostname'>): boolean {
  return /\.(openai|cognitiveservices|services\.ai)\.azure\.(com|us|cn)$/.test(hostname);
}

/** Azure expects a key in `api-key`, and takes `Authorization` for a token of its directory. */
function azureKey(apiKey: string): Record<string, string | null> {
  return { 'api-key': apiKey, Authorization: null };
}
