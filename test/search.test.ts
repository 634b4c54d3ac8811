import { v7 as uuidv7 } from 'uuid';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { fold } from '../core/search/folded.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { fromNodeId, toNodeId } from '../server/graphql/ids.ts';
import { describeBackends } from './support/backends.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { requestAs, tokenFor, WITH_TOKENS } from './support/tokens.ts';

const SEARCH = /* GraphQL */ `
  query ($query: String!, $first: Int, $after: String) {
    searchMessages(query: $query, first: $first, after: $after) {
      edges { cursor snippet matches { start end } node { id content } conversation { id title } }
      pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
    }
  }
`;
const AROUND = /* GraphQL */ `
  query ($id: ID!, $around: ID!) {
    conversation(id: $id) { messages(around: $around) { nodes { id } pageInfo { hasNextPage hasPreviousPage } } }
  }
`;
const DAY_MS = 86_400_000;
const WHO = { alice: 'acme', bob: 'acme', 'alice at evil': 'evil' } as const;
type Who = keyof typeof WHO;

await describeBackends('a search', (backend) => {
  let system: TestSystem;
  beforeAll(async () => {
    const env = { ...(await backend.env()), ...WITH_TOKENS, SEARCH_LANGUAGES: 'english,german' };
    system = await startTestSystem(env, { worker: false });
    await system.app.searchIndex.followLanguages();
  });
  afterAll(() => system.stop());

  const subOf = (who: Who) => who.split(' ')[0] ?? '';
  const ask = async (who: Who, query: string, variables: Record<string, unknown>) =>
    requestAs(system.url, await tokenFor({ sub: subOf(who), tenant: WHO[who] }), query, variables);
  const search = async (query: string, more: { first?: number; after?: string; who?: Who } = {}) => {
    const { who = 'alice', ...page } = more;
    const { data, errors } = await ask(who, SEARCH, { query, ...page });
    expect(errors).toBeUndefined();
    return data.searchMessages;
  };
  const foundIn = ({ edges }: Data): string[] => edges.map(({ node }: Data) => node.content);
  const found = async (query: string, who: Who = 'alice') => foundIn(await search(query, { who }));

  async function indexAll() {
    while (await system.app.searchIndex.addChanged());
  }

  /** A conversation with these messages, the oldest first, a second apart. */
  async function say(
    texts: readonly string[],
    { who = 'alice', ageMs = 0 }: { who?: Who; ageMs?: number } = {},
  ) {
    const id = uuidv7();
    const begun = Date.now() - ageMs - texts.length * 1_000;
    const { prisma } = system.app.database;
    await prisma.conversation.create({
      data: {
        ...{ id, owner: subOf(who), tenant: WHO[who], status: 'ACTIVE', model: 'm', provider: 'openai' },
        ...{ pacing: 'INSTANT', title: 'Talk', lastActivityAt: new Date() },
      },
    });
    const messages = texts.map((content, i) => ({
      ...{ id: uuidv7({ msecs: begun + i * 1_000 }), conversationId: id, content },
      ...{ role: i % 2 === 0 ? ('USER' as const) : ('ASSISTANT' as const), status: 'COMPLETED' as const },
    }));
    await prisma.message.createMany({ data: messages });
    await indexAll();
    return { id, ids: messages.map((message) => message.id) };
  }

  test.each([
    ['English, another form', 'She was running through the rain', 'run'],
    ['English, the last word half typed', 'A lighthouse keeper', 'light'],
    ['German, another form and case', 'Die Häuser am Fluss', 'HAUS'],
    ['German, without the accent', 'Grüße aus Köln', 'koln'],
    ['Hindi, a part of a word', 'मुझे पुस्तकालय जाना है', 'पुस्तक'],
    ['Tamil, a part of a word', 'நான் பள்ளிக்கூடத்திற்கு போகிறேன்', 'பள்ளி'],
    ['Chinese, two characters', '我在北京大学学习计算机', '大学'],
    ['Chinese, one character', '他喜欢猫', '猫'],
    ['Japanese, katakana in half width', '新しいコンピューターを買いました', 'ｺﾝﾋﾟｭｰﾀ'],
    ['Korean, before a particle', '저는 도서관에서 공부합니다', '도서관'],
    ['Thai, within a sentence', 'ฉันชอบกินข้าวผัดกุ้ง', 'ข้าวผัด'],
    ['Arabic, without marks', 'ذَهَبتُ إِلَى المَكتَبَة', 'المكتبة'],
    ['Chinese and English together', '请打开PDF文件', 'pdf 文件'],
  ])('[P-120] finds %s', async (_what, text, query) => {
    await say([text, 'Something else']);
    const { edges } = await search(query);
    expect(foundIn({ edges })).toEqual([text]);
    const [{ snippet, matches }] = edges;
    expect(matches.length).toBeGreaterThan(0);
    for (const { start, end } of matches) expect(snippet.slice(start, end)).not.toBe('');
    const [last] = query
      .split(' ')
      .slice(-1)
      .map((word) => fold(word).text);
    const { start, end } = matches.at(-1);
    const shown = fold(snippet.slice(start, end)).text;
    if (!/another form/.test(_what)) expect(shown).toContain(last);
  });

  test('[P-121] all words must be there, phrases as they are, and nothing that is not wanted', async () => {
    const texts = ['zebra crosses the quiet river', 'the river crosses a zebra quietly', 'zebra alone'];
    await say(texts);
    expect(await found('zebra river')).toEqual(expect.arrayContaining(texts.slice(0, 2)));
    expect(await found('zebra river')).toHaveLength(2);
    expect(await found('"quiet river"')).toEqual([texts[0]]);
    expect(await found('zebra -river')).toEqual([texts[2]]);
    expect(await found('zebra -"quiet river"')).toEqual(expect.arrayContaining(texts.slice(1)));
    expect(await found('zebra -"quiet river"')).toHaveLength(2);
    expect(await found('"zebra cross"')).toEqual([]);
  });

  test('the best is first: words as they were written, in short messages, of late', async () => {
    const long = `walrus ${'and other animals that swim in cold water with many words like these: '.concat(
      Array.from({ length: 300 }, (_, i) => `w${i}`).join(' '),
    )}`;
    await say(['walruses', long]);
    await say(['walrus of old'], { ageMs: 400 * DAY_MS });
    await say(['walrus now']);
    expect(await found('walrus ')).toEqual(['walrus now', 'walruses', long, 'walrus of old']);
  });

  test('[P-122] the ranges of a snippet are the matches, in UTF-16 code units, in plain text', async () => {
    await say([
      `${'😀 before '.repeat(40)}the **marmot** and <b>marmot</b> 😀 marmots ${'after '.repeat(200)}`,
    ]);
    const [{ snippet, matches }] = (await search('marmot')).edges;
    expect(matches.map(({ start, end }: Data) => snippet.slice(start, end))).toEqual([
      'marmot',
      'marmot',
      'marmots',
    ]);
    expect(snippet).toContain('the marmot and <b>marmot</b>');
    expect(snippet).toMatch(/^….*…$/u);
    expect(snippet.isWellFormed()).toBe(true);
    expect(snippet.length).toBeLessThanOrEqual(242);
  });

  test("[P-123] another owner's messages are never found, nor the same id's in another tenant", async () => {
    for (const who of ['alice', 'bob', 'alice at evil'] as const) await say([`ocelot of ${who}`], { who });
    for (const who of ['alice', 'bob', 'alice at evil'] as const)
      expect(await found('ocelot', who)).toEqual([`ocelot of ${who}`]);
  });

  test('what has the key of another owner in the index is not found either', async () => {
    const { ids } = await say(['pangolin'], { who: 'bob' });
    await say(['pangolin of mine']);
    const mine = await system.app.database.prisma.$queryRaw<{ owner_key: string; words: string }[]>`
      SELECT w.owner_key, w.words::text FROM message_words w JOIN messages m ON m.id = w.message_id
      WHERE m.content = 'pangolin of mine'`;
    await system.app.database.prisma.$executeRaw`
      UPDATE message_words SET owner_key = ${mine[0]?.owner_key}, words = ${mine[0]?.words}::tsvector
      WHERE message_id = ${ids[0]}::uuid`;
    expect(await found('pangolin')).toEqual(['pangolin of mine']);
  });

  test('follows what happens to messages: changes, another owner, deletion', async () => {
    const { id, ids } = await say(['quokka first']);
    const { prisma } = system.app.database;
    await prisma.message.update({ where: { id: ids[0] as string }, data: { content: 'quokka second' } });
    await indexAll();
    expect([await found('first quokka'), await found('second quokka')]).toEqual([[], ['quokka second']]);
    await prisma.conversation.update({ where: { id }, data: { owner: 'bob' } });
    await indexAll();
    expect([await found('quokka'), await found('quokka', 'bob')]).toEqual([[], ['quokka second']]);
    const deleted = await ask(
      'bob',
      'mutation ($c: ID!) { deleteConversation(input: { conversationId: $c }) { __typename } }',
      {
        c: toNodeId('Conversation', id),
      },
    );
    expect(deleted.data.deleteConversation.__typename).toBe('DeleteConversationSuccess');
    expect(await found('quokka', 'bob')).toEqual([]);
    const left = await prisma.$queryRaw<
      unknown[]
    >`SELECT FROM message_words WHERE message_id = ${ids[0]}::uuid`;
    expect(left).toEqual([]);
  });

  test.each([
    ['with other languages', Prisma.sql`UPDATE search_progress SET languages = ''`],
    ['without its progress', Prisma.sql`DELETE FROM search_progress`],
  ])('indexes the messages from before the index, %s', async (_what, change) => {
    await say(['lemurs leap']);
    const { prisma } = system.app.database;
    await prisma.$executeRaw`DELETE FROM message_words`;
    await prisma.$executeRaw(change);
    expect(await found('lemur leap')).toEqual([]);
    await system.app.searchIndex.followLanguages();
    while (await system.app.searchIndex.addOlder());
    expect(await found('lemur leap')).toEqual(['lemurs leap']);
    await prisma.message.deleteMany({ where: { content: 'lemurs leap' } });
    expect(await prisma.$queryRaw`SELECT languages, before FROM search_progress`).toEqual([
      { languages: 'english,german', before: null },
    ]);
  });

  test('[P-124] pages by keyset: nothing twice, nothing missing, while messages are added', async () => {
    const texts = Array.from({ length: 23 }, (_, i) => `badger number ${i}`);
    await say(texts);
    const seen: string[] = [];
    let after: string | undefined;
    for (let more = true; more; ) {
      const page = await search('badger', { first: 5, ...(after && { after }) });
      expect(page.pageInfo.hasPreviousPage).toBe(after !== undefined);
      seen.push(...foundIn(page));
      after = page.pageInfo.endCursor;
      more = page.pageInfo.hasNextPage;
      await say([`badger that came later ${seen.length}`]);
    }
    expect(seen.toSorted()).toEqual(texts.toSorted());
  });

  test.each([
    ['', 'query'],
    ['  ', 'query'],
    ['""', 'query'],
    ['-river', 'query'],
    ['!?', 'query'],
    ['a\0b', 'query'],
    ['x'.repeat(201), 'query'],
    [Array.from({ length: 17 }, (_, i) => `w${i}`).join(' '), 'query'],
  ])('[P-125] a query by which nothing can be found is refused: %j', async (query, argument) => {
    const { errors } = await ask('alice', SEARCH, { query });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
  });

  test.each([
    [{ first: 101 }, 'first'],
    [{ first: -1 }, 'first'],
    [{ after: 'x' }, 'after'],
  ])('[P-125] a bad page is refused: %j', async (page, argument) => {
    const { errors } = await ask('alice', SEARCH, { query: 'river', ...page });
    expect(errors?.[0]?.extensions).toMatchObject({ code: 'BAD_USER_INPUT', argument });
  });

  test('an operation has room for some searches, not for many', async () => {
    const many = (count: number) =>
      `{ ${Array.from({ length: count }, (_, i) => `s${i}: searchMessages(query: "q${i}x") { edges { snippet } }`).join(' ')} }`;
    expect((await ask('alice', many(5), {})).errors).toBeUndefined();
    expect((await ask('alice', many(60), {})).errors?.[0]?.extensions?.code).toBe('QUERY_TOO_COMPLEX');
  });

  describe('a hit', () => {
    test.each([
      ['the first message', 0, 0, 10, false, true],
      ['in the middle', 30, 20, 40, true, true],
      ['the last message', 59, 49, 60, true, false],
    ])('[P-126] is shown with what stands around it: %s', async (_where, at, from, to, before, after) => {
      const { id, ids } = await say(Array.from({ length: 60 }, (_, i) => `around${at} line ${i}x`));
      const { edges } = await search(`around${at} "${at}x"`);
      expect(edges.map(({ node }: Data) => fromNodeId(node.id)?.id)).toEqual([ids[at]]);
      const [{ node, conversation }] = edges;
      expect(conversation).toEqual({ id: toNodeId('Conversation', id), title: 'Talk' });
      const { data } = await ask('alice', AROUND, { id: conversation.id, around: node.id });
      const { nodes, pageInfo } = data.conversation.messages;
      expect(nodes.map((message: Data) => fromNodeId(message.id)?.id)).toEqual(ids.slice(from, to));
      expect(pageInfo).toEqual({ hasPreviousPage: before, hasNextPage: after });
    });
  });
});

await describeBackends('a worker', (backend) => {
  test('[P-127] indexes what is said, soon after', async () => {
    const system = await startTestSystem(await backend.env());
    try {
      const { data } = await system.request(
        'mutation { createConversation(input: { greet: false, pacing: INSTANT }) { ... on CreateConversationSuccess { conversation { id } } } }',
      );
      const conversationId = data.createConversation.conversation.id;
      system.upstream.answerAll('The capybara rests.');
      await system.request(
        'mutation ($input: SendMessageInput!) { sendMessage(input: $input) { __typename } }',
        { input: { conversationId, text: 'What does the gecko do?' } },
      );
      const count = async (query: string) =>
        (await system.request(SEARCH, { query })).data.searchMessages.edges.length;
      await expect.poll(() => count('gecko'), { timeout: 20_000 }).toBe(1);
      await expect.poll(() => count('capybara'), { timeout: 20_000 }).toBe(1);
    } finally {
      await system.stop();
    }
  });
});
