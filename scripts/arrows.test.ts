import { describe, expect, test } from 'vitest';
import { arrowFaults, ROOMS } from './arrows.ts';

const faultsOf = (path: string, text: string) => arrowFaults(new Map([[path, text]]));
/** What a file of one room hears when it imports a file of another. */
const importing = (from: string, to: string) => {
  const up = '../'.repeat(from.split('/').length);
  return faultsOf(`${from}/a.ts`, `import { b } from '${up}${to}/b.ts';\nb();\n`);
};

describe('the arrows', () => {
  test('of two rooms at most one imports the other', () => {
    const both = ROOMS.flatMap((a) =>
      ROOMS.filter((b) => a < b && importing(a, b).length === 0 && importing(b, a).length === 0).map((b) => [
        a,
        b,
      ]),
    );
    expect(both).toEqual([]);
  });

  test.each([
    ['server', 'core/turns'],
    ['worker', 'core'],
    ['core/conversations', 'core/turns'],
    ['core/turns', 'core/live/feed'],
    ['core/prompt', 'core/speech'],
    ['core/config/kinds', 'packages/redaction'],
    ['server/plugins', 'server/transport/streams'],
  ])('%s imports %s', (from, to) => expect(importing(from, to)).toEqual([]));

  test.each([
    ['core/turns', 'server'],
    ['core/live/feed', 'worker'],
    ['core', 'client'],
    ['server/graphql', 'worker'],
    ['worker', 'server'],
    ['server', 'client'],
    ['client', 'core/domain'],
    ['client', 'generated'],
    ['packages/redaction', 'core/domain'],
    ['packages/demo-model', 'packages/redaction'],
    ['core/turns', 'core/conversations'],
    ['core/live/feed', 'core/turns'],
    ['core/telemetry', 'core/config'],
    ['core/queue', 'core'],
    ['core/speech', 'core/async'],
    ['core/prompt', 'generated'],
    ['server/transport/streams', 'server/plugins'],
    ['core/turns', 'test/support'],
  ])('%s does not import %s', (from, to) => expect(importing(from, to)).toHaveLength(1));

  test.each([
    "import { a } from '../turns/turns.ts';",
    "import type { A } from '../turns/turns.ts';",
    "import { type A } from '../turns/turns.ts';",
    "import '../turns/turns.ts';",
    "export * from '../turns/turns.ts';",
    "export { a } from '../turns/turns.ts';",
    "export type { A } from '../turns/turns.ts';",
    "const a = await import('../turns/turns.ts');",
    "type A = import('../turns/turns.ts').A;",
  ])('hold for %s', (code) => {
    expect(faultsOf('core/timers/a.ts', code)).toEqual([
      'core/timers/a.ts imports ../turns/turns.ts: core/turns stands on core/timers',
    ]);
  });

  test('a room of pure rules imports no package that could do I/O', () => {
    expect(faultsOf('core/speech/a.ts', "import { readFileSync } from 'node:fs';")).toHaveLength(1);
    expect(faultsOf('core/text/a.ts', "import pg from 'pg';")).toHaveLength(1);
    expect(faultsOf('core/domain/a.ts', "import { v7 } from 'uuid';")).toEqual([]);
  });

  test.each([
    ['pg', 'core/turns'],
    ['ioredis', 'core/live/feed'],
    ['bullmq', 'worker'],
    ['openai', 'worker'],
    ['@taskflow/demo-model', 'core/turns'],
    ['prom-client', 'core/turns'],
    ['ws', 'server/graphql'],
  ])('only the rooms at a border import its package: %s not in %s', (name, room) => {
    expect(faultsOf(`${room}/a.ts`, `import { a } from '${name}';`)).toHaveLength(1);
    expect(faultsOf(`${room}/a.test.ts`, `import { a } from '${name}';`)).toEqual([]);
  });

  test('a test imports all of core and what supports tests, and no other app', () => {
    const at = 'core/timers/a.test.ts';
    expect(faultsOf(at, "import '../turns/turns.ts'; import '../../test/support/harness.ts';")).toEqual([]);
    expect(faultsOf(at, "import '../../server/server.ts';")).toHaveLength(1);
  });

  test('a file of the product is in a room', () => {
    expect(faultsOf('packages/other/a.ts', '')).toEqual(['packages/other/a.ts is in no room']);
    expect(faultsOf('scripts/a.ts', "import '../core/app.ts';")).toEqual([]);
  });
});

describe("owners' rows", () => {
  const READS = [
    "import type { PrismaClient } from '../../generated/prisma/client.ts';",
    "import { Statements } from '../db/statements.ts';",
    'export const read = (app: App) => app.database.prisma.message.findMany();',
    'export const read = (db: Db) => db.$queryRaw`SELECT 1`;',
  ];
  const reaches = (path: string, text: string) =>
    faultsOf(path, text).some((fault) => /reaches rows/.test(fault));

  test.each(READS)('are not reached outside of their room by: %s', (text) => {
    for (const room of [
      'core/turns',
      'core/inference',
      'server/graphql/queries',
      'server/transport',
      'worker',
    ])
      expect(reaches(`${room}/a.ts`, text)).toBe(true);
    for (const room of ['core/store', 'core/db', 'server/accounts'])
      expect(reaches(`${room}/a.ts`, text)).toBe(false);
    expect(reaches('core/turns/a.test.ts', text)).toBe(false);
  });

  test('may be spoken of', () => {
    expect(
      reaches('core/turns/a.ts', '/** As a PrismaClient returns it. */\nexport const a = 1; // app.prisma'),
    ).toBe(false);
  });
});
