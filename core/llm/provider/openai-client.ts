import OpenAI, { APIError } from 'openai';
import type { Endpoint } from './endpoint.ts';

/** An error status with the server's whole body: the library keeps only what is under `error`. */
export class StatusError extends APIError<number, Headers, undefined> {
  override readonly name = 'StatusError';
  /** The body: parsed JSON, or text if it is not JSON. */
  readonly body: unknown;

  constructor(status: number, body: unknown, headers: Headers) {
    super(status, undefined, '', headers);
    // The text is in the body.
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

/** Creates the client of a server. It reads nothing from the environment, retries nothing and prints nothing. */
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
