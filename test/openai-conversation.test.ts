import { randomUUID } from 'node:crypto';
import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { rowIdOf } from './support/node-ids.ts';
import { errorOf, openaiAt, postCompletion } from './support/openai.ts';
import { CONVERSATION, CREATE, SEND } from './support/operations.ts';
import { requestAs, tokenFor, WITH_TOKENS } from './support/tokens.ts';

const MODEL = 'openai/gpt-4o-mini';
const said = (content: string) => ({ model: MODEL, messages: [{ role: 'user' as const, content }] });
const to = (id: string, headers: Record<string, string> = {}) => ({
  headers: { 'x-taskflow-conversation': id, ...headers },
});

await describeBackends('a completion into a conversation', (backend) => {
  let system: TestSystem;
  let alice: string;
  let client: OpenAI;
  beforeAll(async () => {
    system = await startTestSystem({ ...WITH_TOKENS, ...(await backend.env()) });
    alice = await tokenFor({ sub: 'alice', tenant: 'acme' });
    client = openaiAt(system.url, alice);
  });
  afterAll(() => system.stop());

  async function createAs(token: string): Promise<string> {
    const input = { greet: false, pacing: 'INSTANT', model: MODEL };
    const { data } = await requestAs(system.url, token, CREATE, { input });
    return data.createConversation.conversation.id;
  }
  async function messagesOf(id: string): Promise<Data[]> {
    const { data } = await requestAs(system.url, alice, CONVERSATION, { id });
    return data.conversation.messages.nodes;
  }
  let id: string;
  beforeEach(async () => {
    id = await createAs(alice);
  });

  test('the last message is sent, and what is spoken is the answer', async () => {
    const messages = [{ role: 'system' as const, content: 'Be rude.' }, ...said('Hello there?').messages];
    const answer = client.chat.completions.create({ model: MODEL, messages }, to(id));
    const call = await system.upstream.nextRequest();
    expect(JSON.stringify(call.messages)).not.toContain('Be rude.');
    expect(call.messages.at(-1)?.content).toBe('Hello there?');
    await call.send('Well, hello.');
    await call.finish({ usage: { prompt_tokens: 21, completion_tokens: 4, total_tokens: 25 } });
    const completion = await answer;
    expect(completion).toMatchObject({
      model: MODEL,
      choices: [{ message: { content: 'Well, hello.' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 21, completion_tokens: 4, total_tokens: 25 },
    });
    const [question, stored] = await messagesOf(id);
    expect(question).toMatchObject({ role: 'USER', content: 'Hello there?', clientMessageId: null });
    expect(stored).toMatchObject({ id: completion.id, content: 'Well, hello.', status: 'COMPLETED' });
  });

  test('a message that cuts in ends the stream with what was said', async () => {
    const opened = client.chat.completions.create({ ...said('Count.'), stream: true }, to(id));
    const call = await system.upstream.nextRequest();
    await call.send('One, two, ');
    const chunks: Data[] = [];
    const heard = (async () => {
      for await (const chunk of await opened) chunks.push(chunk);
    })();
    const text = () => chunks.map(({ choices }) => choices[0].delta.content ?? '').join('');
    await expect.poll(text).toBe('One, two, ');
    const input = { conversationId: id, text: 'Stop!' };
    await requestAs(system.url, alice, SEND, { input });
    await heard;
    await call.closed;
    expect([text(), chunks.at(-1).choices[0].finish_reason]).toEqual(['One, two, ', 'stop']);
    const next = await system.upstream.nextRequest();
    await next.send('Stopped.');
    await next.finish();
    await expect
      .poll(async () => (await messagesOf(id)).map(({ content, status }) => [content, status]))
      .toEqual([
        ['Count.', 'COMPLETED'],
        ['One, two, ', 'INTERRUPTED'],
        ['Stop!', 'COMPLETED'],
        ['Stopped.', 'COMPLETED'],
      ]);
  });

  test('a caller who leaves stops nothing, and hears the answer by the same Idempotency-Key', async () => {
    const key = { 'idempotency-key': randomUUID().toUpperCase() };
    const leave = new AbortController();
    const first = errorOf(
      client.chat.completions.create(said('Count.'), { ...to(id, key), signal: leave.signal }),
    );
    const call = await system.upstream.nextRequest();
    await call.send('One, ');
    leave.abort();
    await first;
    const opened = client.chat.completions.create({ ...said('Count.'), stream: true }, to(id, key));
    const chunks = (await opened)[Symbol.asyncIterator]();
    let live = '';
    while (live !== 'One, ') live += (await chunks.next()).value?.choices[0]?.delta.content ?? '';
    await call.send('two.');
    await call.finish();
    for (let next = await chunks.next(); !next.done; next = await chunks.next())
      live += next.value.choices[0]?.delta.content ?? '';
    expect(live).toBe('One, two.');
    const late = await client.chat.completions.create(said('Count.'), to(id, key));
    expect(late.choices[0]).toMatchObject({ message: { content: 'One, two.' }, finish_reason: 'stop' });
    expect(late.model).toBe(MODEL);
    const other = await errorOf(client.chat.completions.create(said('Other.'), to(id, key)));
    expect(other).toMatchObject({ status: 400, param: 'Idempotency-Key' });
    expect(await messagesOf(id)).toHaveLength(2);
  });

  test('a failure of the model is the error, which is not retried, also for a repeated call', async () => {
    const key = { 'idempotency-key': randomUUID() };
    const answer = errorOf(client.chat.completions.create(said('Well?'), to(id, key)));
    await (await system.upstream.nextRequest()).fail(429, {}, { 'retry-after': '20' });
    const again = () => errorOf(client.chat.completions.create(said('Well?'), to(id, key)));
    for (const error of [await answer, await again()]) {
      expect(error).toBeInstanceOf(OpenAI.RateLimitError);
      expect(error.headers.get('x-should-retry')).toBe('false');
    }
  });

  test('a turn that is cancelled before its first word ends with nothing said', async () => {
    const answer = client.chat.completions.create(said('Well?'), to(id));
    const call = await system.upstream.nextRequest();
    const { turns } = system.app;
    await turns.cancel(rowIdOf(id), { owner: 'alice', tenant: 'acme' });
    await call.closed;
    expect((await answer).choices[0]).toMatchObject({ message: { content: '' }, finish_reason: 'stop' });
  });

  test('a conversation that is deleted meanwhile is not found', async () => {
    const answer = errorOf(client.chat.completions.create(said('Well?'), to(id)));
    await system.upstream.nextRequest();
    await system.app.conversations.delete(rowIdOf(id), { owner: 'alice', tenant: 'acme' });
    expect(await answer).toMatchObject({ status: 404, code: 'conversation_not_found' });
  });

  test('one of somebody else, or none, is not found', async () => {
    const mallory = openaiAt(system.url, await tokenFor({ sub: 'alice', tenant: 'other' }));
    for (const [who, whose] of [
      [mallory, id],
      [client, 'nonsense'],
      [client, `Conversation_${randomUUID()}`],
    ] as const) {
      const error = await errorOf(who.chat.completions.create(said('Hi'), to(whose)));
      expect(error).toBeInstanceOf(OpenAI.NotFoundError);
      expect(error.code).toBe('conversation_not_found');
    }
    expect(await messagesOf(id)).toEqual([]);
  });

  test.each([
    [
      {
        messages: [
          { role: 'user', content: 'x' },
          { role: 'assistant', content: 'y' },
        ],
      },
      'messages[1].role',
    ],
    [said(' \n'), 'messages'],
    [said('x'.repeat(32_001)), 'messages'],
    [{ ...said('x'), max_tokens: 5 }, 'max_tokens'],
    [{ ...said('x'), stop: 'x' }, 'stop'],
  ])('a request that cannot be applied to it is 400: %#', async (body, param) => {
    const response = await postCompletion(system.url, alice, { model: MODEL, ...body }, to(id).headers);
    expect([response.status, await response.json()]).toEqual([
      400,
      { error: expect.objectContaining({ param }) },
    ]);
    expect(await messagesOf(id)).toEqual([]);
  });
});
