import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type App, openApp } from '../core/app.ts';
import { loadConfig } from '../core/config/config.ts';
import { DEFAULT_TENANT, type Owner } from '../core/domain/owner.ts';
import type { InferenceRecord } from '../core/inference/inference-record.ts';
import { exportPerson } from '../core/person/export-person.ts';
import { INVENTORY } from '../core/person/inventory.ts';
import { createLog } from '../core/telemetry/log.ts';
import { toNodeId } from '../server/graphql/ids.ts';
import { type Backend, describeBackends } from './support/backends.ts';
import { createTestDatabase, isPostgresAvailable } from './support/database.ts';
import { allKeys, allRows, allTables, type Stored } from './support/everything-stored.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { PlantedPerson, plantRecords, RecordGate, untilEnd } from './support/planted-person.ts';
import { until } from './support/until.ts';

const ALICE: Owner = { owner: 'alice', tenant: 'acme' };
/** Shorter than an operator would have it: nothing here takes seconds to end. */
const QUIET = { quietMs: 500 };
const SETTINGS = { TURNS_PER_OWNER: '2', IDLE_NUDGE_MS: '3600000' };

/** Another process on the same stores, as the tool is one; without a worker. */
function openAnother(env: Record<string, string>): Promise<App> {
  const log = createLog({ level: 'silent', format: 'json' });
  return openApp({ config: loadConfig(env), log, service: 'taskflow' });
}

async function exported(app: App, person: Owner): Promise<Data> {
  let json = '';
  for await (const piece of exportPerson({ rows: app.personRows, nodeId: toNodeId }, person)) json += piece;
  return JSON.parse(json);
}

