import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { OWNERS_TABLES } from '../core/db/owners-policies.ts';
import { LOCAL_CALLER } from '../core/domain/caller.ts';
import { createTestDatabase, isPostgresAvailable, type TestDatabase } from './support/database.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { nodeId, rowIdOf } from './support/node-ids.ts';
import { CREATE, SEND } from './support/operations.ts';
import { type Things, TRIES, type Try, variablesIn } from './support/root-fields.ts';
import { createApiToken, requestAs, tokenFor, WITH_TOKENS } from './support/tokens.ts';

const isAvailable = await isPostgresAvailable();
const FIELDS = Object.keys(TRIES).filter((field) => !field.startsWith('Subscription.'));

/** Every policy is made to show nothing, so that what is still seen or changed for a caller is not bounded by them. */
describe.skipIf(!isAvailable)(
  `${isAvailable ? '' : 'SKIPPED, no PostgreSQL: '}with nothing let through`,
  () => {
    let own: TestDatabase;
    let system: TestSystem;
    let token: string;
    let things: Things;

    beforeAll(async () => {
      own = await createTestDatabase();
      system = await startTestSystem(
        { ...WITH_TOKENS, FEDERATION: '1', DATABASE_URL: own.url },
        { worker: false },
      );
      token = await tokenFor({ sub: 'alice', tenant: 'acme', role: 'ADMIN' });
      things = await made();
      const { prisma } = system.app.database;
      // What is compared must not change by itself: what the message means is published.
      const settled = () => prisma.conversation.findFirstOrThrow({ where: { outboxSince: null } });
      await vi.waitFor(settled, { timeout: 60_000, interval: 20 });
      for (const table of OWNERS_TABLES) {
        await prisma.$executeRawUnsafe(`ALTER POLICY taskflow_own ON ${table} USING (false)`);
        await prisma.$executeRawUnsafe(
          `ALTER POLICY taskflow_own_changes ON ${table} USING (false) WITH CHECK (false)`,
        );
      }
    });
    afterAll(async () => {
      await system?.stop();
      await own?.drop();
    });

    async function made(): Promise<Things> {
      const created = await requestAs(system.url, token, CREATE, { input: { greet: false } });
      const conversation = created.data.createConversation.conversation.id;
      const input = { conversationId: conversation, text: 'A secret of hers' };
      const sent = await requestAs(system.url, token, SEND, { input });
      const given = { name: 'A secret of hers', scopes: ['CONVERSATIONS_READ'] };
      const { apiToken } = await createApiToken(system.url, token, given);
      const inferenceLog = nodeId('InferenceLog', rowIdOf(conversation));
      return {
        conversation,
        message: sent.data.sendMessage.sentMessage.id,
        inferenceLog,
        apiToken: apiToken.id,
      };
    }

    const stored = (): Promise<Data[]> => {
      const { prisma } = system.app.database;
      return Promise.all(
        OWNERS_TABLES.map((table) =>
          prisma.$queryRawUnsafe(`SELECT to_jsonb(rows)::text AS row FROM ${table} AS rows ORDER BY 1`),
        ),
      );
    };

    test.each(FIELDS)('the owner sees nothing by %s, and changes nothing', async (field) => {
      const { query } = TRIES[field] as Try;
      const before = await stored();
      expect(JSON.stringify(before)).toContain('A secret of hers');
      const result = await requestAs(system.url, token, query, variablesIn(query, things));
      expect(JSON.stringify(result)).not.toContain('A secret of hers');
      expect(await stored()).toEqual(before);
    });

    test('no API token can be created', async () => {
      const alice = { ...LOCAL_CALLER, owner: 'alice', tenant: 'acme' };
      const before = await stored();
      const created = system.app.apiTokens.create(alice, { name: 'n', scopes: [], expiresAt: null });
      await expect(created).rejects.toThrow('row-level security');
      expect(await stored()).toEqual(before);
    });
  },
);
