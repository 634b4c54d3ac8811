import { createHash } from 'node:crypto';
import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { Config } from '../../core/config/config.ts';
import type { Caller } from '../../core/domain/caller.ts';
import { StoreUnavailableError } from '../../core/domain/errors.ts';
import { DEFAULT_TENANT } from '../../core/domain/owner.ts';
import { ROLES, type Role } from '../../core/domain/vocabulary.ts';
import { storable } from '../../core/text/storable.ts';
import { Remembered } from './remembered.ts';
import { UnauthenticatedError } from './unauthenticated-error.ts';

/** By how much the clocks of issuer and server may differ, in seconds (RFC 7519, 4.1.4: "a few minutes" at most). */
const CLOCK_SKEW_S = 60;
/** The longest id of a caller and of a tenant, and the longest name, in characters. */
const LONGEST = 255;

/**
 * How long a token that was verified is not verified again, in milliseconds: many requests with one token cost one
 * verification. Short beside the ten minutes for which the keys of an issuer are kept.
 */
const VERIFIED_FOR_MS = 60_000;

/** Algorithms by the kind of key: a public key must never be taken for the secret of an HMAC (RFC 8725, 2.1). */
const BY_SECRET = ['HS256'];
const BY_PUBLIC_KEY = ['RS256', 'ES256', 'EdDSA'];

export type TokenConfig = Pick<
  Config,
  | 'jwtSecret'
  | 'jwksUrl'
  | 'jwtIssuer'
  | 'jwtAudience'
  | 'tenantClaim'
  | 'roleClaim'
  | 'roleMap'
  | 'nameClaim'
>;

/** Verifies JSON Web Tokens (RFC 7519), and reads who calls from their claims. */
export class JsonWebTokens {
  readonly #config: TokenConfig;
  readonly #now: () => number;
  readonly #secret: Uint8Array | null;
  readonly #keys: JWTVerifyGetKey | null;
  readonly #verified: Remembered<Caller>;

  /** `now`: Unix milliseconds. `keys`: the public keys, in the place of those at AUTH_JWKS_URL. */
  constructor(config: TokenConfig, now: () => number = Date.now, keys: JWTVerifyGetKey | null = null) {
    const { jwtSecret, jwksUrl } = config;
    this.#config = config;
    this.#now = now;
    this.#secret = jwtSecret === undefined ? null : new TextEncoder().encode(jwtSecret);
    // Keys are read again after ten minutes, and at once, but not twice in 30 s, for a token with an unknown key.
    this.#keys = keys ?? (jwksUrl === undefined ? null : createRemoteJWKSet(new URL(jwksUrl)));
    this.#verified = new Remembered((token) => this.#callerOf(token), VERIFIED_FOR_MS, now, sha256);
  }

  /** @throws {UnauthenticatedError}; {StoreUnavailableError} when the keys of the issuer cannot be read */
  async verify(token: string): Promise<Caller> {
    const caller = await this.#verified.get(token);
    if (isOver(caller, this.#now())) throw new UnauthenticatedError('expired');
    return caller;
  }

  async #callerOf(token: string): Promise<Caller> {
    const { payload } = await this.#payloadOf(token).catch((error) => {
      throw faultOf(error);
    });
    return callerFrom(payload, this.#config);
  }

