import {
  type ConnectOptions,
  type Conversation,
  type ConversationState,
  connect,
  type TaskFlow,
} from '@taskflow/client';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { FakeStorage } from '../packages/client/src/testing.ts';
import { startCuttableProxy } from './support/cuttable-proxy.ts';
import { startTestSystem, type TestSystem } from './support/harness.ts';
import { requestAs, tokenFor, WITH_TOKENS } from './support/tokens.ts';

const CREATE = /* GraphQL */ `
  mutation {
    createConversation(input: { greet: false, pacing: INSTANT }) {
      ... on CreateConversationSuccess { conversation { id } }
      ... on UserError { __typename message }
    }
  }
`;

let system: TestSystem;
let id: string;
let clients: TaskFlow[];
let token: string;

beforeAll(async () => {
  system = await startTestSystem(WITH_TOKENS);
  token = await tokenFor({ sub: 'ann' });
});
afterAll(() => system.stop());
beforeEach(async () => {
  clients = [];
  system.upstream.answerAll(null);
  // A busy machine may need longer for the first call than the server waits.
  id = await vi.waitFor(async () => {
    const { data } = await requestAs(system.url, token, CREATE);
    expect(data.createConversation).toEqual({ conversation: { id: expect.any(String) } });
    return data.createConversation.conversation.id;
  }, 60_000);
});
afterEach(async () => {
  for (const client of clients) await client.close();
});

function connected(options: Partial<ConnectOptions> = {}): TaskFlow {
  const url = `${system.url}/graphql`;
  const client = connect({ url, token, storage: null, webSocketImpl: WebSocket, ...options });
  clients.push(client);
  return client;
}

/** Resolves to the first state for which this is true. */
function until(
  conversation: Conversation,
  isTrue: (state: ConversationState) => boolean,
): Promise<ConversationState> {
  return new Promise((resolve) => {
    const check = () => {
      const state = conversation.getSnapshot();
      if (!isTrue(state)) return;
      stop();
      resolve(state);
    };
    const stop = conversation.subscribe(check);
    check();
  });
}

const isLive = ({ phase }: ConversationState) => phase === 'live';
/** What a test has asked for is answered before the next test begins. */
const answered = ({ messages }: ConversationState) =>
  messages.at(-1)?.status === 'COMPLETED' && messages.length > 1;
const texts = ({ messages }: ConversationState) => messages.map(({ content }) => content);

describe('a conversation', () => {
  test('is one object, and its state stays the same object until something changes', async () => {
    const client = connected();
    const conversation = client.conversation(id);
    expect(client.conversation(id)).toBe(conversation);
    expect(conversation.getSnapshot()).toMatchObject({ phase: 'idle', messages: [], turn: null });
    const state = await until(conversation, isLive);
    expect(state.status).toBe('ACTIVE');
    const stop = conversation.subscribe(() => {});
    await until(conversation, isLive);
    expect(conversation.getSnapshot()).toBe(conversation.getSnapshot());
    stop();
    expect(conversation.getSnapshot().phase).toBe('idle');
  });

  test('that does not exist is missing', async () => {
    await until(connected().conversation('nothing'), ({ phase }) => phase === 'missing');
  });

  test('is shown as it is spoken, then as it is stored, to every client', async () => {
    const [here, there] = [connected().conversation(id), connected().conversation(id)];
    const stops = [here, there].map((each) => each.subscribe(() => {}));
    await Promise.all([until(here, isLive), until(there, isLive)]);
    const receipt = await here.send('How do bees talk?');
    expect(receipt).toMatchObject({ isAccepted: true, isAnswered: true });
    const request = await system.upstream.nextRequest();
    await request.send('They ');
    for (const each of [here, there])
      expect(await until(each, ({ turn }) => turn?.text === 'They ')).toMatchObject({
        messages: [{ content: 'How do bees talk?', clientMessageId: receipt.clientMessageId }],
        outgoing: [],
      });
    await request.send('dance.');
    await request.finish();
    for (const each of [here, there]) {
      const state = await until(each, ({ messages }) => messages.length === 2);
      expect(texts(state)).toEqual(['How do bees talk?', 'They dance.']);
      expect(state).toMatchObject({ turn: null, isAwaited: false });
    }
    for (const stop of stops) stop();
  });

  test('is stopped where it was shown', async () => {
    const conversation = connected().conversation(id);
    const stop = conversation.subscribe(() => {});
    await until(conversation, isLive);
    expect(await conversation.stop()).toBeNull();
    void conversation.send('How do bees talk?');
    const request = await system.upstream.nextRequest();
    await request.send('They dance');
    await until(conversation, ({ turn }) => turn?.text === 'They dance');
    expect(await conversation.stop()).toBeNull();
    const { messages } = await until(conversation, ({ turn }) => turn === null);
    expect(messages.at(-1)).toMatchObject({ content: 'They dance', status: 'INTERRUPTED' });
    stop();
  });

  test('shows what waits for the end of an answer, and that someone types elsewhere', async () => {
    const [here, there] = [connected().conversation(id), connected().conversation(id)];
    const stops = [here, there].map((each) => each.subscribe(() => {}));
    await Promise.all([until(here, isLive), until(there, isLive)]);
    here.typing();
    await until(there, ({ typingElsewhere }) => typingElsewhere);
    expect(here.getSnapshot().typingElsewhere).toBe(false);
    void here.send('How do bees talk?');
    const request = await system.upstream.nextRequest();
    await request.send('They dance.');
    const { clientMessageId, ...receipt } = await here.send('And ants?', { whileSpeaking: 'QUEUE' });
    expect(receipt).toEqual({ isAccepted: true, isAnswered: false });
    for (const each of [here, there]) {
      const { waiting, outgoing } = await until(each, (state) => state.waiting.length > 0);
      expect(waiting).toMatchObject([{ text: 'And ants?', clientMessageId }]);
      expect(outgoing).toEqual([]);
    }
    await request.finish();
    const next = await system.upstream.nextRequest();
    await next.send('By smell.');
    await next.finish();
    const state = await until(here, ({ messages }) => messages.length === 4);
    expect(texts(state)).toEqual(['How do bees talk?', 'They dance.', 'And ants?', 'By smell.']);
    expect(state.waiting).toEqual([]);
    for (const stop of stops) stop();
  });
});

