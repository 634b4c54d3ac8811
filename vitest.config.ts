import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['{core,server,worker,client,prisma,scripts,test}/**/*.test.{ts,tsx}'],
    reporters: ['default', './scripts/tally-reporter.ts'],
    testTimeout: 15_000,
    hookTimeout: 60_000,
    // Two cores are what this is built for: more workers than that only make each slower.
    maxWorkers: 2,
  },
});
