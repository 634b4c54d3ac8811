import { fetchWithDeadline } from '../graphql/fetch-with-deadline.ts';

/** What the server answered to a form. */
export type AuthAnswer =
  | { ok: true; body: Record<string, unknown> }
  /** `code` is the server's, or one of `NETWORK` (it cannot be reached), `RATE_LIMITED` and `UNEXPECTED`. */
  | { ok: false; code: string; retryAfterS: number | null };

/** Posts a form to a path below `/auth`. Never rejects. */
export async function callAuth(
  path: string,
  body: Record<string, unknown>,
  fetch: typeof globalThis.fetch = fetchWithDeadline,
): Promise<AuthAnswer> {
  try {
    const response = await fetch(`/auth${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/json' },
      body: JSON.stringify(body),
    });
    const answered = await bodyOf(response);
    if (response.ok) return { ok: true, body: answered };
    if (response.status === 429)
      return { ok: false, code: 'RATE_LIMITED', retryAfterS: secondsFrom(response.headers) };
    const code = typeof answered.code === 'string' ? answered.code : 'UNEXPECTED';
    return { ok: false, code: UNREACHABLE.includes(response.status) ? 'NETWORK' : code, retryAfterS: null };
  } catch {
    return { ok: false, code: 'NETWORK', retryAfterS: null };
  }
}

/** What a server without its database answers, and what stands before it. */
const UNREACHABLE = [502, 503, 504];

async function bodyOf(response: Response): Promise<Record<string, unknown>> {
  const body: unknown = await response.json().catch(() => null);
  return typeof body === 'object' && body !== null ? { ...body } : {};
}

function secondsFrom(headers: Headers): number | null {
  const seconds = Number(headers.get('retry-after') ?? headers.get('x-retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) ? Math.max(1, Math.ceil(seconds)) : null;
}
