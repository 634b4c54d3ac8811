import type { ProviderName } from './provider.ts';

/** A server that speaks OpenAI's protocol, and what every request to it contains. */
export interface Endpoint {
  readonly provider: ProviderName;
  /** Without a query and without a trailing slash, such as `http://localhost:11434/v1`. */
  readonly baseURL: string;
  /** Unset or null: no Authorization header is sent. */
  readonly apiKey?: string | null;
  /** Added to the URL of every request, such as Azure's `api-version`. */
  readonly query?: Readonly<Record<string, string>>;
  /** Added to every request, replacing others of the same name; null: not sent. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** Fields of every request for an answer, unless the request itself has them. */
  readonly body?: Readonly<Record<string, unknown>>;
  /** Used instead of Node's, for example to go through a proxy. */
  readonly fetch?: typeof fetch;
}

/** Values that must not be logged if a server repeats them: the key, and headers and query values as long as a key. */
export function secretsOf({ apiKey, headers, query }: Endpoint): readonly string[] {
  const values = [...Object.values(headers ?? {}), ...Object.values(query ?? {})];
  const long = values.filter((value) => value !== null && value.length >= LIKE_A_KEY);
  return [...(apiKey ? [apiKey] : []), ...(long as string[])];
}

/** In characters: longer than a version, a team's name or the like. */
const LIKE_A_KEY = 16;
