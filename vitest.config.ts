import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { defaultServerConditions } from 'vite';
import { defineConfig } from 'vitest/config';

/** Suites that look at their process as a whole (its memory, its clock, its variables): each has one of its own. */
const ALONE = [
  'test/{nothing-held,single-connection,websocket-protocol,tracing}.test.ts',
  'test/faults/clocks.test.ts',
  'core/db/{writers-limit,migrate,embedded,disk-full}.test.ts',
  // In a process that holds what other suites have loaded, it takes ten times as long.
  'packages/redaction/redaction.test.ts',
  'bench/**/*.test.ts',
];

/** Suites without side effects on their process: they share one process, so that their imports are loaded once. */
const RULES = [
  'core/{async,clock,conversations,domain,floor,http,inference,live,llm,processes,prompt,speech,telemetry,text,timers,turns}/**/*.test.ts',
  '{client,scripts,server,worker}/**/*.test.{ts,tsx}',
];

/** What this run names its databases after. Its processes inherit it. */
process.env.TEST_RUN = randomBytes(4).toString('hex');

export default defineConfig({
  resolve: {
    // The copy that Node and Yoga use. Vite would choose the other one, whose errors Yoga does not recognise.
    alias: [{ find: /^graphql$/, replacement: createRequire(import.meta.url).resolve('graphql') }],
  },
  // The packages of this workspace as they are written, not as they are built.
  ssr: {
    resolve: {
      conditions: ['@taskflow/source', ...defaultServerConditions.filter((one) => one !== 'module')],
    },
  },
  test: {
    reporters: ['default', './scripts/tally-reporter.ts'],
    globalSetup: './test/support/drop-databases.ts',
    // For what hangs. A busy machine is slow, and that is no fault: no test has a shorter limit.
    testTimeout: 180_000,
    hookTimeout: 300_000,
    expect: { poll: { timeout: 60_000 } },
    // One more than two cores: suites that break a store, and those of a browser, mostly wait. With two more, those that are
    // about limits of time met them.
    maxWorkers: 3,
    projects: [
      {
        extends: true,
        test: {
          name: 'product',
          include: ['{core,packages,prisma,test}/**/*.test.{ts,tsx}'],
          exclude: [...RULES, ...ALONE, '**/node_modules/**'],
          isolate: false,
        },
      },
      { extends: true, test: { name: 'alone', include: ALONE } },
      { extends: true, test: { name: 'rules', include: RULES, isolate: false } },
    ],
  },
});
