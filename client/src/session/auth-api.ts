import { NOT_AT_ALL, type SignInWays, waysFrom } from './sign-in-ways.ts';

/** What the server is asked about who calls. Every call rejects when the server cannot be reached. */
export interface AuthApi {
  ways(): Promise<SignInWays>;
  /** A token for the person whom the browser's cookie names; null: the user is signed out. */
  token(): Promise<string | null>;
  /** Whether the server accepts a token. */
  accepts(token: string): Promise<boolean>;
  signOut(): Promise<void>;
}

/** The {@link AuthApi} of the server that serves this page. */
export function authApi(fetch: typeof globalThis.fetch): AuthApi {
  return {
    async ways() {
      const response = await fetch('/auth/providers', { headers: JSON_ONLY });
      // A server without accounts has no such path: it answers 404, or with the page itself.
      if (response.status === 404) return NOT_AT_ALL;
      if (!response.ok) throw unexpected(response);
      return (await readJson(response, waysFrom)) ?? NOT_AT_ALL;
    },
    async token() {
      const response = await fetch('/auth/token', { headers: JSON_ONLY });
      if (response.status === 401) return null;
      const token = response.ok ? await readJson(response, tokenFrom) : null;
      if (token === null) throw unexpected(response);
      return token;
    },
    async accepts(token) {
      const response = await fetch('/graphql', {
        method: 'POST',
        headers: { ...JSON_ONLY, 'content-type': 'application/json', authorization: `Bearer ${token}` },
        body: JSON.stringify({ query: '{ viewer { id } }' }),
      });
      if (response.status >= 500) throw unexpected(response);
      return response.ok;
    },
    async signOut() {
      const response = await fetch('/auth/sign-out', {
        method: 'POST',
        headers: { ...JSON_ONLY, 'content-type': 'application/json' },
        body: '{}',
      });
      if (!response.ok && response.status !== 401) throw unexpected(response);
    },
  };
}

const JSON_ONLY = { accept: 'application/json' };

function unexpected({ status, url }: Response): Error {
  return new Error(`${url} answered ${status}`);
}

async function readJson<T>(response: Response, read: (json: unknown) => T | null): Promise<T | null> {
  if (!response.headers.get('content-type')?.includes('json')) return null;
  return read(await response.json());
}

function tokenFrom(json: unknown): string | null {
  return typeof json === 'object' && json !== null && 'token' in json && typeof json.token === 'string'
    ? json.token
    : null;
}
