import { machineClock } from '../../core/clock/clock.ts';
import type { Conversations } from '../../core/conversations/conversations.ts';
import type { Database } from '../../core/db/database.ts';
import type { Caller } from '../../core/domain/caller.ts';
import { MemoryChanges } from '../../core/live/changes/memory.ts';
import { MemoryFeed } from '../../core/live/feed/memory.ts';
import { MemoryPresence } from '../../core/live/presence/memory.ts';
import { MemoryRevocations } from '../../core/live/revocations/memory.ts';
import { modelsOf } from '../../core/llm/registry/models.ts';
import { providerOffer } from '../../core/llm/registry/offer.ts';
import { ApiTokens } from '../../core/store/api-tokens.ts';
import { InferenceLogs } from '../../core/store/inference-logs.ts';
import { OwnRows } from '../../core/store/own-rows.ts';
import type { Branches } from '../../core/turns/branches.ts';
import type { Turns } from '../../core/turns/turns.ts';
import { createContext, type GraphQLContext } from '../../server/graphql/context.ts';
import type { Limits } from '../../server/limits/limits.ts';

const offer = providerOffer({ provider: 'openrouter', host: 'openrouter.ai' }, null);

/** The context of a query: the stored rows are real, what is live is empty, and what only mutations use is not there. */
export function queryContext(
  rows: Pick<Database, 'prisma' | 'readAs' | 'readRowsAs' | 'changeAs'>,
  viewer: Caller,
  responseMaxBytes: number,
  feed = new MemoryFeed(),
): GraphQLContext {
  return createContext(
    {
      ownRows: (owner) => new OwnRows(rows, owner),
      inferenceLogs: new InferenceLogs(rows),
      apiTokens: new ApiTokens(rows),
      search: { hits: async () => [] },
      revocations: new MemoryRevocations(),
      authenticator: { authenticate: async () => viewer },
      feed,
      changes: new MemoryChanges(),
      models: modelsOf(() => offer),
      presence: new MemoryPresence(),
      turns: {} as Turns,
      branches: {} as Branches,
      conversations: {} as Conversations,
      limits: {} as Limits,
      budget: { admission: () => undefined },
      clock: machineClock,
      inferenceJobs: { add: async () => {}, removeFailed: async () => {} },
    },
    { caller: viewer, address: '' },
    responseMaxBytes,
  );
}
