import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { BranchTree } from './support/branch-tree.ts';
import { type Data, type Heard, startTestSystem, type TestSystem } from './support/harness.ts';
import { CREATE } from './support/operations.ts';
import { SeededRandom } from './support/seeded-random.ts';

const FAILED = `... on InvalidInputError { fieldErrors { path message } }
  ... on UserError { message }`;
const SEND = `mutation ($input: SendMessageInput!) { sendMessage(input: $input) {
  __typename ... on SendMessageSuccess { turnId sentMessage { id } queuedMessage { id } } ${FAILED} } }`;
const EDIT = `mutation ($input: EditMessageInput!) { editMessage(input: $input) {
  __typename ... on EditMessageSuccess { turnId sentMessage { id content branch { index count } }
    conversation { messageCount lastMessagePreview title status } } ${FAILED} } }`;
const AGAIN = `mutation ($input: RegenerateAnswerInput!) { regenerateAnswer(input: $input) {
  __typename ... on RegenerateAnswerSuccess { turnId conversation { messageCount status } } ${FAILED} } }`;
const SELECT = `mutation ($input: SelectBranchInput!) { selectBranch(input: $input) {
  __typename ... on SelectBranchSuccess { conversation { messageCount lastMessagePreview } } ... on BusyError { busyTurnId } ${FAILED} } }`;
const CANCEL = `mutation ($input: CancelTurnInput!) { cancelTurn(input: $input) { __typename } }`;
const END = `mutation ($input: EndConversationInput!) { endConversation(input: $input) { __typename } }`;
const READ = `query ($id: ID!, $first: Int, $after: String) { conversation(id: $id) {
  status title messageCount lastMessagePreview latestEventCursor activeTurn { turnId }
  messages(first: $first, after: $after) {
    nodes { id role content status durationMs usage { totalTokens } failure { code } interruptionReason
      branch { index count previousId nextId } }
    pageInfo { hasNextPage endCursor } } } }`;
const EVENTS = `subscription ($conversationId: ID!, $after: String) {
  conversationEvents(conversationId: $conversationId, after: $after) {
    __typename
    ... on MessageAdded { message { id content branch { index count } } }
    ... on TurnStarted { turnId cause }
    ... on TurnTextAdded { turnId offset text }
    ... on TurnCompleted { turnId message { id branch { index count } durationMs usage { totalTokens } } }
    ... on TurnInterrupted { turnId interruptionReason partial { content branch { index count } } }
    ... on BranchSelected { leafMessageId } } }`;