await describeBackends('the data of a person', (backend: Backend) => {
  let system: TestSystem;
  let env: Record<string, string>;
  /** The process that exports and erases. */
  let tool: App;
  let gate: RecordGate;
  let alice: PlantedPerson;
  let others: PlantedPerson[];
  /** What of the others must stay as it is. */
  let theirs: string[];
  let listened: Promise<unknown>;
  let waitingRecord: InferenceRecord;
  const isOnRedis = () => env.REDIS_URL !== undefined;

  const stored = async (): Promise<Stored[]> => [
    ...(await allRows(system.app.database)),
    ...(isOnRedis() ? await allKeys(env.REDIS_URL ?? '', env.REDIS_PREFIX ?? '') : []),
  ];
  const amongAll = async (words: readonly string[]) => {
    const texts = (await stored()).map(({ place, text }) => `${place} ${text}`);
    return words.filter((word) => texts.some((text) => text.includes(word)));
  };
  const rowsOf = async (persons: readonly PlantedPerson[]) => {
    const marks = persons.flatMap((person) => person.marks);
    const rows = await allRows(system.app.database);
    return rows.filter(
      ({ place, text }) => /^public/.test(place) && marks.some((mark) => text.includes(mark)),
    );
  };

  beforeAll(async () => {
    env = await backend.env();
    system = await startTestSystem({ ...env, ...SETTINGS });
    tool = isOnRedis() ? await openAnother(env) : system.app;
    const { app, upstream } = system;
    const personOf = (owner: Owner) => new PlantedPerson(app, upstream, owner);
    alice = personOf(ALICE);
    others = [
      personOf({ owner: 'alice', tenant: DEFAULT_TENANT }),
      personOf({ owner: 'bob', tenant: 'acme' }),
    ];
    for (const other of others) {
      await other.answered();
      await other.token();
      await app.inferenceLogs.add(other.record());
    }
    for (let i = 0; i < 5; i++) await alice.answered();
    await alice.interrupted();
    await alice.regenerated();
    for (let i = 0; i < 3; i++) await alice.token();
    await app.inferenceLogs.add(alice.record({}, true));
    const [first = ''] = alice.conversations;
    await app.inferenceLogs.add(alice.record({ owner: null, conversationId: first }, true));
    // Those of the calls that were made here.
    const { inferenceLog } = app.database.prisma;
    await until(async () => (await inferenceLog.count({ where: ALICE })) === 5 + 1 + 2 + 1);
    theirs = (await rowsOf(others)).map(({ text }) => text).sort();

    gate = new RecordGate(app);
    waitingRecord = await plantRecords(app, alice, gate);
    for (const other of others) await app.inferenceJobs.add(other.record());
    await alice.resting();
    for (let i = 0; i < 2; i++) await alice.speaking();
    const waiting = await alice.converse();
    const { turnId } = await alice.send(waiting);
    await until(() => app.slots.isWaiting({ conversationId: waiting, turnId, ...ALICE }));
    await app.conversations.reportTyping(first, ALICE, true);
    listened = untilEnd(app.feed.subscribe(first, {}));
    await app.presence.join(first);
  });
  afterAll(async () => {
    gate?.restore();
    if (tool && tool !== system.app) await tool.stop();
    await system?.stop();
  });

  test('every column of every table is in the inventory, and no other', async () => {
    const tables = await allTables(system.app.database);
    const expected = new Map<string, readonly string[] | null>([
      ...Object.entries(INVENTORY.tables).map(
        ([name, { columns }]) => [`public.${name}`, Object.keys(columns)] as const,
      ),
      ...Object.keys(INVENTORY.libraryTables).map((name) => [name, null] as const),
    ]);
    for (const [table, columns] of tables) {
      expect([...expected.keys()]).toContain(table);
      const known = expected.get(table);
      if (known) expect([...known].sort(), table).toEqual([...columns].sort());
    }
    const missing = Object.keys(INVENTORY.tables).filter((name) => !tables.has(`public.${name}`));
    expect(missing).toEqual([]);
  });

  test('every queue is in the inventory', async () => {
    const queues = isOnRedis()
      ? (await allKeys(env.REDIS_URL ?? '', env.REDIS_PREFIX ?? '')).flatMap(
          ({ place }) => /^\{[^{}]+\}:([^:]+):meta$/.exec(place)?.[1] ?? [],
        )
      : (
          await tool.database.prisma.$queryRaw<{ queue: string }[]>`SELECT DISTINCT queue FROM bullmq.meta`
        ).map(({ queue }) => queue);
    expect(queues.sort()).toEqual(Object.keys(INVENTORY.queues).sort());
  });

  test('every kind of key in Redis is in the inventory', async () => {
    if (!isOnRedis()) return;
    const kinds = Object.keys(INVENTORY.keys).map((kind) => kindOfKey(kind, env.REDIS_PREFIX ?? ''));
    const keys = (await stored())
      .map(({ place }) => place)
      .filter((place) => place.includes(env.REDIS_PREFIX ?? ''));
    expect(keys.length).toBeGreaterThan(50);
    expect(keys.filter((key) => !kinds.some((kind) => kind.test(key)))).toEqual([]);
  });

  test('an export has what is theirs, under the names and ids of the API, and nothing of others', async () => {
    const document = await exported(tool, ALICE);
    const json = JSON.stringify(document);
    expect(alice.own.filter((mark) => !json.includes(mark))).toEqual([]);
    expect(others.flatMap(({ marks }) => marks).filter((mark) => json.includes(mark))).toEqual([]);
    expect(document.person).toEqual(ALICE);
    expect(document.conversations).toHaveLength(alice.conversations.length);
    const [first] = document.conversations;
    expect(first).toMatchObject({ status: 'ACTIVE', pacing: 'INSTANT', messageCount: 2 });
    expect(first.id).toBe(`Conversation_${alice.conversations[0]}`);
    expect(first.messages).toMatchObject([
      { role: 'USER' },
      { role: 'ASSISTANT', id: first.messages[0].turnId },
    ]);
    expect(document.conversations.flatMap(({ regenerations }: Data) => regenerations)).toHaveLength(1);
    expect(document.inferenceLogs).toHaveLength(10);
    expect(document.apiTokens).toHaveLength(3);
    expect(json).not.toContain('hash');
  });

  test('an export of somebody without data is valid', async () => {
    const nobody = { owner: 'nobody "at all"', tenant: 'acme' };
    expect(await exported(tool, nobody)).toEqual({
      ...{ person: nobody, exportedAt: expect.any(String) },
      ...{ account: [], signedIn: [], waysOfSigningIn: [] },
      ...{ conversations: [], inferenceLogs: [], apiTokens: [] },
    });
  });

  test('an erasure while answers are spoken leaves no mark anywhere, and others untouched', async () => {
    const { prisma } = system.app.database;
    expect(alice.marks.length).toBeGreaterThanOrEqual(50);
    const inMemory = isOnRedis() ? [] : alice.spoken;
    expect(await amongAll(alice.marks)).toEqual(alice.marks.filter((mark) => !inMemory.includes(mark)));

    const begun = performance.now();
    const erasure = tool.erasure.run(ALICE, QUIET);
    // Only then those are stored that a worker has taken already.
    await expect.poll(() => tool.inferenceJobs.isAlive(waitingRecord), { interval: 20 }).toBe(false);
    gate.open();
    const { found, isComplete } = await erasure;
    expect(isComplete).toBe(true);
    expect(found).toMatchObject({ apiTokens: 3, conversations: alice.conversations.length });
    expect(found.inferenceLogs).toBeGreaterThanOrEqual(9);
    expect(found.jobs).toBeGreaterThan(5);
    expect(await amongAll(alice.marks)).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(60_000);
    await listened;

    const left = await stored();
    expect(left.filter(({ text }) => /"owner": ?"alice".*"tenant": ?"acme"/.test(text))).toEqual([]);
    expect(left.filter(({ place, text }) => `${place}${text}`.includes('acme/alice'))).toEqual([]);
    expect(await prisma.conversation.count({ where: ALICE })).toBe(0);
    expect(await prisma.deletion.count()).toBe(0);
    // The measurements stay.
    expect(
      await prisma.inferenceLog.count({ where: { owner: null, tenant: 'acme' } }),
    ).toBeGreaterThanOrEqual(10);
    const ids = alice.conversations;
    const named = left.filter(({ place, text }) => ids.some((id) => `${place}${text}`.includes(id)));
    const isMarkOfEnd = ({ place }: Stored) => place.endsWith('}:feed') || place.endsWith(':presence');
    expect(named.filter((each) => !isMarkOfEnd(each))).toEqual([]);

    const still = (await rowsOf(others)).map(({ text }) => text);
    expect(still).toEqual(expect.arrayContaining(theirs));
    const all = others.flatMap(({ marks }) => marks);
    await expect.poll(() => amongAll(all)).toEqual(all);
  });

  test('a second erasure finds nothing', async () => {
    const { found, isComplete } = await tool.erasure.run(ALICE, QUIET);
    expect(isComplete).toBe(true);
    expect(Object.values(found).filter((count) => count > 0)).toEqual([]);
  });

  test('the account of somebody who signed up here is exported without its secrets, and erased', async () => {
    const { prisma } = tool.database;
    const [mine, other] = [uuidv7(), uuidv7()];
    const expiresAt = new Date(Date.now() + 600_000);
    for (const [id, name] of [
      [mine, 'mine'],
      [other, 'other'],
    ] as const) {
      const of = { userId: id, createdAt: new Date(), updatedAt: new Date() };
      await prisma.user.create({ data: { id, name: `${name}-name`, email: `${name}@example.com` } });
      await prisma.session.create({
        data: {
          ...of,
          id: uuidv7(),
          token: `${name}-token`,
          expiresAt,
          ipAddress: `${name}-address`,
          userAgent: name,
        },
      });
      await prisma.account.create({
        data: { ...of, id: uuidv7(), providerId: 'credential', accountId: id, password: `${name}-password` },
      });
      await prisma.verification.create({
        data: { id: uuidv7(), identifier: `${name}-link`, value: JSON.stringify({ userId: id }), expiresAt },
      });
    }
    const person = { owner: mine, tenant: 'default' };
    const document = await exported(tool, person);
    expect(document.account).toMatchObject([{ id: mine, name: 'mine-name', email: 'mine@example.com' }]);
    expect(document.signedIn).toMatchObject([{ ipAddress: 'mine-address' }]);
    expect(document.waysOfSigningIn).toMatchObject([{ provider: 'credential' }]);
    expect(JSON.stringify(document)).not.toMatch(/other|mine-(?:token|password|link)/);
    const { found, isComplete } = await tool.erasure.run(person, QUIET);
    expect([found.account, isComplete]).toEqual([4, true]);
    const places = (await stored()).filter(({ text }) => /mine-|mine@/.test(text) || text.includes(mine));
    expect(places).toEqual([]);
    expect(await prisma.session.count({ where: { userId: other } })).toBe(1);
    expect(await prisma.verification.count()).toBe(1);
    await prisma.user.delete({ where: { id: other } });
  });

  test('a record that was under way is stored without text, ids and owner; one of a later call as theirs', async () => {
    const { inferenceLogs, database, clock } = system.app;
    const [before, after] = [
      alice.record({ at: 1_000 }),
      alice.record({ at: Math.ceil(clock.now()) + 1_000 }),
    ];
    for (const record of [before, after]) await inferenceLogs.add(record);
    const find = ({ id }: { id: string }) => database.prisma.inferenceLog.findUnique({ where: { id } });
    expect(await find(before)).toMatchObject({ owner: null, tenant: 'acme', latencyMs: 1, model: 'm' });
    expect(await find(before)).toMatchObject({ inputPreview: null, outputPreview: null, errorMessage: null });
    expect(await find(after)).toMatchObject({ owner: 'alice', inputPreview: after.input });
  });

  test('somebody who does not stop to call is erased as far as possible, and that is said', async () => {
    const { app } = system;
    const carol: Owner = { owner: 'carol', tenant: 'acme' };
    const { erasure, conversations, models } = app;
    const create = () =>
      conversations.create({ owner: carol, model: models.default.id, pacing: 'INSTANT', greet: false });
    await create();
    let isOver = false;
    const calls = (async () => {
      while (!isOver) await create();
    })();
    const { found, isComplete } = await erasure.run(carol, { quietMs: 50 });
    isOver = true;
    await calls;
    expect(isComplete).toBe(false);
    expect(found.conversations).toBeGreaterThan(1);
    expect((await erasure.run(carol, QUIET)).isComplete).toBe(true);
  });
});