  #payloadOf(token: string): Promise<{ payload: JWTPayload }> {
    const { jwtIssuer: issuer, jwtAudience: audience } = this.#config;
    const options = {
      ...(issuer !== undefined && { issuer }),
      ...(audience !== undefined && { audience }),
      clockTolerance: CLOCK_SKEW_S,
      requiredClaims: ['sub', 'exp'],
      currentDate: new Date(this.#now()),
    };
    const isBySecret = this.#secret !== null && (this.#keys === null || algorithmOf(token) === 'HS256');
    if (isBySecret && this.#secret)
      return jwtVerify(token, this.#secret, { ...options, algorithms: BY_SECRET });
    if (!this.#keys) throw new UnauthenticatedError('invalid');
    return jwtVerify(token, this.#keys, { ...options, algorithms: BY_PUBLIC_KEY });
  }
}

/** By which a token is kept: tokens themselves are long, and secrets. */
function sha256(token: string): string {
  return createHash('sha256').update(token).digest('base64');
}

function isOver({ expiresAt }: Caller, now: number): boolean {
  return expiresAt !== null && expiresAt + CLOCK_SKEW_S * 1_000 <= now;
}

/** The algorithm that a token names, only to choose the key: each key accepts its own algorithms alone. */
function algorithmOf(token: string): unknown {
  try {
    const head: unknown = JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());
    return (head as { alg?: unknown } | null)?.alg;
  } catch {
    throw new UnauthenticatedError('malformed');
  }
}

function faultOf(error: unknown): Error {
  if (error instanceof errors.JWTExpired) return new UnauthenticatedError('expired');
  // What a token can be at fault for. Everything else is a fault of the issuer's server, or of the way there.
  const isTokens =
    error instanceof errors.JWTInvalid ||
    error instanceof errors.JWSInvalid ||
    error instanceof errors.JWTClaimValidationFailed ||
    error instanceof errors.JWSSignatureVerificationFailed ||
    error instanceof errors.JOSEAlgNotAllowed ||
    error instanceof errors.JOSENotSupported ||
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys;
  if (isTokens) return new UnauthenticatedError('invalid');
  if (error instanceof UnauthenticatedError || error instanceof StoreUnavailableError) return error;
  return new StoreUnavailableError('the keys of the identity provider', { cause: error });
}

function callerFrom(claims: JWTPayload, config: TokenConfig): Caller {
  const owner = idFrom(claims.sub);
  const claimed = config.tenantClaim === undefined ? undefined : claimOf(claims, config.tenantClaim);
  const tenant = claimed === undefined || claimed === null ? DEFAULT_TENANT : idFrom(claimed);
  if (owner === null || tenant === null || claims.exp === undefined)
    throw new UnauthenticatedError('invalid');
  const name = claimOf(claims, config.nameClaim);
  return {
    owner,
    tenant,
    role: roleFrom(claimOf(claims, config.roleClaim), config.roleMap),
    name: typeof name === 'string' && name.trim() !== '' ? storable(name.trim().slice(0, LONGEST)) : null,
    scopes: null,
    apiTokenId: null,
    sessionId: null,
    expiresAt: claims.exp * 1_000,
  };
}

/**
 * An id that can be stored and compared as it is; null for any other value. Numbers that are not exact in JSON would be the
 * same id for several callers.
 */
function idFrom(value: unknown): string | null {
  const id = Number.isSafeInteger(value) ? String(value) : value;
  if (typeof id !== 'string' || id === '' || id.length > LONGEST) return null;
  return id === storable(id) ? id : null;
}

/** A claim by its name, else by a path with dots into objects. */
function claimOf(claims: JWTPayload, name: string): unknown {
  if (Object.hasOwn(claims, name)) return claims[name];
  return name
    .split('.')
    .reduce<unknown>((at, key) => (isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined), claims);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** In ASCII alone: other letters, such as `ı`, become those of a role in upper case. */
function isInAnyCase(role: Role, word: string): boolean {
  return /^[a-z]+$/i.test(word) && role === word.toUpperCase();
}

/** From the fewest rights to the most; SERVICE has other rights than a person, and counts for more than USER alone. */
const BY_RIGHTS: readonly Role[] = ['USER', 'SERVICE', 'ADMIN', 'OPERATOR'];

function roleFrom(claimed: unknown, map: ReadonlyMap<string, Role>): Role {
  const words = (Array.isArray(claimed) ? claimed : [claimed]).filter((word) => typeof word === 'string');
  const roles = words.map((word) =>
    map.size > 0 ? map.get(word) : ROLES.find((role) => isInAnyCase(role, word)),
  );
  return BY_RIGHTS.findLast((role) => roles.includes(role)) ?? 'USER';
}
