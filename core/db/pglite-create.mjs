// Creates the given data directory of the embedded PostgreSQL, and exits.
import { PGlite } from '@electric-sql/pglite';
import { SETTINGS } from './pglite-settings.mjs';

const [, , dataDir] = process.argv;
const db = await PGlite.create(dataDir, { postgresqlconf: SETTINGS });
await db.close();
