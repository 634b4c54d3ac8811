import type { Config } from '../../core/config/config.ts';
import { type Caller, LOCAL_CALLER } from '../../core/domain/caller.ts';
import { type ApiTokens, isUsable, SECRET_PREFIX } from '../../core/store/api-tokens.ts';
import type { ApiToken } from '../../generated/prisma/client.ts';
import { JsonWebTokens } from './json-web-tokens.ts';
import { UnauthenticatedError } from './unauthenticated-error.ts';

/** How long a token that was read is trusted, in milliseconds: less than the 5 s in which a revocation must hold. */
const TRUSTED_MS = 3_000;
/** How many tokens are remembered. */
const MAX_REMEMBERED = 10_000;
/** The longest header that is looked at, in characters. */
const LONGEST_HEADER = 16_384;

export interface AuthenticatorOptions {
  config: Pick<Config, 'authMode'> & ConstructorParameters<typeof JsonWebTokens>[0];
  apiTokens: Pick<ApiTokens, 'bySecret'>;
  /** Unix milliseconds. */
  now?: () => number;
}

/** Finds out who calls, on every transport: from the value of an `Authorization` header. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #now: () => number;
  readonly #webTokens: JsonWebTokens;
  readonly #read = new Map<string, { at: number; token: Promise<ApiToken | null> }>();

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#webTokens = new JsonWebTokens(options.config, this.#now);
  }

  /**
   * Without authentication everyone is the local user, whatever else they send, but for an API token, which can do less.
   *
   * @throws {UnauthenticatedError}; {StoreUnavailableError} when that cannot be found out at the moment
   */
  async authenticate(authorization: unknown): Promise<Caller> {
    const token = bearerFrom(authorization);
    if (token?.startsWith(SECRET_PREFIX)) return this.#byApiToken(token);
    if (this.#options.config.authMode === 'none') return LOCAL_CALLER;
    if (token === null) throw new UnauthenticatedError(authorization ? 'malformed' : 'missing');
    return this.#webTokens.verify(token);
  }

  async #byApiToken(secret: string): Promise<Caller> {
    const token = await this.#tokenOf(secret);
    if (!token || token.revokedAt) throw new UnauthenticatedError('invalid');
    if (!isUsable(token, this.#now())) throw new UnauthenticatedError('expired');
    const { id, owner, tenant, role, scopes, expiresAt } = token;
    return {
      owner,
      tenant,
      role,
      name: null,
      scopes,
      apiTokenId: id,
      expiresAt: expiresAt?.getTime() ?? null,
    };
  }

  #tokenOf(secret: string): Promise<ApiToken | null> {
    const known = this.#read.get(secret);
    const now = this.#now();
    if (known && now - known.at < TRUSTED_MS) return known.token;
    if (this.#read.size >= MAX_REMEMBERED) this.#read.clear();
    const token = this.#options.apiTokens.bySecret(secret);
    this.#read.set(secret, { at: now, token });
    // What could not be read is asked for again.
    token.catch(() => this.#read.delete(secret));
    return token;
  }
}

/** The token of an `Authorization` header (RFC 6750, 2.1); null when it is none. */
function bearerFrom(authorization: unknown): string | null {
  if (typeof authorization !== 'string' || authorization.length > LONGEST_HEADER) return null;
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization)?.[1] ?? null;
}