test('what has no method is a request over the same connection, whose effects the conversation shows', async () => {
  const client = connected();
  const conversation = client.conversation(id);
  const stop = conversation.subscribe(() => {});
  await until(conversation, isLive);
  void conversation.send('How do bees talk?');
  const request = await system.upstream.nextRequest();
  await request.send('They dance.');
  await conversation.send('And ants?', { whileSpeaking: 'QUEUE' });
  const { waiting } = await until(conversation, (state) => state.waiting.length > 0);
  const input = { conversationId: id, queuedMessageId: waiting[0]?.id };
  expect(await client.request(WITHDRAW, { input })).toEqual({
    data: { withdrawQueuedMessage: { __typename: 'WithdrawQueuedMessageSuccess' } },
    errors: [],
  });
  expect((await until(conversation, (state) => state.waiting.length === 0)).outgoing).toEqual([]);
  await request.finish();
  await until(conversation, answered);
  stop();

  const { data, errors } = await client.request('{ nothing }');
  expect([data, errors.length]).toEqual([null, 1]);
  await client.close();
  expect(await client.request('{ __typename }')).toEqual({ data: null, errors: [] });
});

const WITHDRAW = /* GraphQL */ `
  mutation ($input: WithdrawQueuedMessageInput!) {
    withdrawQueuedMessage(input: $input) { __typename }
  }
`;

describe('the outbox', () => {
  test('sends without a listener, and keeps what the server refuses until it is discarded', async () => {
    system.upstream.answerAll('Yes.');
    const storage = new FakeStorage();
    const conversation = connected({ storage }).conversation(id);
    const tooLong = conversation.send('x'.repeat(32_001));
    const next = conversation.send('Hello');
    expect(storage.length).toBe(2);
    expect((await tooLong).isAccepted).toBe(false);
    expect((await next).isAccepted).toBe(true);
    expect(conversation.getSnapshot().outgoing).toMatchObject([
      { status: 'failed', problem: { code: 'InvalidInputError', retryable: false } },
      { status: 'sent', text: 'Hello' },
    ]);

    const again = connected({ storage }).conversation(id);
    const { outgoing } = await until(again, isLive);
    expect(outgoing).toMatchObject([{ status: 'failed', problem: { code: 'InvalidInputError' } }]);
    again.discard(outgoing[0]?.clientMessageId ?? '');
    await until(again, answered);
    expect([again.getSnapshot().outgoing, storage.length]).toEqual([[], 0]);
  });

  test('sends what an earlier visit has left at once, for its owner alone', async () => {
    system.upstream.answerAll('Yes.');
    const proxy = await startCuttableProxy(system.url);
    proxy.cut();
    const storage = new FakeStorage();
    const url = `${proxy.url}/graphql`;
    const earlier = connected({ url, storage, owner: 'ann' });
    void earlier.conversation(id).send('Left behind');
    expect(storage.length).toBe(1);
    await earlier.close();

    const other = connected({ storage, owner: 'bob' }).conversation(id);
    expect((await until(other, isLive)).outgoing).toEqual([]);
    const status = connected({ storage, owner: 'ann' });
    // It is sent though no one has asked for the conversation.
    expect(texts(await until(other, ({ messages }) => messages.length > 0))).toContain('Left behind');
    const own = status.conversation(id);
    await until(own, (state) => answered(state) && state.outgoing.length === 0);
    expect(storage.length).toBe(0);
    await proxy.stop();
  });
});

describe('a token', () => {
  test('[P-131] that has expired is replaced by another one, and the conversation goes on', async () => {
    let asked = 0;
    let refusals = 0;
    let onRenewed = () => {};
    const renewed = new Promise<void>((resolve) => {
      onRenewed = resolve;
    });
    const client = connected({
      async token() {
        asked += 1;
        if (asked === 2) onRenewed();
        return tokenFor({ sub: 'ann' }, asked === 1 ? 2 : 600);
      },
      onUnauthorized: () => {
        refusals += 1;
      },
    });
    const conversation = client.conversation(id);
    const stop = conversation.subscribe(() => {});
    await until(conversation, isLive);
    void conversation.send('How do bees talk?');
    const request = await system.upstream.nextRequest();
    await request.send('They ');
    await renewed;
    await request.send('dance.');
    await request.finish();
    const state = await until(conversation, ({ messages }) => messages.length === 2);
    expect(texts(state)).toEqual(['How do bees talk?', 'They dance.']);
    expect([asked, refusals]).toEqual([2, 1]);
    stop();
  });

  test('[P-131] that is refused, or cannot be got, is asked for again', async () => {
    const network = new EventTarget();
    const tokens = [() => Promise.reject(new Error('offline')), () => 'no token', () => token];
    let refusals = 0;
    const conversation = connected({
      network,
      token: () => {
        // Nothing waits for a back-off.
        setImmediate(() => network.dispatchEvent(new Event('online')));
        return (tokens.shift() ?? (() => token))();
      },
      onUnauthorized: () => {
        refusals += 1;
      },
    }).conversation(id);
    await until(conversation, isLive);
    expect([tokens, refusals]).toEqual([[], 1]);
  });
});
