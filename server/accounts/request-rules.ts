import { APIError, createAuthMiddleware } from 'better-auth/api';

/** A request as better-auth has read it. */
export interface ReadRequest {
  path: string;
  /** As it was sent: better-auth checks it afterwards. */
  body: Readonly<Record<string, unknown>> | undefined;
}

/** The parts of a request in which there are texts of its caller. */
type Part = Readonly<Record<string, unknown>> | undefined;

/**
 * What is stricter here than in better-auth, which calls it before each request:
 * - `count` may refuse it.
 * - A text with a NUL, which PostgreSQL cannot store or compare, is refused: it is looked up as it is.
 * - An ID token is taken from its provider alone, in answer to a sign-in that has begun here. One that a caller brings could
 *   be of another sign-in, because it would need no nonce.
 * - With another password, everyone else who has signed in by the old one is signed out.
 */
export const requestRules = (count: (request: ReadRequest) => Promise<void>) =>
  createAuthMiddleware(async ({ path, body, query }) => {
    if ([body, query].some(hasNul))
      throw new APIError('BAD_REQUEST', {
        code: 'INVALID_TEXT',
        message: 'No text may contain the NUL character.',
      });
    await count({ path, body });
    if (path === '/sign-in/social' && body?.idToken !== undefined)
      throw new APIError('BAD_REQUEST', {
        code: 'ID_TOKEN_NOT_SUPPORTED',
        message: 'Sign in at the provider: an ID token is not taken from a caller.',
      });
    if (path === '/change-password' && body)
      return { context: { body: { ...body, revokeOtherSessions: true } } };
  });

/** Whether one of its fields is a text with a NUL. What is inside of a field is stored as JSON, in which it is escaped. */
function hasNul(part: Part): boolean {
  return Object.values(part ?? {}).some((value) => typeof value === 'string' && value.includes('\0'));
}
