import type { ProviderName } from './provider.ts';

/** A server that speaks OpenAI's protocol, and what every request to it bears. */
export interface Endpoint {
  readonly provider: ProviderName;
  /** Without a query and without a slash at its end, such as `http://localhost:11434/v1`. */
  readonly baseURL: string;
  /** Unset or null: no Authorization header is sent. */
  readonly apiKey?: string | null;
  /** Added to the URL of every request, such as Azure's `api-version`. */
  readonly query?: Readonly<Record<string, string>>;
  /** Added to every request, in place of others of the same name; null: not sent. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Fields of every request for an answer, unless the request itself has them. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** In place of Node's, such as one that goes through a proxy. */
  readonly fetch?: typeof fetch;
}
