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

/** What is not to be logged, though a server repeats it: the key, and what in headers and the query is as long as one. */
export function secretsOf({ apiKey, headers, query }: Endpoint): readonly string[] {
  const values = [...Object.values(headers ?? {}), ...Object.values(query ?? {})];
  const long = values.filter((value) => value !== null && value.length >= LIKE_A_KEY);
  return [...(apiKey ? [apiKey] : []), ...(long as string[])];
}

/** So many characters: no version, name of a team or the like. */
const LIKE_A_KEY = 16;
