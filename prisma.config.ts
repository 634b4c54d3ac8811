import { defineConfig } from 'prisma/config';

// `prisma generate` resolves the native schema engine first, and would download it, yet never runs it.
// Migrations run on the WebAssembly build instead (core/db/migrate.ts).
process.env.PRISMA_SCHEMA_ENGINE_BINARY ??= process.execPath;

export default defineConfig({
  schema: 'prisma/schema.prisma',
  migrations: { path: 'prisma/migrations' },
});
