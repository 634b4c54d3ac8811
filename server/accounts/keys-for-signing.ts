import { symmetricDecrypt } from 'better-auth/crypto';
import type { Jwk } from 'better-auth/plugins/jwt';
import type { PrismaClient } from '../../generated/prisma/client.ts';
import { KEY_GRACE_MS } from './token-issuer.ts';

type Secret = Parameters<typeof symmetricDecrypt>[0]['key'];

/**
 * The signing keys of the table. One that was encrypted with another AUTH_SECRET cannot sign here: it is listed as expired,
 * so that a new one is made for this secret, and what it has signed stays valid.
 */
export async function keysForSigning(prisma: Pick<PrismaClient, 'jwks'>, secret: Secret): Promise<Jwk[]> {
  const now = new Date();
  const rows = await prisma.jwks.findMany({
    where: { OR: [{ expiresAt: null }, { expiresAt: { gt: new Date(now.getTime() - KEY_GRACE_MS) } }] },
  });
  const keys = rows.map(async ({ id, publicKey, privateKey, createdAt, expiresAt }): Promise<Jwk> => {
    const key: Jwk = { id, publicKey, privateKey, createdAt, alg: 'EdDSA', crv: 'Ed25519' };
    const isReadable = await symmetricDecrypt({ key: secret, data: JSON.parse(privateKey) }).then(
      () => true,
      () => false,
    );
    if (!isReadable) return { ...key, expiresAt: expiresAt && expiresAt < now ? expiresAt : now };
    return expiresAt ? { ...key, expiresAt } : key;
  });
  return Promise.all(keys);
}
