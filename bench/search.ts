import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { openDatabase } from '../core/db/database.ts';
import { DEFAULT_TENANT } from '../core/domain/owner.ts';
import { migrationsDir } from '../core/installation/installed-files.ts';
import { searchKeyOf } from '../core/search/index-terms.ts';
import { readQuery } from '../core/search/search-query.ts';
import { MessageSearch } from '../core/store/message-search.ts';
import { OwnRows } from '../core/store/own-rows.ts';
import { Stems } from '../core/store/stems.ts';
import { HEADER, row } from './percentiles.ts';

/**
 * Measures searches among MESSAGES messages (1,000,000) of 10,000 owners, one with 30 % of them, on a database of its own at
 * BENCH_DATABASE_URL: the time for both kinds of owner, a page around a hit in a conversation of 10,000 messages, the size of
 * the index, and what writing costs beside the same without the index. Words have the frequencies of Zipf's law.
 */
const MESSAGES = Number(process.env.MESSAGES ?? 1_000_000);
const SERVER = process.env.BENCH_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
const OWNERS = 10_000;
const VOCABULARY = 20_000;
const TEXTS = 20_000;
const WORDS = 40;
const RUNS = 200;
const GOAL_MS = 'p95 < 50';

const print = (line: string) => process.stdout.write(`${line}\n`);
const ownerOf = (name: string) => ({ owner: name, tenant: DEFAULT_TENANT });
const word = (rank: number) => `w${rank.toString(36)}`;

