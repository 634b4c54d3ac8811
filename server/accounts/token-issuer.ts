import { decodeJwt } from 'jose';

/** `iss` and `aud` of the tokens that people get from this server. */
export const OWN_ISSUER = 'taskflow';

/**
 * How long after a signing key has ceased to sign its tokens are still accepted, in milliseconds: longer than any of them
 * lasts.
 */
export const KEY_GRACE_MS = 2 * 86_400_000;

/** Whether a token says that this server has issued it. It says so itself: only to choose the keys that verify it. */
export function isOwnToken(token: string): boolean {
  try {
    return decodeJwt(token).iss === OWN_ISSUER;
  } catch {
    return false;
  }
}
