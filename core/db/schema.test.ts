import { afterAll, describe } from 'vitest';
import { openDatabase } from './database.ts';
import { schemaContract } from './schema.contract.ts';
import { createTestDatabase, isPostgresAvailable, MIGRATIONS_DIR, type TestDatabase } from './testing.ts';

describe.skipIf(!(await isPostgresAvailable()))('the schema on PostgreSQL', () => {
  let own: TestDatabase;
  afterAll(() => own?.drop());
  schemaContract(async () => {
    own = await createTestDatabase();
    return openDatabase({ databaseUrl: own.url, dataDir: 'unused', migrationsDir: MIGRATIONS_DIR });
  });
});
