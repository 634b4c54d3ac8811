import { prismaAdapter } from '@better-auth/prisma-adapter';
import type { BetterAuthOptions } from 'better-auth';
import { betterAuth } from 'better-auth/minimal';
import { anonymous } from 'better-auth/plugins/anonymous';
import { genericOAuth } from 'better-auth/plugins/generic-oauth';
import { jwt } from 'better-auth/plugins/jwt';
import { v7 as uuidv7 } from 'uuid';
import type { Config } from '../../core/config/config.ts';
import { DEFAULT_TENANT } from '../../core/domain/owner.ts';
import { GUEST_NAME, MAIL_TEXTS } from '../../core/domain/texts.ts';
import type { Revocations } from '../../core/live/revocations/revocations.ts';
import { moveRows } from '../../core/store/move-rows.ts';
import type { Log } from '../../core/telemetry/log.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { ADDRESS_HEADER } from './address-header.ts';
import { cleaned, databaseHooks } from './database-hooks.ts';
import { keepSession } from './keep-session.ts';
import { keysForSigning } from './keys-for-signing.ts';
import { libraryLog } from './library-log.ts';
import type { Mails } from './mails.ts';
import { claimsOf } from './own-tokens.ts';
import { requestRules } from './request-rules.ts';
import { afterSignIn, type SignInLimitsOptions, userLimit, visitLimits } from './sign-in-limits.ts';
import { OIDC } from './sign-in-ways.ts';
import { KEY_GRACE_MS, OWN_ISSUER } from './token-issuer.ts';

export interface AuthOptions {
  config: Config;
  /** At least 32 bytes. */
  secret: string;
  /** The public address of the server, such as `https://chat.example.com`. */
  url: string;
  prisma: PrismaClient;
  revocations: Pick<Revocations, 'publish'>;
  mails: Pick<Mails, 'send'>;
  limits: SignInLimitsOptions['limits'];
  log: Log;
}

/** The paths below the server's address that better-auth serves. */
const BASE_PATH = '/auth';
/** Pages of the web client. */
const PAGES = { resetPassword: '/reset-password', signIn: '/sign-in' };

const PASSWORD = { minPasswordLength: 10, maxPasswordLength: 128 };
const HOUR_S = 3_600;
const DAY_S = 24 * HOUR_S;
/** After this time, in seconds, another key signs tokens. */
const NEW_KEY_AFTER_S = 90 * DAY_S;

/** Unused endpoints: what leads to the tokens of providers, other addresses, and what deletes a person. */
const DISABLED_PATHS = [
  '/account-info',
  '/change-email',
  '/delete-anonymous-user',
  '/delete-user',
  '/delete-user/callback',
  '/get-access-token',
  '/link-social',
  '/ok',
  '/refresh-token',
  '/unlink-account',
  '/update-session',
  '/verify-password',
];

/** Serves the requests of people who sign up, sign in and sign out. Rejects with what the stores reject with. */
export interface Auth {
  handler(request: Request): Promise<Response>;
}

/** Sets better-auth up. Each setting that decides about security is stated, also where it is the default. */
export function createAuth(options: AuthOptions): Auth {
  const { config, secret, url, prisma, revocations, log } = options;
  const auth = betterAuth({
    appName: 'TaskFlow',
    baseURL: url,
    basePath: BASE_PATH,
    secret,
    // Stated, so that no variable of the environment takes its place.
    secrets: [{ version: 1, value: secret }],
    database: prismaAdapter(prisma, { provider: 'postgresql' }),
    // The transport has checked the origin of a request: it is that of our own pages, under whichever name, or an allowed one.
    trustedOrigins: (request) => [...config.allowedOrigins, request?.headers.get('origin')],
    ...signingIn(options),
    user: {
      additionalFields: { role: { type: 'string', required: true, defaultValue: 'USER', input: false } },
    },
    session: { expiresIn: 7 * DAY_S, updateAge: DAY_S, cookieCache: { enabled: false } },
    // A person is found by an address only if both sides have verified it.
    account: { accountLinking: { enabled: true, requireLocalEmailVerified: true } },
    verification: { storeIdentifier: 'hashed' },
    rateLimit: visitLimits(options),
    hooks: { before: requestRules(userLimit(options)), after: afterSignIn(options) },
    databaseHooks: databaseHooks(revocations),
    disabledPaths: DISABLED_PATHS,
    onAPIError: { throw: true, errorURL: `${url}${PAGES.signIn}` },
    logger: libraryLog(log),
    telemetry: { enabled: false },
    experimental: { instrumentation: { enabled: false } },
    advanced: {
      cookiePrefix: 'taskflow',
      // An address that is not https is of this machine only.
      useSecureCookies: url.startsWith('https:'),
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      disableCSRFCheck: false,
      disableOriginCheck: false,
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
      database: { generateId: () => uuidv7() },
    },
    plugins: [tokens(options), ...(config.guests ? [guests(options)] : []), ...otherProvider(config)],
  });
  const hasSession = async (headers: Headers) =>
    (await auth.api.getSession({ headers, query: { disableRefresh: true } })) !== null;
  return { handler: (request) => keepSession({ handler: auth.handler, hasSession }, request) };
}

