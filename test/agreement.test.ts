import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { type Data, type Heard, startTestSystem, type TestSystem } from './support/harness.ts';
import { CONVERSATION, CONVERSATIONS, CREATE, EVENTS, SEND, UPDATE } from './support/operations.ts';

/** How many conversations are run; AGREEMENT_RUNS sets another number. Each has about nine events. */
const RUNS = Number(process.env.AGREEMENT_RUNS ?? 8);

const END = /* GraphQL */ `
  mutation End($input: EndConversationInput!) {
    endConversation(input: $input) { __typename }
  }
`;

await describeBackends(
  'what is heard',
  (backend) => {
    let one: TestSystem;
    let other: TestSystem;
    beforeAll(async () => {
      const env = await backend.env();
      one = await startTestSystem(env);
      other = await startTestSystem({ ...env, OPENAI_BASE_URL: one.upstream.baseURL });
    });
    afterAll(async () => {
      await other.stop();
      await one.stop();
    });

    const read = async (id: string, on = other): Promise<Data> =>
      (await on.request(CONVERSATION, { id })).data.conversation;
    const previewOf = async (id: string): Promise<string> => {
      const { edges } = (await other.request(CONVERSATIONS, { first: 20 })).data.conversations;
      return edges.find(({ node }: Data) => node.id === id)?.node.lastMessagePreview;
    };

    /** Runs a conversation and queries the other server at each event. Returns the number of events. */
    async function led(): Promise<number> {
      const created = await one.request(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
      const { id, latestEventCursor: after } = created.data.createConversation.conversation;
      const listener = one.listen(EVENTS, { conversationId: id, after });
      const say = (text: string) => one.request(SEND, { input: { conversationId: id, text } });
      let heard = 0;
      const until = async (type: string): Promise<Data> => {
        while (true) {
          const event = await listener.event();
          heard += 1;
          await agrees(id, event);
          if (event.__typename === type) return event;
        }
      };
      await say('First');
      const first = await one.upstream.nextRequest();
      await first.send('A whole answer.');
      await first.finish();
      await until('TurnCompleted');
      await say('Second');
      await (await one.upstream.nextRequest()).send('Half of ');
      await until('TurnTextAdded');
      await say('No, third');
      await until('TurnInterrupted');
      await (await one.upstream.nextRequest()).fail(402, { error: { message: 'no money' } });
      await until('TurnFailed');
      await one.request(UPDATE, { input: { conversationId: id, title: 'Renamed' } });
      await until('ConversationUpdated');
      await one.request(END, { input: { conversationId: id } });
      await until('ConversationEnded');
      listener.stop();
      return heard;
    }

    /** Compares what an event says with what the other server answers now. */
    async function agrees(id: string, event: Data): Promise<void> {
      const message = event.message ?? event.partial;
      if (!message && !['TurnFailed', 'ConversationUpdated', 'ConversationEnded'].includes(event.__typename))
        return;
      const [conversation, preview] = await Promise.all([read(id), previewOf(id)]);
      const { nodes } = conversation.messages;
      expect(conversation.messageCount).toBe(nodes.length);
      if (message) {
        const stored = nodes.find((node: Data) => node.id === message.id);
        expect(stored, `${event.__typename} of ${message.content}`).toMatchObject({
          content: message.content,
        });
      }
      if (event.__typename === 'TurnCompleted') expect(preview).toBe(event.message.content);
      if (event.turnId && event.__typename !== 'TurnStarted')
        expect(conversation.activeTurn?.turnId).not.toBe(event.turnId);
      if (event.__typename === 'TurnFailed')
        expect(nodes.find((node: Data) => node.failure?.turnId === event.turnId)).toBeDefined();
      if (event.__typename === 'ConversationUpdated') expect(conversation.title).toBe(event.title);
      if (event.__typename === 'ConversationEnded') expect(conversation.status).not.toBe('ACTIVE');
    }

    test(`[P-18] agrees with a query at any server, at the moment it is heard (${RUNS} conversations)`, async () => {
      let heard = 0;
      for (let run = 0; run < RUNS; run++) heard += await led();
      expect(heard).toBeGreaterThanOrEqual(RUNS * 12);
    });

    test(`[P-19] a client that reads a conversation as an answer ends, then listens after its cursor, loses nothing (${RUNS} times)`, async () => {
      const { data } = await one.request(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
      const { id } = data.createConversation.conversation;
      for (let run = 0; run < RUNS; run++) {
        await one.request(SEND, { input: { conversationId: id, text: `Question ${run}` } });
        const request = await one.upstream.nextRequest();
        await request.send(`Answer ${run}.`);
        const ended = request.finish();
        const seen: Data[] = [];
        while (!seen.some(({ activeTurn, messageCount }) => !activeTurn && messageCount === 2 * run + 2))
          seen.push(await read(id));
        await ended;
        for (const view of seen.slice(-4)) await isComplete(id, view, `Answer ${run}.`);
      }
    });

    /** The conversation that was read contains the answer, or shows its turn, or the events of the turn follow. */
    async function isComplete(id: string, view: Data, answer: string): Promise<void> {
      if (view.messages.nodes.some(({ content }: Data) => content === answer)) return;
      const listener: Heard = other.listen(EVENTS, { conversationId: id, after: view.latestEventCursor });
      const events = await listener.until('TurnCompleted');
      listener.stop();
      expect(events.at(-1).message.content).toBe(answer);
    }
  },
  { embedded: false },
);