const server = new pg.Client({ connectionString: SERVER });
await server.connect();
const name = `bench_search_${randomUUID().slice(0, 8)}`;
await server.query(`CREATE DATABASE ${name}`);
const databaseUrl = String(Object.assign(new URL(SERVER), { pathname: `/${name}` }));
try {
  const database = await openDatabase({ databaseUrl, dataDir: 'unused', migrationsDir: migrationsDir() });
  try {
    await fill();
    const search = new MessageSearch(database, new Stems(['english']));
    print(HEADER);
    for (const [kind, owner] of [
      ['an owner of 30 %', 'big'],
      ['an owner of a few dozen messages', 'o77'],
    ] as const) {
      for (const [what, rank] of [
        ['a word of any frequency', () => Math.floor(Math.exp(Math.random() * Math.log(VOCABULARY)))],
        ['one of the 10 most common words', () => 1 + Math.floor(Math.random() * 10)],
        ['one of the 100 most common words', () => 1 + Math.floor(Math.random() * 100)],
        ['two words', () => null],
      ] as const) {
        const times: number[] = [];
        const by = ownerOf(owner);
        const own = new OwnRows(database, by);
        for (let run = 0; run < RUNS; run++) {
          const any = () => word(Math.floor(Math.exp(Math.random() * Math.log(VOCABULARY))));
          const chosen = rank();
          const query = readQuery(chosen === null ? `${any()} ${any()} ` : `${word(chosen)} `);
          if ('fault' in query) throw new Error(query.fault);
          const begun = performance.now();
          await search.hits(query, by, own, { after: null, take: 21 });
          times.push(performance.now() - begun);
        }
        print(row(`${kind}: ${what}`, times, GOAL_MS));
      }
    }
    await around();
    await sizes();
    await writes();
  } finally {
    await database.close();
  }

  async function fill(): Promise<void> {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    const run = async (what: string, text: string, values: unknown[] = []) => {
      const begun = performance.now();
      await client.query(text, values);
      print(`${what}: ${((performance.now() - begun) / 1_000).toFixed(1)} s`);
    };
    const ranks = Array.from({ length: OWNERS }, (_, i) => (i === 0 ? 'big' : `o${i}`));
    await client.query(
      "SET session_replication_role = replica; SET work_mem = '256MB'; SET maintenance_work_mem = '512MB'",
    );
    await client.query('CREATE TABLE bench_owners (n int PRIMARY KEY, owner text, key text)');
    await client.query('INSERT INTO bench_owners SELECT * FROM unnest($1::int[], $2::text[], $3::text[])', [
      ranks.map((_, i) => i),
      ranks,
      ranks.map((owner) => searchKeyOf(ownerOf(owner))),
    ]);
    const texts = Array.from({ length: TEXTS }, () =>
      Array.from({ length: WORDS }, () =>
        word(Math.floor(Math.exp(Math.random() * Math.log(VOCABULARY)))),
      ).join(' '),
    );
    await client.query('CREATE TABLE bench_texts (n int PRIMARY KEY, content text, terms text[])');
    await run(
      'texts',
      `INSERT INTO bench_texts SELECT n - 1, content, ARRAY(SELECT DISTINCT unnest(string_to_array(content, ' ')))
      FROM unnest($1::text[]) WITH ORDINALITY AS t(content, n)`,
      [texts],
    );
    // One conversation of each owner.
    await run(
      'conversations',
      `INSERT INTO conversations (id, owner, status, model, provider, pacing, last_activity_at, updated_at)
      SELECT gen_random_uuid(), owner, 'ACTIVE', 'm', 'p', 'HUMAN', now(), now() FROM bench_owners`,
    );
    await client.query('DROP INDEX message_words_words_idx');
    const idOf = `(lpad(to_hex((extract(epoch FROM now()) * 1000)::bigint - ($1::bigint - i) * 30000), 12, '0') || '7' ||
      substr(md5(i::text), 1, 3) || '8' || substr(md5(i::text), 4, 15))::uuid`;
    await run(
      'messages',
      `INSERT INTO messages (id, conversation_id, role, content, status)
      SELECT ${idOf}, c.id, 'USER', t.content, 'COMPLETED'
      FROM generate_series(1, $1::bigint) AS i
      JOIN bench_owners o ON o.n = CASE WHEN i % 10 < 3 THEN 0 ELSE 1 + (i * 7919) % ${OWNERS - 1} END
      JOIN conversations c ON c.owner = o.owner
      JOIN bench_texts t ON t.n = (i * 104729) % ${TEXTS}`,
      [MESSAGES],
    );
    await run(
      'words',
      `INSERT INTO message_words SELECT m.id, o.key, cardinality(t.terms),
        array_to_tsvector(ARRAY(SELECT o.key || term FROM unnest(t.terms) AS term))
      FROM messages m JOIN conversations c ON c.id = m.conversation_id JOIN bench_owners o ON o.owner = c.owner
      JOIN bench_texts t ON t.content = m.content ORDER BY m.id`,
    );
    await run(
      'index',
      'CREATE INDEX message_words_words_idx ON message_words USING gin (words) WITH (fastupdate = off)',
    );
    await run('statistics', 'VACUUM ANALYZE messages, message_words, conversations');
    await client.end();
  }

  async function around(): Promise<void> {
    const by = ownerOf('big');
    const own = new OwnRows(database, by);
    const [conversation] = await own.list(undefined, {
      after: null,
      before: null,
      take: 1,
      backwards: false,
    });
    if (!conversation) throw new Error('no conversation');
    const page = { after: null, before: null, take: 10_000, backwards: true };
    const ids = (await own.messagesOf(conversation, page, { content: false })).map(({ id }) => id);
    const times: number[] = [];
    for (let run = 0; run < RUNS; run++) {
      const id = ids[Math.floor(Math.random() * ids.length)] ?? '';
      const begun = performance.now();
      await own.messageOf(conversation.id, id);
      await Promise.all([
        own.messagesOf(conversation, { after: null, before: id, take: 11, backwards: true }),
        own.messagesOf(conversation, { after: id, before: null, take: 10, backwards: false }),
      ]);
      times.push(performance.now() - begun);
    }
    print(row(`the page around a hit in a conversation of ${Math.round(MESSAGES * 0.3)}`, times, GOAL_MS));
  }

  async function sizes(): Promise<void> {
    const [size] = (await database.prisma.$queryRaw`
      SELECT pg_total_relation_size('messages') / 1e6 AS messages, pg_relation_size('message_words_words_idx') / 1e6 AS gin,
        pg_total_relation_size('message_words') / 1e6 AS words`) as Record<string, number>[];
    print(
      `MB: ${Object.entries(size ?? {})
        .map(([part, mb]) => `${part} ${Number(mb).toFixed(0)}`)
        .join(', ')}`,
    );
  }

  async function writes(): Promise<void> {
    const client = new pg.Client({ connectionString: databaseUrl });
    await client.connect();
    await client.query('CREATE TABLE bench_words (LIKE message_words)');
    const time = async (text: string) => {
      await client.query('BEGIN');
      const begun = performance.now();
      await client.query(text);
      const ms = performance.now() - begun;
      await client.query('ROLLBACK');
      return ms;
    };
    const messages = `INSERT INTO messages (id, conversation_id, role, content, status)
      SELECT gen_random_uuid(), conversation_id, role, content, status FROM messages LIMIT 10000`;
    const plain: number[] = [];
    const triggered: number[] = [];
    const bare: number[] = [];
    const indexed: number[] = [];
    for (let round = 0; round < 3; round++) {
      await client.query('SET session_replication_role = replica');
      plain.push(await time(messages));
      bare.push(
        await time(
          'INSERT INTO bench_words SELECT gen_random_uuid(), owner_key, size, words FROM message_words LIMIT 10000',
        ),
      );
      indexed.push(
        await time(
          'INSERT INTO message_words SELECT gen_random_uuid(), owner_key, size, words FROM message_words LIMIT 10000',
        ),
      );
      await client.query('SET session_replication_role = origin');
      triggered.push(await time(messages));
    }
    await client.end();
    const least = (times: number[]) => Math.min(...times);
    print(
      `storing a message, with its triggers (and foreign key) beside without: ${(least(triggered) / least(plain)).toFixed(2)}`,
    );
    print(
      `writing its words, beside a table without indexes: ${(least(indexed) / least(bare)).toFixed(1)}; ${(least(indexed) / 10).toFixed(0)} µs each`,
    );
  }
} finally {
  await server.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`);
  await server.end();
}
