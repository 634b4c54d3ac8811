import type { PrismaClient } from '../../generated/prisma/client.ts';
import { fromDatabase } from './unavailable.ts';
import type { Limit } from './writers-limit.ts';

export const UNLIMITED: Limit = (task) => task();

/**
 * Wraps the client so that its queries and transactions reject with a StoreUnavailableError when PostgreSQL is unavailable.
 * A `limit` bounds how many connections of the pool its queries use at once, so that writers leave the others to readers.
 */
export function throughBorder(prisma: PrismaClient, limit = UNLIMITED): PrismaClient {
  const queries = prisma.$extends({
    query: { $allOperations: ({ args, query }) => limit(() => fromDatabase(query(args))) },
  });
  // The extension changes when queries run and what they reject with, not the client's type.
  const client = queries as unknown as PrismaClient;
  const transaction = client.$transaction.bind(client) as (...args: unknown[]) => Promise<unknown>;
  return client.$extends({
    client: { $transaction: (...args: unknown[]) => fromDatabase(transaction(...args)) },
  }) as unknown as PrismaClient;
}
