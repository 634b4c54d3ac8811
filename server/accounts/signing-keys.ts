import { errors, importJWK, type JWTVerifyGetKey } from 'jose';
import { StoreUnavailableError } from '../../core/domain/errors.ts';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { Remembered } from './remembered.ts';
import { KEY_GRACE_MS } from './token-issuer.ts';

/** After which time a key is read again, in milliseconds: one that was removed is accepted for so long. */
const READ_AGAIN_MS = 60_000;
/** By which this server signs: better-auth.ts. A key is not tried for another one. */
const ALGORITHM = 'EdDSA';
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;

type PublicKey = Awaited<ReturnType<typeof importJWK>>;

/** The public keys that verify people's tokens, from the table. A key that is not known yet is looked up by its `kid`. */
export class SigningKeys {
  readonly #prisma: Pick<PrismaClient, 'jwks'>;
  readonly #now: () => number;
  readonly #keys: Remembered<PublicKey | null>;
  /** The keys as they were read last, for when the database is unavailable. */
  readonly #last = new Map<string, PublicKey>();

  /** `now`: Unix milliseconds. */
  constructor(prisma: Pick<PrismaClient, 'jwks'>, now: () => number = Date.now) {
    this.#prisma = prisma;
    this.#now = now;
    this.#keys = new Remembered((kid) => this.#read(kid), READ_AGAIN_MS, now);
  }

  /** @throws {errors.JWKSNoMatchingKey}; {StoreUnavailableError} */
  readonly get: JWTVerifyGetKey = async ({ kid = '', alg }) => {
    const key = alg === ALGORITHM && UUID.test(kid) ? await this.#keyOf(kid) : null;
    if (!key) throw new errors.JWKSNoMatchingKey();
    return key;
  };

  async #keyOf(kid: string): Promise<PublicKey | null> {
    try {
      return await this.#keys.get(kid);
    } catch (error) {
      const last = this.#last.get(kid);
      if (last && error instanceof StoreUnavailableError) return last;
      throw error;
    }
  }

  async #read(kid: string): Promise<PublicKey | null> {
    const row = await this.#prisma.jwks.findUnique({
      where: { id: kid },
      select: { publicKey: true, alg: true, expiresAt: true },
    });
    const isOver = row?.expiresAt && row.expiresAt.getTime() + KEY_GRACE_MS < this.#now();
    const key = row && !isOver ? await importJWK(JSON.parse(row.publicKey), row.alg ?? ALGORITHM) : null;
    if (key) this.#last.set(kid, key);
    else this.#last.delete(kid);
    return key;
  }
}
