import type { Config } from '../../core/config/config.ts';

/** The ways in which people sign in: what `GET /auth/providers` answers. */
export interface SignInWays {
  mode: Config['authMode'];
  /** By an e-mail address and a password. */
  email: boolean;
  /** Whether new people may sign up. */
  signUp: boolean;
  /** Whether people may come in as guests. */
  guests: boolean;
  /** Providers, by the ids that `POST /auth/sign-in/social` takes. */
  providers: readonly { id: string; name: string }[];
}

export type WaysConfig = Pick<
  Config,
  'authMode' | 'signUp' | 'guests' | 'githubId' | 'googleId' | 'oidcIssuer' | 'oidcName'
>;

/** The id of the provider of AUTH_OIDC_ISSUER. */
export const OIDC = 'oidc';

export function signInWays(config: WaysConfig): SignInWays {
  const { authMode: mode, signUp, guests, githubId, googleId, oidcIssuer, oidcName } = config;
  if (mode !== 'accounts') return { mode, email: false, signUp: false, guests: false, providers: [] };
  const providers = [
    ...(githubId ? [{ id: 'github', name: 'GitHub' }] : []),
    ...(googleId ? [{ id: 'google', name: 'Google' }] : []),
    ...(oidcIssuer ? [{ id: OIDC, name: oidcName }] : []),
  ];
  return { mode, email: true, signUp, guests, providers };
}
