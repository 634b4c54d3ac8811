import { availableParallelism } from 'node:os';
import type { z } from 'zod';
import { isLoopback } from '../domain/loopback.ts';
import { StartError } from '../domain/start-error.ts';
import { faultsOfAccounts } from './faults-of-accounts.ts';
import { aboutOf } from './kinds/setting.ts';
import { OWNER_LIMITS } from './settings/limits.ts';
import { ROWS, SETTINGS } from './settings.ts';

/** The configuration is wrong; the message is one line that names every wrong variable and contains no secret. */
export class ConfigError extends StartError {
  override name = 'ConfigError';
}

type Settings = z.output<typeof SETTINGS>;

/** The configuration from the environment: see {@link SETTINGS} for each setting. Durations are milliseconds. */
export interface Config
  extends Omit<Settings, 'httpProxy' | 'httpsProxy' | 'noProxy' | 'authMode' | 'graphiql' | 'introspection'> {
  /** How callers show who they are. `none`: not at all, each is the local user. `accounts`: by tokens, which people get here. */
  authMode: 'none' | 'token' | 'accounts';
  graphiql: boolean;
  introspection: boolean;
  /** URLs of the proxies for requests to model servers, and the hosts that are reached without a proxy, separated by commas. */
  proxy: { http: Settings['httpProxy']; https: Settings['httpsProxy']; none: Settings['noProxy'] };
}

/**
 * Reads the environment. An empty value counts as unset, such as a blank line of an `.env` file.
 * @throws {ConfigError} with one line for all faults
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = ROWS.map(({ name, variable, alias, default: unset }) => {
    const read = alias && env[alias] ? alias : variable;
    return { name, variable: read, value: env[read] || unset };
  });
  const parsed = SETTINGS.safeParse(Object.fromEntries(given.map(({ name, value }) => [name, value])));
  if (!parsed.success) {
    const variables = new Map<PropertyKey, string>(given.map(({ name, variable }) => [name, variable]));
    const faults = parsed.error.issues.map(
      ({ path: [name = ''], message }) => `${variables.get(name)} ${message}`,
    );
    throw new ConfigError(faults.join('; '));
  }
  const { httpProxy, httpsProxy, noProxy, ...settings } = parsed.data;
  const authMode = authModeOf(settings);
  const accountsFaults = faultsOfAccounts(settings, authMode);
  if (accountsFaults.length > 0) throw new ConfigError(accountsFaults.join('; '));
  return {
    ...settings,
    ...(authMode === 'none' && unsetOwnerLimits(env)),
    authMode,
    graphiql: settings.graphiql ?? (isOfThisMachine(settings) && settings.persistedOperations !== 'only'),
    introspection: settings.introspection ?? isOfThisMachine(settings),
    proxy: { http: httpProxy, https: httpsProxy, none: noProxy },
  };
}

/** The limits of one owner that no variable sets, turned off. */
function unsetOwnerLimits(env: NodeJS.ProcessEnv): Partial<Settings> {
  const unset = OWNER_LIMITS.filter((name) => !env[aboutOf(SETTINGS.shape[name]).variable]);
  return Object.fromEntries(unset.map((name) => [name, 0]));
}

/**
 * Without tokens there is one user, so the server listens for this machine only, unless AUTH_MODE allows others to reach it.
 * A mode that its other variables contradict is a fault: a mistake must not open a server.
 */
function authModeOf({
  host,
  authMode,
  jwtSecret,
  jwksUrl,
  jwtAudience,
}: Pick<Settings, 'host' | 'authMode' | 'jwtSecret' | 'jwksUrl' | 'jwtAudience'>): Config['authMode'] {
  const hasKeys = jwtSecret !== undefined || jwksUrl !== undefined;
  if (jwksUrl !== undefined && jwtAudience === undefined)
    throw new ConfigError(
      'AUTH_JWKS_URL requires AUTH_JWT_AUDIENCE: an identity provider signs tokens for other services, too',
    );
  if (authMode === 'none' && hasKeys)
    throw new ConfigError(
      'AUTH_MODE is none, but AUTH_JWT_SECRET or AUTH_JWKS_URL is set: leave out one of them',
    );
  if (authMode === 'token' && !hasKeys)
    throw new ConfigError('AUTH_MODE token requires AUTH_JWT_SECRET or AUTH_JWKS_URL');
  const mode = authMode ?? (hasKeys ? 'token' : 'none');
  if (mode !== 'none' || authMode === 'none' || isLoopback(host)) return mode;
  throw new ConfigError(
    `HOST ${host} can be reached from other machines, and everyone who reaches it is the one local user; set AUTH_MODE=accounts, or AUTH_JWT_SECRET or AUTH_JWKS_URL, or AUTH_MODE=none if that is intended`,
  );
}

/** Whether only this machine is meant to call: no other reaches it, and no proxy on it has a name of its own. */
function isOfThisMachine({
  host,
  allowedHosts,
  authUrl,
}: Pick<Settings, 'host' | 'allowedHosts' | 'authUrl'>): boolean {
  const called = authUrl === undefined ? [] : [new URL(authUrl).hostname.replace(/^\[|\]$/g, '')];
  return [host, ...allowedHosts, ...called].every(isLoopback);
}

/**
 * Requires PostgreSQL and Redis, which a server and a worker in separate processes share.
 * @throws {ConfigError}
 */
export function requireShared({ databaseUrl, redisUrl }: Config): void {
  const missing = [databaseUrl ? null : 'DATABASE_URL', redisUrl ? null : 'REDIS_URL'].filter(Boolean);
  if (missing.length === 0) return;
  throw new ConfigError(
    `${missing.join(' and ')} must be set when server and worker run separately; npm start runs both in one process without them`,
  );
}

/** A process may have ten connections to PostgreSQL, and PostgreSQL has a hundred unless set otherwise. */
const MOST_BY_ITSELF = 8;

/**
 * How many processes share the work of this machine: what PROCESSES says; `auto` is one for each core, where they can share
 * their stores.
 * @throws {ConfigError} when several are set, and they cannot
 */
export function processesOf(
  { processes, databaseUrl, redisUrl }: Pick<Config, 'processes' | 'databaseUrl' | 'redisUrl'>,
  cores: number = availableParallelism(),
): number {
  const canShare = databaseUrl !== undefined && redisUrl !== undefined;
  if (processes === 'auto') return canShare ? Math.min(cores, MOST_BY_ITSELF) : 1;
  if (processes > 1 && !canShare)
    throw new ConfigError(
      'PROCESSES above 1 requires DATABASE_URL and REDIS_URL: several processes cannot share the embedded database, or what is live without Redis',
    );
  return processes;
}
