import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { type Data, type Heard, startTestSystem, type TestSystem } from './support/harness.ts';
import { CREATE, EVENTS, SEND } from './support/operations.ts';

const CHANGES = /* GraphQL */ `
  subscription Changes {
    conversationChanges {
      kind
      conversationId
      conversation { id title status messageCount lastMessagePreview lastActivityAt model { id } }
    }
  }
`;

/** A mutation whose only result is its type name. */
const act = (name: string) => {
  const input = `${name[0]?.toUpperCase()}${name.slice(1)}Input`;
  return `mutation($input: ${input}!) { ${name}(input: $input) { __typename } }`;
};

await describeBackends('the changes of the list', (backend) => {
  let one: TestSystem;
  /** The server whose list is followed: another one, where there is more than one. */
  let other: TestSystem;
  let changes: Heard;
  beforeAll(async () => {
    const env = { ...(await backend.env()), IDLE_NUDGE_MS: '200', IDLE_END_MS: '200' };
    one = await startTestSystem(env);
    other = backend.name === 'embedded' ? one : await startTestSystem(env, { worker: false });
    one.upstream.answerAll('Well.');
    changes = other.listen(CHANGES);
    await untilItListens();
  });
  afterAll(async () => {
    if (other !== one) await other.stop();
    await one.stop();
  });

  /** A subscription is not acknowledged: something is changed until a change is heard. */
  async function untilItListens(): Promise<void> {
    const id = await create();
    const first = changes.event();
    let heard = false;
    void first.then(() => {
      heard = true;
    });
    while (!heard) await rename(id, 'Is anybody listening?');
    await first;
  }

  async function create(): Promise<string> {
    const { data } = await one.request(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
    return data.createConversation.conversation.id;
  }
  const rename = (conversationId: string, title: string) =>
    one.request(act('updateConversation'), { input: { conversationId, title } });

  /** The next change of this kind, of this conversation, for which `is` holds; those that wait for a slow listener are merged. */
  async function change(id: string, kind: string, is: (conversation: Data) => boolean): Promise<Data> {
    let event: Data;
    do event = await changes.event();
    while (event.conversationId !== id || event.kind !== kind || !is(event.conversation));
    return event.conversation;
  }

  test('are published when one is created, gets a message or an answer, is renamed, gets a model, is ended or deleted', async () => {
    const id = await create();
    const input = { conversationId: id };
    const created = await change(id, 'CREATED', () => true);
    expect(created).toMatchObject({ id, title: null, messageCount: 0 });

    await one.request(SEND, { input: { ...input, text: 'How do bees talk?' } });
    const answered = await change(id, 'UPDATED', ({ messageCount }) => messageCount === 2);
    expect(answered).toMatchObject({ title: 'How do bees talk?', lastMessagePreview: 'Well.' });
    expect(answered.lastActivityAt > created.lastActivityAt).toBe(true);

    await rename(id, 'Bees');
    await change(id, 'UPDATED', ({ title }) => title === 'Bees');
    await one.request(act('updateConversation'), { input: { ...input, model: 'openai/gpt-4o' } });
    const renamed = await change(id, 'UPDATED', ({ model }) => model.id === 'openai/gpt-4o');
    expect(renamed).toMatchObject({ title: 'Bees', lastActivityAt: answered.lastActivityAt });

    await one.request(act('endConversation'), { input });
    await change(id, 'ENDED', ({ status }) => status === 'CANCELLED');
    await one.request(act('deleteConversation'), { input });
    expect(await change(id, 'DELETED', () => true)).toBeNull();
  });

  test('are published when one ends because nobody says anything, and when it goes on', async () => {
    const id = await create();
    one.listen(EVENTS, { conversationId: id });
    await one.request(SEND, { input: { conversationId: id, text: 'Hi' } });
    await change(id, 'ENDED', ({ status }) => status === 'COMPLETED');
    await one.request(SEND, { input: { conversationId: id, text: 'I am back' } });
    await change(id, 'UPDATED', ({ status }) => status === 'ACTIVE');
  });
});
