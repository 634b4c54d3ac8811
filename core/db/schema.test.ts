import { afterAll, describe } from 'vitest';
import { schemaContract } from '../../test/support/contracts/database-schema.ts';
import {
  createTestDatabase,
  isPostgresAvailable,
  MIGRATIONS_DIR,
  type TestDatabase,
} from '../../test/support/database.ts';
import { openDatabase } from './database.ts';

describe.skipIf(!(await isPostgresAvailable()))('the schema on PostgreSQL', () => {
  let own: TestDatabase;
  afterAll(() => own?.drop());
  schemaContract(async () => {
    own = await createTestDatabase();
    return openDatabase({ databaseUrl: own.url, dataDir: 'unused', migrationsDir: MIGRATIONS_DIR });
  });
});
