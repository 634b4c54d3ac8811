import { symmetricEncrypt } from 'better-auth/crypto';
import { expect, test } from 'vitest';
import { keysForSigning } from './keys-for-signing.ts';

const MINE = 'a secret of thirty-two bytes or so';

async function row(id: string, secret: string, expiresAt: Date | null = null) {
  const privateKey = JSON.stringify(await symmetricEncrypt({ key: secret, data: '{}' }));
  return { id, publicKey: '{}', privateKey, alg: 'EdDSA', crv: 'Ed25519', createdAt: new Date(0), expiresAt };
}

test('a key that another secret encrypts does not sign, and stays listed', async () => {
  const rows = [
    await row('mine', MINE),
    await row('theirs', `${MINE}!`),
    await row('old', MINE, new Date(1)),
  ];
  const prisma = { jwks: { findMany: async () => rows } } as unknown as Parameters<typeof keysForSigning>[0];
  const keys = await keysForSigning(prisma, MINE);
  expect(keys.map(({ id, expiresAt }) => [id, expiresAt !== undefined && expiresAt <= new Date()])).toEqual([
    ['mine', false],
    ['theirs', true],
    ['old', true],
  ]);
});
