import { bytesOf } from '../../async/until-aborted.ts';
import type { Endpoint } from '../provider/endpoint.ts';
import { connectionFault, ListFault, redirectFault, statusFault } from './list-fault.ts';

/** The longest wait for a list, in milliseconds. */
const TIMEOUT_MS = 10_000;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** The longest list that is read, in bytes: OpenRouter's is below one megabyte. */
const MOST_BYTES = 8_388_608;

export interface ReadOptions {
  signal: AbortSignal;
  /** Sent with POST, as JSON; unset: GET. */
  body?: unknown;
  timeoutMs?: number;
}

/**
 * Reads JSON from a model server, with the endpoint's key, query and headers, within a limit of time and size.
 *
 * @throws {ListFault}, and after an abort its reason
 */
export async function readJson(endpoint: Endpoint, url: string, options: ReadOptions): Promise<unknown> {
  const { signal, body, timeoutMs = TIMEOUT_MS } = options;
  const limit = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
  const response = await ask(endpoint, url, body, limit);
  try {
    if (REDIRECTS.has(response.status))
      throw redirectFault(url, response.status, response.headers.get('location'));
    if (!response.ok) throw statusFault(url, response.status, keyOf(endpoint));
    return parsed(url, response, await boundedText(url, response, limit));
  } catch (error) {
    if (error instanceof ListFault || signal.aborted) throw error;
    throw connectionFault(url, error);
  } finally {
    // An unread body must not hold the connection.
    void response.body?.cancel().catch(() => {});
  }
}

async function ask(endpoint: Endpoint, url: string, body: unknown, signal: AbortSignal): Promise<Response> {
  const query = new URLSearchParams(endpoint.query).toString();
  const request = {
    method: body === undefined ? 'GET' : 'POST',
    headers: headersOf(endpoint, body !== undefined),
    ...(body !== undefined && { body: JSON.stringify(body) }),
    signal,
    // A redirect would turn a POST into a GET, and would send headers with a key to another host.
    redirect: 'manual' as const,
  };
  try {
    return await (endpoint.fetch ?? fetch)(query ? `${url}?${query}` : url, request);
  } catch (error) {
    throw connectionFault(url, error);
  }
}

function headersOf({ apiKey, headers, baseURL }: Endpoint, hasBody: boolean): Record<string, string> {
  const merged = new Headers({
    accept: 'application/json',
    ...(hasBody && { 'content-type': 'application/json' }),
    ...(apiKey && { authorization: `Bearer ${apiKey}` }),
    ...(apiKey && anthropicKey(baseURL, apiKey)),
  });
  for (const [name, value] of Object.entries(headers ?? {})) {
    if (value === null) merged.delete(name);
    else merged.set(name, value);
  }
  return Object.fromEntries(merged);
}

/** Anthropic speaks OpenAI's protocol for chats, but has its own for the list. */
function anthropicKey(baseURL: string, apiKey: string): Record<string, string> {
  if (new URL(baseURL).hostname !== 'api.anthropic.com') return {};
  return { 'x-api-key': apiKey, 'anthropic-version': '2023-06-01' };
}

function keyOf({ provider, apiKey }: Endpoint): { name: string; isSet: boolean } {
  const name = provider === 'openrouter' ? 'OPENROUTER_API_KEY' : 'OPENAI_API_KEY';
  return { name, isSet: Boolean(apiKey) };
}

async function boundedText(url: string, response: Response, signal: AbortSignal): Promise<string> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of bytesOf(response.body, signal)) {
    size += part.byteLength;
    if (size > MOST_BYTES) throw new ListFault(`${url} answers more than 8 MB`, { answered: true });
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function parsed(url: string, response: Response, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const type = response.headers.get('content-type') ?? '';
    const what = /^text\/html\b/i.test(type) || /^\s*</.test(text) ? 'with a web page' : 'without JSON';
    const hint = 'OPENAI_BASE_URL is not the address of the API, which often ends in /v1';
    throw new ListFault(`${url} answers ${what}: ${hint}`, { answered: true, cause });
  }
}
