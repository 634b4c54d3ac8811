import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { SEND } from './support/operations.ts';

const CREATE = /* GraphQL */ `
  mutation ($input: CreateConversationInput!) {
    createConversation(input: $input) {
      ... on CreateConversationSuccess { conversation { id latestEventCursor instructions } }
      ... on InvalidInputError { fieldErrors { path message } }
    }
  }
`;
const UPDATE = /* GraphQL */ `
  mutation ($input: UpdateConversationInput!) {
    updateConversation(input: $input) {
      ... on UpdateConversationSuccess { conversation { instructions title } }
      ... on InvalidInputError { fieldErrors { path message } }
    }
  }
`;
const LISTEN = /* GraphQL */ `
  subscription ($id: ID!, $after: String) {
    conversationEvents(conversationId: $id, after: $after) {
      __typename
      ... on ConversationUpdated { instructions title }
      ... on TurnCompleted { turnId }
    }
  }
`;
const STATE = /* GraphQL */ `
  query ($id: ID!) { conversation(id: $id) { activeTurn { turnId } messages(last: 1) { nodes { id } } } }
`;
const PIRATE = 'Answer like a pirate.';

await describeBackends('the instructions of a conversation', (backend) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem({ ...(await backend.env()), CONTEXT_MESSAGES: '4' });
  });
  beforeEach(() => system.upstream.clearRequests());
  afterAll(() => system.stop());

  async function create(instructions?: string | null) {
    const input = { greet: false, pacing: 'INSTANT', ...(instructions !== undefined && { instructions }) };
    const { data } = await system.request(CREATE, { input });
    return data.createConversation.conversation;
  }
  const update = async (conversationId: string, instructions: string | null) =>
    (await system.request(UPDATE, { input: { conversationId, instructions } })).data.updateConversation;

  /** The turn of the newest answer; null while one is awaited. */
  async function answered(id: string): Promise<string | null> {
    const { conversation } = (await system.request(STATE, { id })).data;
    return conversation.activeTurn ? null : (conversation.messages.nodes.at(-1)?.id ?? null);
  }

  /** The system messages of the prompt for the answer to `text`. */
  async function systemFor(conversationId: string, text: string): Promise<string[]> {
    const { data } = await system.request(SEND, { input: { conversationId, text } });
    const { turnId } = data.sendMessage;
    const request = await system.upstream.nextRequest();
    await request.send('Aye.');
    await request.finish();
    await expect.poll(() => answered(conversationId)).toBe(turnId);
    return request.messages.flatMap(({ role, content }) => (role === 'system' ? [String(content)] : []));
  }

  test('[P-132] are given to the model in its one system message, in no other conversation', async () => {
    const [own, other] = [await create(`  ${PIRATE}\n`), await create()];
    expect([own.instructions, other.instructions]).toEqual([PIRATE, null]);
    expect(await systemFor(own.id, 'Who are you?')).toEqual([
      expect.stringMatching(/^(?!Answer).*\n\nAnswer like a pirate\.$/s),
    ]);
    expect(await systemFor(own.id, 'And who am I?')).toEqual([expect.stringContaining(PIRATE)]);
    expect(await systemFor(other.id, 'Who are you?')).toEqual([expect.not.stringContaining(PIRATE)]);
  });

  test('[P-132] change from the next turn on; every listener is sent them; null takes them back', async () => {
    const { id, latestEventCursor } = await create(PIRATE);
    const listener = system.listen(LISTEN, { id, after: latestEventCursor });
    expect(await update(id, 'Answer like a sailor.')).toEqual({
      conversation: { instructions: 'Answer like a sailor.', title: null },
    });
    expect((await listener.until('ConversationUpdated')).at(-1).instructions).toBe('Answer like a sailor.');
    expect(await systemFor(id, 'Who are you?')).toEqual([expect.stringContaining('Answer like a sailor.')]);
    // A message that sets the title leaves them as they are.
    expect(
      (await listener.until('TurnCompleted'))
        .filter(({ __typename }) => __typename === 'ConversationUpdated')
        .at(-1),
    ).toMatchObject({
      title: 'Who are you?',
      instructions: 'Answer like a sailor.',
    });
    expect(await update(id, null)).toMatchObject({ conversation: { instructions: null } });
    expect(await systemFor(id, 'And now?')).toEqual([expect.not.stringContaining('Answer like')]);
  });

  test('[P-132] stay in the prompt of a conversation that is longer than the model is given', async () => {
    const { id } = await create(PIRATE);
    for (let i = 0; i < 4; i++) await systemFor(id, `Question ${i}`);
    expect(await systemFor(id, 'The last one')).toEqual([expect.stringContaining(PIRATE)]);
  });

  test.each([
    ['', /empty|blank|must/i],
    [' \n ', /empty|blank|must/i],
    ['a\0b', /U\+0000|NUL|null/i],
    ['😀'.repeat(8_001), /8,000/],
  ])('are refused with the field: %j', async (instructions, message) => {
    const fault = { fieldErrors: [{ path: 'instructions', message: expect.stringMatching(message) }] };
    const input = { greet: false, pacing: 'INSTANT', instructions };
    expect((await system.request(CREATE, { input })).data.createConversation).toEqual(fault);
    const { id } = await create(PIRATE);
    expect(await update(id, instructions)).toEqual(fault);
    expect(await update(id, '😀'.repeat(8_000))).toEqual({
      conversation: { instructions: '😀'.repeat(8_000), title: null },
    });
  });
});
