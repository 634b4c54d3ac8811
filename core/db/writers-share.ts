import pLimit from 'p-limit';
import type { PrismaClient } from '../../generated/prisma/client.ts';

/**
 * The same database for those who change conversations: of the pool's connections they use at most `most` at once, so that the
 * others are left to readers, however much is written. What waits for its turn waits in the order in which it came.
 */
export function writersShare(prisma: PrismaClient, most: number): PrismaClient {
  const limit = pLimit(most);
  const shared = prisma.$extends({
    query: { $allOperations: ({ args, query }) => limit(() => query(args)) },
  });
  // Only what it does when has changed, not what it can do.
  return shared as unknown as PrismaClient;
}