/** Signing in by address and password, or at a provider. */
function signingIn({ config, url, mails, prisma }: AuthOptions) {
  const { githubId, githubSecret, googleId, googleSecret } = config;
  const mustVerify = mustVerifyAddress(config);
  const atProvider = { disableSignUp: !config.signUp, requireEmailVerification: mustVerify };
  return {
    emailAndPassword: {
      enabled: true,
      disableSignUp: !config.signUp,
      requireEmailVerification: mustVerify,
      ...PASSWORD,
      resetPasswordTokenExpiresIn: HOUR_S,
      revokeSessionsOnPasswordReset: true,
      async sendResetPassword({ user, url: link }) {
        mails.send({ to: user.email, ...MAIL_TEXTS.reset(withPage(link)) });
      },
      // Who is sent the mail may be another person than who has signed up at a provider that has not verified the address.
      async onPasswordReset({ user: { id: userId, emailVerified } }) {
        if (emailVerified) return;
        await prisma.account.deleteMany({ where: { userId, providerId: { not: 'credential' } } });
      },
      // What is answered for an address that has an account is what it would be for another one.
      customSyntheticUser: ({ coreFields, additionalFields, id }) => ({
        ...{ ...coreFields, ...cleaned(coreFields) },
        ...(config.guests && { isAnonymous: false }),
        ...additionalFields,
        id,
      }),
      async onExistingUserSignUp({ user }) {
        mails.send({ to: user.email, ...MAIL_TEXTS.known(`${url}${PAGES.signIn}`) });
      },
    },
    emailVerification: {
      sendOnSignUp: true,
      sendOnSignIn: mustVerify,
      // A forwarded link must not sign its reader in as the addressee.
      autoSignInAfterVerification: false,
      expiresIn: DAY_S,
      async sendVerificationEmail({ user, url: link }) {
        mails.send({ to: user.email, ...MAIL_TEXTS.verify(link) });
      },
    },
    socialProviders: {
      ...(githubId &&
        githubSecret && { github: { clientId: githubId, clientSecret: githubSecret, ...atProvider } }),
      ...(googleId &&
        googleSecret && { google: { clientId: googleId, clientSecret: googleSecret, ...atProvider } }),
    },
  } satisfies BetterAuthOptions;
}

/** Whether people sign in only after they have verified their address. Where mails are only files, they could not. */
function mustVerifyAddress({ smtpUrl }: Pick<Config, 'smtpUrl'>): boolean {
  return smtpUrl !== undefined;
}

/** The link of a reset leads to a page; to the web client's, unless its request has named another. */
function withPage(link: string): string {
  const url = new URL(link);
  if (!url.searchParams.get('callbackURL')) url.searchParams.set('callbackURL', PAGES.resetPassword);
  return url.href;
}

function tokens({ config, prisma }: AuthOptions) {
  const { operators, tokenMs } = config;
  return jwt({
    disableSettingJwtHeader: true,
    jwks: {
      keyPairConfig: { alg: 'EdDSA', crv: 'Ed25519' },
      rotationInterval: NEW_KEY_AFTER_S,
      gracePeriod: KEY_GRACE_MS / 1_000,
    },
    jwt: {
      issuer: OWN_ISSUER,
      audience: OWN_ISSUER,
      expirationTime: `${Math.round(tokenMs / 1_000)}s`,
      definePayload({ user, session }) {
        const isOperator = user.emailVerified && operators.has(user.email);
        return claimsOf(user.isAnonymous ? '' : user.name, isOperator ? 'OPERATOR' : user.role, session.id);
      },
    },
    adapter: { getJwks: ({ context }) => keysForSigning(prisma, context.secretConfig) },
  });
}

/** Guests keep what they have when they sign up or sign in: the guest becomes that person, and is no more. */
function guests({ prisma }: AuthOptions) {
  return anonymous({
    generateName: () => GUEST_NAME,
    async onLinkAccount({ anonymousUser, newUser }) {
      await moveRows(prisma, personOf(anonymousUser), personOf(newUser));
    },
  });
}

const personOf = ({ user }: { user: { id: string } }) => ({ owner: user.id, tenant: DEFAULT_TENANT });

/** The provider of AUTH_OIDC_ISSUER, if there is one. */
function otherProvider(config: Config) {
  const { oidcIssuer, oidcId, oidcSecret, oidcName, signUp } = config;
  if (!oidcIssuer || !oidcId || !oidcSecret) return [];
  const provider = {
    providerId: OIDC,
    name: oidcName,
    discoveryUrl: `${oidcIssuer.replace(/\/+$/, '')}/.well-known/openid-configuration`,
    clientId: oidcId,
    clientSecret: oidcSecret,
    scopes: ['openid', 'email', 'profile'],
    pkce: true,
    requireIdTokenVerification: true,
    disableProviderLogout: true,
    disableSignUp: !signUp,
    requireEmailVerification: mustVerifyAddress(config),
  };
  return [genericOAuth({ config: [provider] })];
}
