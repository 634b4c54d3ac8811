import type { PrismaClient } from '../../generated/prisma/client.ts';
import type { Limit } from './writers-limit.ts';

/**
 * The same database for those who change conversations: of the pool's connections they use so many at once, so that the others
 * are left to readers, however much is written.
 */
export function writersShare(prisma: PrismaClient, limit: Limit): PrismaClient {
  const shared = prisma.$extends({
    query: { $allOperations: ({ args, query }) => limit(() => query(args)) },
  });
  // Only what it does when has changed, not what it can do.
  return shared as unknown as PrismaClient;
}
