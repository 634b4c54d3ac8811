import { APIError, createAuthMiddleware } from 'better-auth/api';

/** A request as better-auth has read it. */
export interface ReadRequest {
  path: string;
  /** As it was sent: better-auth checks it afterwards. */
  body: Readonly<Record<string, unknown>> | undefined;
}

/**
 * What is stricter here than in better-auth, which calls it before each request:
 * - `count` may refuse it.
 * - An ID token is taken from its provider alone, in answer to a sign-in that has begun here. One that a caller brings could
 *   be of another sign-in, because it would need no nonce.
 * - With another password, everyone else who has signed in by the old one is signed out.
 */
export const requestRules = (count: (request: ReadRequest) => Promise<void>) =>
  createAuthMiddleware(async ({ path, body }) => {
    await count({ path, body });
    if (path === '/sign-in/social' && body?.idToken !== undefined)
      throw new APIError('BAD_REQUEST', {
        code: 'ID_TOKEN_NOT_SUPPORTED',
        message: 'Sign in at the provider: an ID token is not taken from a caller.',
      });
    if (path === '/change-password' && body)
      return { context: { body: { ...body, revokeOtherSessions: true } } };
  });
