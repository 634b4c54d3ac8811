import { decodeJwt } from 'jose';
import type { Caller } from '../../core/domain/caller.ts';
import { StoreUnavailableError } from '../../core/domain/errors.ts';
import { DEFAULT_TENANT } from '../../core/domain/owner.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { JsonWebTokens } from './json-web-tokens.ts';
import { Remembered } from './remembered.ts';
import { SigningKeys } from './signing-keys.ts';
import { OWN_ISSUER } from './token-issuer.ts';
import { UnauthenticatedError } from './unauthenticated-error.ts';

/** How long a session that was read is taken to be open, in milliseconds: who signs out is out within 5 s. */
const TRUSTED_MS = 3_000;

/** The claims as {@link claimsOf} writes them, whatever names the tokens of an identity provider have. */
const CLAIMS = {
  ...{ jwtSecret: undefined, jwksUrl: undefined, jwtIssuer: OWN_ISSUER, jwtAudience: OWN_ISSUER },
  ...{ tenantClaim: 'tenant', roleClaim: 'role', roleMap: new Map(), nameClaim: 'name' },
};

/** What a token says of a person, beside who they are (`sub`) and how long it is valid. */
export interface OwnClaims extends Record<string, string> {
  name: string;
  role: string;
  tenant: string;
  /** The id of the session that it was issued to: it ends with it. */
  sid: string;
}

export function claimsOf(name: string, role: string, sessionId: string): OwnClaims {
  return { name, role, tenant: DEFAULT_TENANT, sid: sessionId };
}

/** Verifies the tokens that people get from this server. */
export class OwnTokens {
  readonly #prisma: Pick<PrismaClient, 'session'>;
  readonly #now: () => number;
  readonly #tokens: JsonWebTokens;
  readonly #isOpen: Remembered<boolean>;

  /** `now`: Unix milliseconds. */
  constructor(prisma: Pick<PrismaClient, 'jwks' | 'session'>, now: () => number = Date.now) {
    this.#tokens = new JsonWebTokens(CLAIMS, now, new SigningKeys(prisma, now).get);
    this.#prisma = prisma;
    this.#now = now;
    this.#isOpen = new Remembered(async (id) => (await this.openAmong([id])).has(id), TRUSTED_MS, now);
  }

  /** @throws {UnauthenticatedError}; {StoreUnavailableError} when the keys cannot be read */
  async verify(token: string): Promise<Caller> {
    const caller = await this.#tokens.verify(token);
    const { sid: sessionId } = decodeJwt(token);
    if (typeof sessionId !== 'string' || !(await this.#isStillOpen(sessionId)))
      throw new UnauthenticatedError('invalid');
    return { ...caller, sessionId };
  }

  /** Those of these sessions in which their people are still signed in. */
  async openAmong(ids: readonly string[]): Promise<ReadonlySet<string>> {
    const where = { id: { in: [...ids] }, expiresAt: { gt: new Date(this.#now()) } };
    const found = await this.#prisma.session.findMany({ where, select: { id: true } });
    return new Set(found.map(({ id }) => id));
  }

  /** While the database cannot say it, the token is trusted, which does not last long. */
  async #isStillOpen(sessionId: string): Promise<boolean> {
    return this.#isOpen.get(sessionId).catch((error) => {
      if (error instanceof StoreUnavailableError) return true;
      throw error;
    });
  }
}