/** The keys of a kind, as the inventory writes it. */
function kindOfKey(kind: string, prefix: string): RegExp {
  const source = kind
    .replaceAll(/[{}]/g, '\\$&')
    .replaceAll('<prefix>', prefix)
    .replaceAll('<...>', '.+')
    .replaceAll('<queue>', `(?:${Object.keys(INVENTORY.queues).join('|')})`)
    .replaceAll(/<\w+>/g, '[^:{}]+');
  return new RegExp(`^${source}$`);
}

describe.skipIf(!(await isPostgresAvailable()))('an erasure beside a process without Redis', () => {
  test('leaves its feeds to that process, which ends them', async () => {
    const own = await createTestDatabase();
    const system = await startTestSystem({ DATABASE_URL: own.url, ...SETTINGS });
    const tool = await openAnother({ DATABASE_URL: own.url });
    try {
      const person = new PlantedPerson(system.app, system.upstream, ALICE);
      const id = await person.answered();
      const { id: spoken } = await person.speaking();
      const listened = [id, spoken].map((each) => untilEnd(system.app.feed.subscribe(each, {})));
      const { isComplete } = await tool.erasure.run(ALICE, { quietMs: 2_000, isLiveElsewhere: true });
      expect(isComplete).toBe(true);
      await Promise.all(listened);
      const texts = async () => (await allRows(tool.database)).map(({ text }) => text).join();
      await expect
        .poll(async () => {
          const text = await texts();
          return person.marks.filter((mark) => text.includes(mark));
        })
        .toEqual([]);
      await expect.poll(() => tool.database.prisma.deletion.count()).toBe(0);
    } finally {
      await tool.stop();
      await system.stop();
      await own.drop();
    }
  });
});
