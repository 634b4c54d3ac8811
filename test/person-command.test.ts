import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Database, openDatabase } from '../core/db/database.ts';
import { MIGRATIONS_DIR } from './support/database.ts';
import { prepareDataDir } from './support/embedded-template.ts';
import { buildProduct, type Ending } from './support/product.ts';

const ROOT = join(import.meta.dirname, '..');
let dataDir: string;

beforeAll(async () => {
  buildProduct();
  dataDir = await mkdtemp(join(tmpdir(), 'taskflow-person-'));
  await prepareDataDir(dataDir);
  await withDatabase(async ({ prisma }) => {
    for (const tenant of ['default', 'acme']) {
      const conversation = {
        id: uuidv7(),
        owner: 'alice',
        tenant,
        title: `“${tenant}”\n\u2028`,
        status: 'ACTIVE',
      };
      await prisma.conversation.create({
        data: {
          ...conversation,
          ...{ status: 'ACTIVE', model: 'm', provider: 'p', pacing: 'HUMAN', lastActivityAt: new Date() },
          messages: {
            create: Array.from({ length: 450 }, (_, i) => ({
              ...{ id: uuidv7(), role: 'USER', content: `number ${i}`, status: 'COMPLETED' },
            })),
          },
        },
      });
    }
  });
});
afterAll(() => rm(dataDir, { recursive: true, force: true }));

async function withDatabase<T>(use: (database: Database) => Promise<T>): Promise<T> {
  const database = await openDatabase({ dataDir, migrationsDir: MIGRATIONS_DIR });
  return use(database).finally(() => database.close());
}

/** Runs the command as it was built, with only this environment. */
function run(args: readonly string[], env: Record<string, string> = { DATA_DIR: dataDir }): Promise<Ending> {
  const child = spawn(process.execPath, ['dist/person.js', ...args], {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text) => {
    said.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text) => {
    said.stderr += text;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, ...said })));
}

function expectOneLine({ code, stdout, stderr }: Ending, mentions: string): void {
  expect(stderr).toMatch(/^taskflow: [^\n]+\n$/);
  expect(stderr).toContain(mentions);
  expect(stdout).toBe('');
  expect(code).toBe(1);
}

test('prints an export as one JSON document and nothing else, then erases one tenant’s person alone', async () => {
  const exported = await run(['--export', 'alice', '--tenant', 'acme']);
  expect(exported).toMatchObject({ code: 0, stderr: '' });
  const { person, conversations } = JSON.parse(exported.stdout);
  expect(person).toEqual({ owner: 'alice', tenant: 'acme' });
  expect(conversations).toHaveLength(1);
  expect(conversations[0].title).toBe('“acme”\n\u2028');
  const contents = conversations[0].messages.map(({ content }: { content: string }) => content);
  expect(contents).toEqual(Array.from({ length: 450 }, (_, i) => `number ${i}`));

  const erased = await run(['--erase', 'alice', '--tenant', 'acme']);
  expect(erased).toMatchObject({ code: 0, stderr: '' });
  expect(erased.stdout).toMatch(
    /^Erased alice of the tenant acme:\n +1 {2}conversations, with their messages\n/,
  );
  const again = await run(['--erase', 'alice', '--tenant', 'acme']);
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(again.stdout).toMatch(/\n +0 {2}API tokens\n/);
  const left = await withDatabase(({ prisma }) => prisma.conversation.findMany({ select: { tenant: true } }));
  expect(left).toEqual([{ tenant: 'default' }]);
});

test('says in one line why it cannot', async () => {
  expectOneLine(await run(['--erase']), 'npm run person -- --export alice');
  expectOneLine(
    await run(['--erase', 'alice'], { DATABASE_URL: 'postgresql://u:hunter2@127.0.0.1:1/x' }),
    'connection refused',
  );
  await withDatabase(async () => expectOneLine(await run(['--erase', 'alice']), dataDir));
});
