import { createRequire } from 'node:module';
import { defineConfig } from 'vitest/config';

/** Suites without side effects on their process: they share one process, so that their imports are loaded once. */
const RULES = [
  'core/{async,clock,conversations,domain,http,inference,live,llm,prompt,speech,telemetry,text,timers,turns}/**/*.test.ts',
  '{client,scripts,server,worker}/**/*.test.{ts,tsx}',
];

export default defineConfig({
  resolve: {
    // The copy that Node and Yoga use. Vite would choose the other one, whose errors Yoga does not recognise.
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  test: {
    reporters: ['default', './scripts/tally-reporter.ts'],
    // For what hangs. A busy machine is slow, and that is no fault: no test has a shorter limit.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    // The suite is meant for two cores: more workers only make each other slower.
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
