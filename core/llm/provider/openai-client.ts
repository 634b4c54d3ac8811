import OpenAI, { APIError } from 'openai';
import type { Endpoint } from './endpoint.ts';

/** A refusal by status, with all that the server said: the library keeps only what stands under `error`. */
export class StatusError extends APIError<number, Headers, undefined> {
  override readonly name = 'StatusError';
  /** The body: JSON, or the text of another one. */
  readonly body: unknown;

  constructor(status: number, body: unknown, headers: Headers) {
    super(status, undefined, '', headers);
    // Its words are in the body.
    this.message = '';
    this.body = body;
  }
}

class Client extends OpenAI {
  protected override makeStatusError(
    status: number,
    json: object | undefined,
    text: string | undefined,
    headers: Headers,
  ): APIError {
    return new StatusError(status, json ?? text, headers);
  }
}

/** Makes the client of a server. Nothing is read from the environment, nothing is tried again, nothing is printed. */
export function openaiClient(endpoint: Endpoint, headersTimeoutMs: number): OpenAI {
  const { provider, baseURL, apiKey, query, headers } = endpoint;
  return new Client({
    baseURL,
    apiKey: apiKey || 'none',
    adminAPIKey: null,
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: headersTimeoutMs,
    logLevel: 'off',
    ...(query && { defaultQuery: query }),
    ...(endpoint.fetch && { fetch: endpoint.fetch }),
    defaultHeaders: {
      ...(apiKey ? {} : { Authorization: null }),
      ...(provider === 'openrouter' ? { 'X-Title': 'TaskFlow' } : {}),
      ...headers,
    },
  });
}
