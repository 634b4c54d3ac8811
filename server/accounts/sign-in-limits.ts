import type { BetterAuthRateLimitOptions } from 'better-auth';
import { APIError, createAuthMiddleware } from 'better-auth/api';
import type { Config } from '../../core/config/config.ts';
import { RateLimitedError } from '../../core/domain/errors.ts';
import type { Limits } from '../limits/limits.ts';
import type { ReadRequest } from './request-rules.ts';

export interface SignInLimitsOptions {
  config: Pick<Config, 'signInsPerAddress' | 'guestsPerAddress'>;
  limits: Pick<Limits, 'countSignIn' | 'signedIn' | 'countVisit'>;
}

/** Begins a guest. */
const GUESTS = '/sign-in/anonymous';
const HOUR_S = 3_600;
const MINUTE_S = 60;
/** Of each path, from one address: an office of 200 whose pages all ask for a token after a restart. */
const OTHERS = { window: 10, max: 1_500 };
/** Of each path that sends mails, from one address. */
const MAILS = { window: MINUTE_S, max: 10 };

/** The limits by address: better-auth's own, which are counted where all servers count. */
export function visitLimits({ config, limits }: SignInLimitsOptions): BetterAuthRateLimitOptions {
  const rule = (window: number, max: number) => (max === 0 ? (false as const) : { window, max });
  const signIns = rule(MINUTE_S, config.signInsPerAddress);
  return {
    enabled: true,
    ...OTHERS,
    customRules: {
      [GUESTS]: rule(HOUR_S, config.guestsPerAddress),
      '/sign-in/*': signIns,
      '/sign-up/*': signIns,
      '/change-password': signIns,
      '/request-password-reset': MAILS,
      '/send-verification-email': MAILS,
    },
    customStorage: {
      async consume(key, { window, max }) {
        const limit = key.endsWith(`|${GUESTS}`) ? 'guestsPerAddress' : 'signInsPerAddress';
        const retryAfter = await secondsUntil(limits.countVisit(limit, key, { most: max, seconds: window }));
        return { allowed: retryAfter === null, retryAfter };
      },
    },
  };
}

/** Paths with the password of one person, or a mail to them. */
const OF_ONE_USER: readonly string[] = [
  '/sign-in/email',
  '/request-password-reset',
  '/send-verification-email',
];

/**
 * The limit by e-mail address, over all addresses of callers. Rejects with the error for the caller. Signing in begins the
 * count again, so that it bounds the attempts that fail.
 */
export function userLimit({ limits }: SignInLimitsOptions): (request: ReadRequest) => Promise<void> {
  return async ({ path, body }) => {
    if (!OF_ONE_USER.includes(path) || typeof body?.email !== 'string') return;
    const retryAfter = await secondsUntil(limits.countSignIn(body.email));
    if (retryAfter !== null)
      throw new APIError('TOO_MANY_REQUESTS', {}, { 'x-retry-after': String(retryAfter) });
  };
}

/** What better-auth calls after each request: begins the count of an e-mail address again. */
export const afterSignIn = ({ limits }: SignInLimitsOptions) =>
  createAuthMiddleware(async ({ path, body, context }) => {
    if (path === '/sign-in/email' && context.newSession) await limits.signedIn(body.email);
  });

/** When what is counted may be tried again, in seconds; null: it is allowed now. */
async function secondsUntil(counted: Promise<void>): Promise<number | null> {
  try {
    await counted;
    return null;
  } catch (error) {
    if (!(error instanceof RateLimitedError)) throw error;
    return Math.ceil(error.retryAfterMs / 1_000);
  }
}
