import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { postCompletion } from './support/openai.ts';
import { CREATE } from './support/operations.ts';
import { requestAs, tokenFor, WITH_TOKENS } from './support/tokens.ts';

const SAY = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) {
  __typename ... on SendMessageSuccess { turnId sentMessage { id } } ... on BudgetExceededError { message resetsAt }
} }`;
const AGAIN = `mutation ($id: ID!) { regenerateAnswer(input: { conversationId: $id }) {
  __typename ... on BudgetExceededError { resetsAt }
} }`;
const MESSAGES = 'query ($id: ID!) { conversation(id: $id) { messages { nodes { role content } } } }';

await describeBackends("a day's tokens", ({ env }) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem({
      ...(await env()),
      ...WITH_TOKENS,
      TOKENS_PER_OWNER_DAY: '10',
      TOKENS_PER_TENANT_DAY: '1000',
    });
  });
  afterAll(() => system.stop());

  let owners = 0;
  const newOwner = () => tokenFor({ sub: `owner-${++owners}`, tenant: 'acme' });
  const ask = async (token: string, query: string, variables: object): Promise<Data> =>
    Object.values((await requestAs(system.url, token, query, { ...variables })).data)[0];
  const create = (token: string, greet: boolean, clientConversationId?: string) =>
    ask(token, CREATE, { input: { greet, pacing: 'INSTANT', clientConversationId } });
  const say = (token: string, conversationId: string, text: string, clientMessageId?: string) =>
    ask(token, SAY, { input: { conversationId, text, clientMessageId } });

  /** Resolves when so many calls of the newest owner are in the log. */
  const counted = (calls: number) =>
    vi.waitFor(async () => {
      const where = { owner: `owner-${owners}` };
      expect(await system.app.database.prisma.inferenceLog.count({ where })).toBe(calls);
    }, 20_000);

  /** The resets of a refusal: the next midnight in UTC. */
  const MIDNIGHT = new Date(Math.floor(Date.now() / 86_400_000 + 1) * 86_400_000).toISOString();
  const EXCEEDED = { __typename: 'BudgetExceededError', resetsAt: MIDNIGHT };

  test('[P-95] an answer that has begun is spoken to its end, then further ones are refused, and nothing is stored', async () => {
    const token = await newOwner();
    const { conversation } = await create(token, false);
    const { id } = conversation;
    const clientMessageId = '018f4e2a-1111-7000-8000-000000000001';
    const first = await say(token, id, 'One', clientMessageId);
    expect(first.__typename).toBe('SendMessageSuccess');
    const call = await system.upstream.nextRequest();
    await call.send('A long answer');
    await call.send(' to its end.');
    await call.finish({ usage: { prompt_tokens: 60, completion_tokens: 40, total_tokens: 100 } });
    await counted(1);
    expect(await say(token, id, 'Two')).toMatchObject({ ...EXCEEDED, message: expect.any(String) });
    expect(await ask(token, AGAIN, { id })).not.toMatchObject({ __typename: 'RegenerateAnswerSuccess' });
    expect(await create(token, true)).toMatchObject({ __typename: 'BudgetExceededError' });
    const completion = await postCompletion(system.url, token, {
      model: 'openai/gpt-4o-mini',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    expect([completion.status, (await completion.json()).error.code]).toEqual([429, 'insufficient_quota']);
    expect(Number(completion.headers.get('retry-after'))).toBeGreaterThan(0);
    const { messages } = await ask(token, MESSAGES, { id });
    expect(messages.nodes.map(({ content }: Data) => content)).toEqual(['One', 'A long answer to its end.']);
    // What was accepted before is answered as ever.
    expect(await say(token, id, 'One', clientMessageId)).toEqual(first);
    expect((await create(token, false)).__typename).toBe('CreateConversationSuccess');
    // Deleting what was said gives nothing back.
    const remove =
      'mutation ($id: ID!) { deleteConversation(input: { conversationId: $id }) { __typename } }';
    expect((await ask(token, remove, { id })).__typename).toBe('DeleteConversationSuccess');
    expect(await create(token, true)).toMatchObject({ __typename: 'BudgetExceededError' });
    // Another owner of the tenant has their own.
    const other = await newOwner();
    const theirs = await create(other, false);
    expect((await say(other, theirs.conversation.id, 'Hello')).__typename).toBe('SendMessageSuccess');
    await (await system.upstream.nextRequest()).finish();
  });

  test('[P-95] completions at /v1 count', async () => {
    const token = await newOwner();
    const request = { model: 'openai/gpt-4o-mini', messages: [{ role: 'user', content: 'Hi' }] };
    const first = postCompletion(system.url, token, request);
    const call = await system.upstream.nextRequest();
    await call.send('Hello.');
    await call.finish({ usage: { prompt_tokens: 6, completion_tokens: 5, total_tokens: 11 } });
    expect((await first).status).toBe(200);
    const { conversation } = await create(token, false);
    await counted(1);
    expect(await say(token, conversation.id, 'One more')).toMatchObject(EXCEEDED);
  });
});
