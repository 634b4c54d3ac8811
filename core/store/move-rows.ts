import type { PrismaClient } from '../../generated/prisma/client.ts';
import { type Owner, ownerOf } from '../domain/owner.ts';

/**
 * Gives everything that an owner has to another one, at once: a guest has signed up. What is being spoken goes on. The
 * first owner's API tokens are revoked. The version of each conversation is another one afterwards, so that no process
 * writes by what it read before.
 * @throws {StoreUnavailableError}
 */
export async function moveRows(prisma: PrismaClient, from: Owner, to: Owner): Promise<void> {
  const where = ownerOf(from);
  const data = ownerOf(to);
  await prisma.$transaction([
    // The other owner may have used the same key, and each key once.
    prisma.$executeRaw`
      UPDATE conversations SET client_conversation_id = NULL
      WHERE tenant = ${from.tenant} AND owner = ${from.owner} AND client_conversation_id IN (
        SELECT client_conversation_id FROM conversations WHERE tenant = ${to.tenant} AND owner = ${to.owner})`,
    prisma.conversation.updateMany({ where, data: { ...data, version: { increment: 1 } } }),
    prisma.inferenceLog.updateMany({ where, data }),
    prisma.apiToken.updateMany({ where: { ...where, revokedAt: null }, data: { revokedAt: new Date() } }),
  ]);
}
