import { defineConfig } from 'prisma/config';

// `prisma generate` resolves the native schema engine and would download it, but never runs it.
// Migrations run on the WebAssembly build (core/db/migrate.ts).
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
