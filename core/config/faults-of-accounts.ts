import type { z } from 'zod';
import { isLoopback } from '../domain/loopback.ts';
import type { SETTINGS } from './settings.ts';

type Settings = Pick<
  z.output<typeof SETTINGS>,
  | 'host'
  | 'authSecret'
  | 'authUrl'
  | 'smtpUrl'
  | 'mailFrom'
  | 'githubId'
  | 'githubSecret'
  | 'googleId'
  | 'googleSecret'
  | 'oidcIssuer'
  | 'oidcId'
  | 'oidcSecret'
>;

/** Settings that mean something only together, by their variables. */
const TOGETHER: readonly Partial<Record<keyof Settings, string>>[] = [
  { githubId: 'AUTH_GITHUB_ID', githubSecret: 'AUTH_GITHUB_SECRET' },
  { googleId: 'AUTH_GOOGLE_ID', googleSecret: 'AUTH_GOOGLE_SECRET' },
  { oidcIssuer: 'AUTH_OIDC_ISSUER', oidcId: 'AUTH_OIDC_ID', oidcSecret: 'AUTH_OIDC_SECRET' },
];

/** What the settings of people's accounts lack, each as one line for the operator. */
export function faultsOfAccounts(settings: Settings, mode: 'none' | 'token' | 'accounts'): string[] {
  const faults = TOGETHER.flatMap((group) => faultOfPart(group, settings));
  if (settings.smtpUrl !== undefined && settings.mailFrom === undefined)
    faults.push('SMTP_URL requires MAIL_FROM');
  return mode === 'accounts' ? [...faults, ...faultsOfAddress(settings)] : faults;
}

function faultOfPart(group: Partial<Record<keyof Settings, string>>, settings: Settings): string[] {
  const names = Object.keys(group) as (keyof Settings)[];
  const variablesOf = (some: typeof names) => some.map((name) => group[name]).join(' and ');
  const given = names.filter((name) => settings[name] !== undefined);
  const missing = names.filter((name) => settings[name] === undefined);
  if (given.length === 0 || missing.length === 0) return [];
  return [`${variablesOf(given)} requires ${variablesOf(missing)}`];
}

/**
 * A server that other machines reach does not guess its address, and does not make a secret that the other servers do not
 * have. Passwords and cookies are sent over https alone, except on this machine.
 */
function faultsOfAddress({ host, authSecret, authUrl }: Settings): string[] {
  const missing = [authSecret ? null : 'AUTH_SECRET', authUrl ? null : 'AUTH_URL'].filter(Boolean);
  if (missing.length > 0 && !isLoopback(host))
    return [
      `AUTH_MODE accounts requires ${missing.join(' and ')} where other machines can reach HOST ${host}`,
    ];
  if (authUrl === undefined) return [];
  const { protocol, hostname } = new URL(authUrl);
  if (protocol === 'https:' || isLoopback(hostname.replace(/^\[|\]$/g, ''))) return [];
  return ['AUTH_URL must begin with https:// unless it is of this machine only'];
}
