import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: {
    // The copy that Node itself picks, and so Yoga's: Vite would pick the other one, whose errors Yoga takes for strangers.
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  test: {
    include: ['{core,server,worker,client,prisma,scripts,test}/**/*.test.{ts,tsx}'],
    reporters: ['default', './scripts/tally-reporter.ts'],
    testTimeout: 40_000,
    hookTimeout: 120_000,
    // Two cores are what this is built for: more workers than that only make each slower.
    maxWorkers: 2,
  },
});
