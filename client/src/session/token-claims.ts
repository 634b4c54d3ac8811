/** What a page reads from a token. The server alone verifies it. */
export interface TokenClaims {
  /** Who it is for; null if it does not say. */
  subject: string | null;
  /** When it was issued and when it expires, in Unix milliseconds; null if it does not say. */
  issuedAt: number | null;
  expiresAt: number | null;
}

/** The claims of a JSON Web Token. Any other token says nothing. */
export function claimsOf(token: string): TokenClaims {
  const { sub, iat, exp } = payloadOf(token);
  return {
    subject: typeof sub === 'string' ? sub : null,
    issuedAt: typeof iat === 'number' ? iat * 1_000 : null,
    expiresAt: typeof exp === 'number' ? exp * 1_000 : null,
  };
}

function payloadOf(token: string): Record<string, unknown> {
  const [, payload, signature] = token.split('.');
  if (!payload || signature === undefined) return {};
  try {
    const text = atob(payload.replaceAll('-', '+').replaceAll('_', '/'));
    const bytes = Uint8Array.from(text, (char) => char.charCodeAt(0));
    const parsed: unknown = JSON.parse(new TextDecoder().decode(bytes));
    return typeof parsed === 'object' && parsed !== null ? { ...parsed } : {};
  } catch {
    return {};
  }
}
