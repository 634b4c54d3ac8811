// Creates the data directory of the embedded PostgreSQL that it is given, and ends.
import { PGlite } from '@electric-sql/pglite';
import { SETTINGS } from './pglite-settings.mjs';

const [, , dataDir] = process.argv;
const db = await PGlite.create(dataDir, { postgresqlconf: SETTINGS });
await db.close();
