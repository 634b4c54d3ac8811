import type { Config } from '../../core/config/config.ts';
import { type Caller, LOCAL_CALLER } from '../../core/domain/caller.ts';
import { type ApiTokens, isUsable, SECRET_PREFIX } from '../../core/store/api-tokens.ts';
import type { ApiToken } from '../../generated/prisma/client.ts';
import { JsonWebTokens } from './json-web-tokens.ts';
import type { OwnTokens } from './own-tokens.ts';
import { Remembered } from './remembered.ts';
import { isOwnToken } from './token-issuer.ts';
import { UnauthenticatedError } from './unauthenticated-error.ts';

/** How long a token that was read is trusted, in milliseconds: less than the 5 s in which a revocation must hold. */
const TRUSTED_MS = 3_000;
/** The longest header that is looked at, in characters. */
const LONGEST_HEADER = 16_384;

export interface AuthenticatorOptions {
  config: Pick<Config, 'authMode'> & ConstructorParameters<typeof JsonWebTokens>[0];
  apiTokens: Pick<ApiTokens, 'bySecret'>;
  /** Of the mode `accounts`: the tokens that people get here. */
  ownTokens?: Pick<OwnTokens, 'verify'> | null;
  /** Unix milliseconds. */
  now?: () => number;
}

/** Finds out who calls, on every transport: from the value of an `Authorization` header. */
export class Authenticator {
  readonly #options: AuthenticatorOptions;
  readonly #now: () => number;
  readonly #webTokens: JsonWebTokens;
  readonly #apiTokens: Remembered<ApiToken | null>;

  constructor(options: AuthenticatorOptions) {
    this.#options = options;
    this.#now = options.now ?? Date.now;
    this.#webTokens = new JsonWebTokens(options.config, this.#now);
    this.#apiTokens = new Remembered((secret) => options.apiTokens.bySecret(secret), TRUSTED_MS, this.#now);
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
    const { ownTokens } = this.#options;
    return ownTokens && isOwnToken(token) ? ownTokens.verify(token) : this.#webTokens.verify(token);
  }

  async #byApiToken(secret: string): Promise<Caller> {
    const token = await this.#apiTokens.get(secret);
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
      sessionId: null,
      expiresAt: expiresAt?.getTime() ?? null,
    };
  }
}

/** The token of an `Authorization` header (RFC 6750, 2.1); null when it is none. */
function bearerFrom(authorization: unknown): string | null {
  if (typeof authorization !== 'string' || authorization.length > LONGEST_HEADER) return null;
  return /^Bearer +([\w.~+/-]+=*) *$/i.exec(authorization)?.[1] ?? null;
}
