import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

/** Suites of rules: they leave nothing behind in their process, so they share one, and what they import is loaded once. */
const RULES = [
  'core/{async,clock,conversations,domain,http,inference,live,llm,prompt,speech,telemetry,text,timers,turns}/**/*.test.ts',
  '{client,scripts,server,worker}/**/*.test.{ts,tsx}',
];

export default defineConfig({
  resolve: {
    // The copy that Node itself picks, and so Yoga's: Vite would pick the other one, whose errors Yoga takes for strangers.
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  test: {
    reporters: ['default', './scripts/tally-reporter.ts'],
    testTimeout: 40_000,
    hookTimeout: 120_000,
    // Two cores are what this is built for: more workers than that only make each slower.
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: 'product',
          include: ['{bench,core,packages,prisma,test}/**/*.test.{ts,tsx}'],
          exclude: [...RULES, '**/node_modules/**'],
        },
      },
      { extends: true, test: { name: 'rules', include: RULES, isolate: false } },
    ],
  },
});
