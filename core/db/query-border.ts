import type { PrismaClient } from '../../generated/prisma/client.ts';
import { fromDatabase } from './unavailable.ts';
import type { Limit } from './writers-limit.ts';

const UNLIMITED: Limit = (task) => task();

/**
 * The client whose queries and transactions reject with a StoreUnavailableError when PostgreSQL is unavailable. With a `limit`
 * it is for those who change conversations: of the pool's connections they use so many at once, so that the others are left to readers.
 */
export function throughBorder(prisma: PrismaClient, limit = UNLIMITED): PrismaClient {
  const queries = prisma.$extends({
    query: { $allOperations: ({ args, query }) => limit(() => fromDatabase(query(args))) },
  });
  // Only when its queries run and what they reject with has changed, not what it can do.
  const client = queries as unknown as PrismaClient;
  const transaction = client.$transaction.bind(client) as (...args: unknown[]) => Promise<unknown>;
  return client.$extends({
    client: { $transaction: (...args: unknown[]) => fromDatabase(transaction(...args)) },
  }) as unknown as PrismaClient;
}
