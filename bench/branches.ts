import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { v7 as uuidv7 } from 'uuid';
import { openDatabase } from '../core/db/database.ts';
import { DEFAULT_TENANT } from '../core/domain/owner.ts';
import { migrationsDir } from '../core/installation/installed-files.ts';
import { BranchReads } from '../core/store/branch-reads.ts';
import { ConversationReads } from '../core/store/conversation-reads.ts';
import { OwnRows } from '../core/store/own-rows.ts';
import { PgConversationStore } from '../core/store/pg-conversation-store.ts';
import { select } from '../core/turns/tree.ts';
import { HEADER, percentile, row } from './percentiles.ts';

/**
 * Measures conversations of 10,000 visible messages on a database of its own at BENCH_DATABASE_URL, side by side: one without
 * branches, one with 1,000 alternatives of a message in its middle, and one of two branches that part at the first message, each
 * 10,000 messages deep. What each takes is printed as a ratio to the one without branches.
 */
const SERVER = process.env.BENCH_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
const VISIBLE = 10_000;
const ALTERNATIVES = 1_000;
const PAGE = 50;
const RUNS = 300;
const SELECTIONS = 20;
const OWNER = { owner: 'someone', tenant: DEFAULT_TENANT };

const print = (line: string) => process.stdout.write(`${line}\n`);

interface Kept {
  id: string;
  parentId: string | null;
}

const server = new pg.Client({ connectionString: SERVER });
await server.connect();
const name = `bench_branches_${randomUUID().slice(0, 8)}`;
await server.query(`CREATE DATABASE ${name}`);
const databaseUrl = String(Object.assign(new URL(SERVER), { pathname: `/${name}` }));
try {
  const database = await openDatabase({ databaseUrl, dataDir: 'unused', migrationsDir: migrationsDir() });
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    const own = new OwnRows(database, OWNER);
    const reads = new ConversationReads(database);
    const branches = new BranchReads(database);
    const store = new PgConversationStore(database.statements);

    const path = (length: number): Kept[] => Array.from({ length }, () => ({ id: uuidv7(), parentId: null }));
    const hidden = (messages: readonly Kept[], after: string): Kept[] =>
      messages.map(({ id }, i) => ({ id, parentId: messages[i - 1]?.id ?? after }));

    async function create(make: (id: string) => { visible: Kept[]; hidden: Kept[] }) {
      const id = uuidv7();
      const { visible, hidden } = make(id);
      await client.query(
        `INSERT INTO conversations (id, owner, tenant, status, model, provider, pacing, message_count, last_turn_id,
          last_activity_at, updated_at) VALUES ($1, $2, $3, 'ACTIVE', 'm', 'p', 'INSTANT', $4, $5, now(), now())`,
        [
          id,
          OWNER.owner,
          OWNER.tenant,
          visible.length,
          [...visible, ...hidden]
            .map((it) => it.id)
            .sort()
            .at(-1),
        ],
      );
      const all = [...visible, ...hidden];
      await client.query(
        `INSERT INTO messages (id, conversation_id, role, content, status, parent_id, hidden_since)
        SELECT m.id, $1, CASE WHEN n % 2 = 1 THEN 'USER' ELSE 'ASSISTANT' END, repeat('word ', 40), 'COMPLETED', m.parent,
          CASE WHEN m.parent IS NULL THEN NULL ELSE 1 END
        FROM unnest($2::uuid[], $3::uuid[]) WITH ORDINALITY AS m(id, parent, n)`,
        [id, all.map((it) => it.id), all.map((it) => it.parentId)],
      );
      return { id, visible, hidden };
    }

    const kinds = {
      'no branches': await create(() => ({ visible: path(VISIBLE), hidden: [] })),
      '1,000 alternatives': await create(() => {
        const visible = path(VISIBLE);
        const parentId = visible[VISIBLE / 2]?.id ?? '';
        return { visible, hidden: path(ALTERNATIVES).map(({ id }) => ({ id, parentId })) };
      }),
      'two deep branches': await create((id) => ({
        visible: path(VISIBLE),
        hidden: hidden(path(VISIBLE), id),
      })),
    };
    await client.query('VACUUM ANALYZE messages, conversations');

    const times = new Map<string, number[]>();
    const timed = async (what: string, act: () => Promise<unknown>) => {
      const begun = performance.now();
      await act();
      const known = times.get(what) ?? [];
      known.push(performance.now() - begun);
      times.set(what, known);
    };
    const rows = await own.conversations(Object.values(kinds).map(({ id }) => id));
    for (let run = 0; run < RUNS; run++) {
      // Of the middle, where the alternatives are, and of anywhere.
      const at = run % 2 === 0 ? VISIBLE / 2 - 10 : Math.floor(Math.random() * (VISIBLE - PAGE));
      for (const [kind, { id, visible }] of Object.entries(kinds)) {
        const conversation = rows.find((one) => one.id === id);
        if (!conversation) throw new Error('no conversation');
        const range = { after: visible[at]?.id ?? null, before: null, take: PAGE, backwards: false };
        const ids = visible.slice(at, at + PAGE).map((message) => message.id);
        await timed(`${kind}: a page of ${PAGE}`, () => own.messagesOf(conversation, range));
        await timed(`${kind}: the places of ${PAGE} among alternatives`, () => own.branchesOf(ids));
        await timed(`${kind}: the history of a prompt`, () => reads.history(id, uuidv7(), 200));
      }
    }
    const { id, visible, hidden: other } = kinds['two deep branches'];
    for (let run = 0; run < SELECTIONS; run++) {
      const leaf = (run % 2 === 0 ? other : visible).at(-1)?.id ?? '';
      await timed(`two deep branches: select the other, ${VISIBLE} hidden and shown`, async () => {
        const snapshot = await store.read(id);
        if (!snapshot) throw new Error('no conversation');
        const draft = select(snapshot, await branches.fork(id, leaf, OWNER, { onward: true }));
        if (!draft) throw new Error('it was visible');
        const done = await store.commit(snapshot.row, draft, `c${run}`, snapshot.now + 60_000);
        if (done.outcome !== 'committed') throw new Error(done.outcome);
      });
    }

    print(HEADER);
    for (const [what, samples] of times) {
      const plain = times.get(what.replace(/^[^:]+/, 'no branches'));
      const ratio = plain && percentile(samples, 50) / percentile(plain, 50);
      print(row(what, samples, ratio ? `${ratio.toFixed(2)} times` : ''));
    }
  } finally {
    await client.end();
    await database.close();
  }
} finally {
  await server.query(`DROP DATABASE ${name} WITH (FORCE)`);
  await server.end();
}