await describeBackends('branches', (backend) => {
  let system: TestSystem;
  beforeAll(async () => {
    system = await startTestSystem({ ...(await backend.env()), IDLE_NUDGE_MS: '3600000' });
  });
  afterAll(() => system.stop());
  beforeEach(() => system.upstream.clearRequests());

  const call = async (document: string, input: Data): Promise<Data> => {
    const { data, errors } = await system.request(document, { input });
    if (errors) throw new Error(JSON.stringify(errors));
    return Object.values(data)[0] as Data;
  };
  const read = async (id: string): Promise<Data> => (await system.request(READ, { id })).data.conversation;
  const shown = async (id: string): Promise<string[]> =>
    (await read(id)).messages.nodes.map(({ content }: Data) => content);

  async function begin(): Promise<{ id: string; listener: Heard }> {
    const { conversation } = await call(CREATE, { greet: false, pacing: 'INSTANT' });
    const { id, latestEventCursor: after } = conversation;
    return { id, listener: system.listen(EVENTS, { conversationId: id, after }) };
  }
  /** Has the pending turn say something, to its end. */
  async function answer(listener: Heard, text: string): Promise<Data> {
    const model = await system.upstream.nextRequest();
    await model.send(text);
    await model.finish();
    const events = await listener.until('TurnCompleted');
    return { events, prompt: model.messages.slice(1).map(({ content }) => content) };
  }
  const ask = async (conversationId: string, listener: Heard, [text, said]: [string, string]) => {
    const { sentMessage, turnId } = await call(SEND, { conversationId, text });
    await answer(listener, said);
    return { question: sentMessage.id as string, answer: turnId as string };
  };

  describe('editMessage', () => {
    test('[P-112] adds an alternative that is answered, and keeps what was there', async () => {
      const { id, listener } = await begin();
      const first = await ask(id, listener, ['Bees?', 'They dance.']);
      const second = await ask(id, listener, ['Ants?', 'They march.']);
      const edited = await call(EDIT, { messageId: second.question, text: 'Wasps?' });
      expect(edited).toMatchObject({
        __typename: 'EditMessageSuccess',
        sentMessage: { content: 'Wasps?', branch: { index: 1, count: 2 } },
        conversation: { title: 'Bees?', messageCount: 3, lastMessagePreview: 'Wasps?' },
      });
      const { events, prompt } = await answer(listener, 'They sting.');
      expect(prompt).toEqual(['Bees?', 'They dance.', 'Wasps?']);
      expect(events).toMatchObject([
        { __typename: 'BranchSelected', leafMessageId: edited.sentMessage.id },
        { __typename: 'MessageAdded', message: { content: 'Wasps?', branch: { index: 1, count: 2 } } },
        { __typename: 'TurnStarted', turnId: edited.turnId, cause: 'USER_MESSAGE' },
        { __typename: 'TurnTextAdded' },
        { __typename: 'TurnCompleted', message: { branch: { index: 0, count: 1 } } },
      ]);
      const { messages, messageCount } = await read(id);
      expect(messages.nodes.map(({ content }: Data) => content)).toEqual([
        ...['Bees?', 'They dance.', 'Wasps?', 'They sting.'],
      ]);
      expect(messageCount).toBe(4);
      expect(messages.nodes[2].branch).toEqual({
        ...{ index: 1, count: 2, previousId: second.question, nextId: null },
      });
      const { node } = (
        await system.request('query ($id: ID!) { node(id: $id) { ... on Message { content } } }', {
          id: second.answer,
        })
      ).data;
      expect(node).toEqual({ content: 'They march.' });
      expect(first.answer).toBe(messages.nodes[1].id);
    });

    test('of the first message begins the conversation differently', async () => {
      const { id, listener } = await begin();
      const first = await ask(id, listener, ['Bees?', 'They dance.']);
      await ask(id, listener, ['Ants?', 'They march.']);
      await call(EDIT, { messageId: first.question, text: 'Wasps?' });
      expect((await answer(listener, 'They sting.')).prompt).toEqual(['Wasps?']);
      expect(await shown(id)).toEqual(['Wasps?', 'They sting.']);
      await call(SELECT, { messageId: first.question });
      expect(await shown(id)).toEqual(['Bees?', 'They dance.', 'Ants?', 'They march.']);
    });

    test('[P-112] while the answer is spoken cuts it off as far as it was seen', async () => {
      const { id, listener } = await begin();
      const { sentMessage, turnId } = await call(SEND, { conversationId: id, text: 'Bees?' });
      const model = await system.upstream.nextRequest();
      await model.send('They dance.');
      await listener.until('TurnTextAdded');
      const edited = await call(EDIT, {
        ...{ messageId: sentMessage.id, text: 'Ants?', seen: { turnId, offset: 4 } },
      });
      await model.closed;
      const { events } = await answer(listener, 'They march.');
      expect(events.map(({ __typename }: Data) => __typename)).toEqual([
        ...[
          'TurnInterrupted',
          'BranchSelected',
          'MessageAdded',
          'TurnStarted',
          'TurnTextAdded',
          'TurnCompleted',
        ],
      ]);
      expect(events[0]).toMatchObject({
        turnId,
        interruptionReason: 'USER_MESSAGE',
        partial: { content: 'They' },
      });
      expect(await shown(id)).toEqual(['Ants?', 'They march.']);
      await call(SELECT, { messageId: sentMessage.id });
      expect(await shown(id)).toEqual(['Bees?', 'They']);
      expect(edited.turnId).not.toBe(turnId);
    });

    test('[P-112] is safe to repeat', async () => {
      const { id, listener } = await begin();
      const { question } = await ask(id, listener, ['Bees?', 'They dance.']);
      const input = { messageId: question, text: 'Ants?', clientMessageId: randomUUID() };
      const edited = await call(EDIT, input);
      await answer(listener, 'They march.');
      const again = await call(EDIT, input);
      expect([again.sentMessage.id, again.turnId]).toEqual([edited.sentMessage.id, edited.turnId]);
      expect(await call(EDIT, { ...input, text: 'Other' })).toMatchObject({
        fieldErrors: [{ path: 'clientMessageId', message: 'was used for another text' }],
      });
      expect(await shown(id)).toEqual(['Ants?', 'They march.']);
    });

    test('is refused for an answer, an acknowledgement, a message that is not there, and no text', async () => {
      const { id, listener } = await begin();
      const { question, answer: said } = await ask(id, listener, ['Bees?', 'They dance.']);
      const problem = (input: Data) => call(EDIT, { text: 'Ants?', ...input });
      expect(await problem({ messageId: said })).toMatchObject({
        fieldErrors: [{ path: 'messageId', message: 'is not a message of the user that can be answered' }],
      });
      expect(await problem({ messageId: question, text: ' ' })).toMatchObject({
        fieldErrors: [{ path: 'text' }],
      });
      expect(await problem({ messageId: `Message_${randomUUID()}` })).toMatchObject({
        __typename: 'NotFoundError',
      });
      expect(await problem({ messageId: id })).toMatchObject({ __typename: 'NotFoundError' });
      await call(SEND, { conversationId: id, text: 'More' });
      const model = await system.upstream.nextRequest();
      await model.send('One two');
      await listener.until('TurnTextAdded');
      const { sentMessage } = await call(SEND, { conversationId: id, text: 'ok', whileSpeaking: 'AUTO' });
      expect(await problem({ messageId: sentMessage.id })).toMatchObject({
        fieldErrors: [{ path: 'messageId' }],
      });
      await model.finish();
      await listener.until('TurnCompleted');
      expect(await shown(id)).toEqual(['Bees?', 'They dance.', 'More', 'One two', 'ok']);
    });
  });

  describe('regenerateAnswer', () => {
    test('[P-113] answers any message again, and keeps the answer that was there', async () => {
      const { id, listener } = await begin();
      const first = await ask(id, listener, ['Bees?', 'They dance.']);
      await ask(id, listener, ['Ants?', 'They march.']);
      const again = await call(AGAIN, { conversationId: id, messageId: first.answer });
      expect(again).toMatchObject({ conversation: { messageCount: 1 } });
      const { events, prompt } = await answer(listener, 'They fly.');
      expect(prompt).toEqual(['Bees?']);
      expect(events).toMatchObject([
        { __typename: 'BranchSelected', leafMessageId: first.question },
        { __typename: 'TurnStarted', cause: 'REGENERATION' },
        { __typename: 'TurnTextAdded' },
        {
          __typename: 'TurnCompleted',
          message: { branch: { index: 1, count: 2 }, durationMs: expect.any(Number) },
        },
      ]);
      const { nodes } = (await read(id)).messages;
      expect(nodes.map(({ content }: Data) => content)).toEqual(['Bees?', 'They fly.']);
      expect(nodes[1]).toMatchObject({
        durationMs: expect.any(Number),
        branch: { index: 1, count: 2, previousId: first.answer, nextId: null },
      });
      await call(SELECT, { messageId: first.answer });
      expect(await shown(id)).toEqual(['Bees?', 'They dance.', 'Ants?', 'They march.']);
    });

    test('of the greeting greets again', async () => {
      const { conversation } = await call(CREATE, { greet: true, pacing: 'INSTANT' });
      const { id, latestEventCursor: after } = conversation;
      const listener = system.listen(EVENTS, { conversationId: id, after });
      await answer(listener, 'Hello!');
      await ask(id, listener, ['Bees?', 'They dance.']);
      const greeting = (await read(id)).messages.nodes[0].id;
      const again = await call(AGAIN, { conversationId: id, messageId: greeting });
      const { events } = await answer(listener, 'Good day!');
      expect(events[0]).toMatchObject({ __typename: 'BranchSelected', leafMessageId: again.turnId });
      expect(events[1]).toMatchObject({ __typename: 'TurnStarted', cause: 'GREETING' });
      expect(await shown(id)).toEqual(['Good day!']);
      await call(SELECT, { messageId: greeting });
      expect(await shown(id)).toEqual(['Hello!', 'Bees?', 'They dance.']);
    });

    test('[P-113] while another answer is spoken cuts that off; with `seen` the same one too', async () => {
      const { id, listener } = await begin();
      const first = await ask(id, listener, ['Bees?', 'They dance.']);
      const { turnId } = await call(SEND, { conversationId: id, text: 'Ants?' });
      const model = await system.upstream.nextRequest();
      await model.send('They march.');
      await listener.until('TurnTextAdded');
      expect((await call(AGAIN, { conversationId: id })).turnId, 'the one that is pending').toBe(turnId);
      expect((await call(AGAIN, { conversationId: id, messageId: turnId })).turnId).toBe(turnId);
      const again = await call(AGAIN, { conversationId: id, seen: { turnId, offset: 4 } });
      await model.closed;
      const other = await system.upstream.nextRequest();
      await other.send('They run.');
      const events = await listener.until('TurnTextAdded');
      expect(events[0]).toMatchObject({
        turnId,
        interruptionReason: 'CANCELLED',
        partial: { content: 'They' },
      });
      await call(AGAIN, { conversationId: id, messageId: first.question });
      await other.closed;
      await answer(listener, 'They fly.');
      expect(await shown(id)).toEqual(['Bees?', 'They fly.']);
      await call(SELECT, { messageId: again.turnId });
      expect(await shown(id)).toEqual(['Bees?', 'They dance.', 'Ants?', 'They run.']);
      const { branch } = (await read(id)).messages.nodes[3];
      expect(branch).toMatchObject({ index: 1, count: 2, previousId: turnId });
    });

    test('[P-42] with the same clientRequestId returns the turn that it began', async () => {
      const { id, listener } = await begin();
      await ask(id, listener, ['Bees?', 'They dance.']);
      const input = { conversationId: id, clientRequestId: randomUUID() };
      const [one, two] = await Promise.all([call(AGAIN, input), call(AGAIN, input)]);
      await answer(listener, 'They fly.');
      expect([two.turnId, (await call(AGAIN, input)).turnId]).toEqual([one.turnId, one.turnId]);
      expect(await shown(id)).toEqual(['Bees?', 'They fly.']);
    });
  });

  describe('selectBranch', () => {
    test('[P-114] shows a branch to every listener, as far as it was shown last', async () => {
      const { id, listener } = await begin();
      const first = await ask(id, listener, ['Bees?', 'They dance.']);
      const second = await ask(id, listener, ['Ants?', 'They march.']);
      await call(EDIT, { messageId: first.question, text: 'Wasps?' });
      await answer(listener, 'They sting.');
      const { latestEventCursor: after } = await read(id);
      const others = [1, 2].map(() => system.listen(EVENTS, { conversationId: id, after }));
      expect(await call(SELECT, { messageId: first.answer })).toMatchObject({
        conversation: { messageCount: 4, lastMessagePreview: 'They march.' },
      });
      for (const one of [listener, ...others])
        expect((await one.until('BranchSelected')).at(-1)?.leafMessageId).toBe(second.answer);
      expect(await shown(id)).toEqual(['Bees?', 'They dance.', 'Ants?', 'They march.']);
      const { latestEventCursor } = await read(id);
      await call(SELECT, { messageId: second.question });
      expect((await read(id)).latestEventCursor, 'it is visible already').toBe(latestEventCursor);
    });

    test('[P-114] is a BusyError while an answer is pending or a message waits, and changes nothing', async () => {
      const { id, listener } = await begin();
      const first = await ask(id, listener, ['Bees?', 'They dance.']);
      await call(EDIT, { messageId: first.question, text: 'Wasps?' });
      const { turnId } = (await read(id)).activeTurn;
      const model = await system.upstream.nextRequest();
      expect(await call(SELECT, { messageId: first.question })).toMatchObject({
        ...{ __typename: 'BusyError', busyTurnId: turnId },
      });
      await model.send('They sting.');
      await model.finish();
      await listener.until('TurnCompleted');
      expect(await shown(id)).toEqual(['Wasps?', 'They sting.']);
      expect(await call(SELECT, { messageId: `Message_${randomUUID()}` })).toMatchObject({
        __typename: 'NotFoundError',
      });
    });

    test('by two at once ends with one branch, which both hear of', async () => {
      const { id, listener } = await begin();
      const { question, answer: one } = await ask(id, listener, ['Bees?', 'They dance.']);
      const { turnId: two } = await call(AGAIN, { conversationId: id });
      await answer(listener, 'They fly.');
      const { turnId: three } = await call(AGAIN, { conversationId: id, messageId: question });
      await answer(listener, 'They hum.');
      await Promise.all([call(SELECT, { messageId: one }), call(SELECT, { messageId: two })]);
      const last = [
        (await listener.until('BranchSelected')).at(-1),
        (await listener.until('BranchSelected')).at(-1),
      ];
      const { messages, messageCount } = await read(id);
      expect(messages.nodes.at(-1).id).toBe(last[1]?.leafMessageId);
      expect(messages.nodes.at(-1).branch).toMatchObject({ count: 3 });
      expect([messageCount, messages.nodes.length]).toEqual([2, 2]);
      expect(three).not.toBe(two);
    });
  });

  test('an answer that failed or was stopped has its alternative, and a message goes on where the branch ends', async () => {
    const { id, listener } = await begin();
    const { question } = await ask(id, listener, ['Bees?', 'They dance.']);
    await call(AGAIN, { conversationId: id, messageId: question });
    const stopped = await system.upstream.nextRequest();
    await stopped.send('They');
    await listener.until('TurnTextAdded');
    await call(CANCEL, { conversationId: id });
    await listener.until('TurnInterrupted');
    await call(AGAIN, { conversationId: id });
    await (await system.upstream.nextRequest()).fail(400, { error: { message: 'no' } });
    await listener.until('TurnFailed');
    expect(await shown(id)).toEqual(['Bees?']);
    expect((await read(id)).messages.nodes[0].failure).toMatchObject({ code: expect.any(String) });
    await ask(id, listener, ['Ants?', 'They march.']);
    await call(END, { conversationId: id });
    const { nodes } = (await read(id)).messages;
    expect(nodes.map(({ content }: Data) => content)).toEqual(['Bees?', 'Ants?', 'They march.']);
    // What follows the same message: two answers, and the message after the one that failed.
    expect(nodes[1].branch).toMatchObject({ index: 2, count: 3 });
    expect(await call(EDIT, { messageId: question, text: 'Wasps?' })).toMatchObject({
      conversation: { status: 'ACTIVE' },
    });
    await answer(listener, 'They sting.');
  });

  test('whatever is edited, regenerated and selected, pages, places and counts are those of the tree', async () => {
    const random = new SeededRandom(11);
    const { id, listener } = await begin();
    const tree = new BranchTree();
    for (let round = 0; round < 40; round++) {
      const messages = tree.all();
      const questions = messages.filter(({ role }) => role === 'USER');
      const kind = questions.length === 0 ? 0 : random.between(0, 4);
      const text = `m${round}`;
      if (kind <= 1) {
        const sent = await call(SEND, { conversationId: id, text });
        await answer(listener, `a${round}`);
        tree.add(sent.sentMessage.id, 'USER', text, tree.leaf);
        tree.add(sent.turnId, 'ASSISTANT', `a${round}`, sent.sentMessage.id);
      } else if (kind === 2) {
        const { id: messageId, parent } = random.pick(questions);
        const edited = await call(EDIT, { messageId, text });
        await answer(listener, `a${round}`);
        tree.add(edited.sentMessage.id, 'USER', text, parent);
        tree.add(edited.turnId, 'ASSISTANT', `a${round}`, edited.sentMessage.id);
      } else if (kind === 3) {
        const { id: messageId } = random.pick(messages);
        const { turnId } = await call(AGAIN, { conversationId: id, messageId });
        await answer(listener, `a${round}`);
        tree.add(turnId, 'ASSISTANT', `a${round}`, tree.questionOf(messageId));
      } else {
        const { id: messageId } = random.pick(messages);
        await expect
          .poll(async () => (await call(SELECT, { messageId })).__typename)
          .toBe('SelectBranchSuccess');
        tree.select(messageId);
      }
      await expect.poll(async () => (await read(id)).activeTurn).toBeNull();
      const pages: Data[] = [];
      for (let after: string | null = null, more = true; more; ) {
        const { data } = await system.request(READ, { id, first: 3, after });
        const { nodes, pageInfo } = data.conversation.messages;
        pages.push(...nodes);
        [after, more] = [pageInfo.endCursor, pageInfo.hasNextPage];
      }
      const path = tree.visible();
      expect(pages.map(({ id: at, branch }) => ({ id: at, branch }))).toEqual(
        path.map((at) => ({ id: at, branch: tree.branchOf(at) })),
      );
      const state = await read(id);
      expect([state.messageCount, state.lastMessagePreview]).toEqual([path.length, tree.textOf(tree.leaf)]);
    }
  });
});
