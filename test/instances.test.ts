import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { describeBackends } from './support/backends.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { CANCEL, CONVERSATION, CREATE, EVENTS, SEND } from './support/operations.ts';

await describeBackends(
  'three instances of one installation',
  (backend) => {
    let instances: TestSystem[];
    let one: TestSystem;
    let two: TestSystem;
    let three: TestSystem;
    beforeAll(async () => {
      const env = await backend.env();
      const first = await startTestSystem(env);
      const shared = { ...env, OPENAI_BASE_URL: first.upstream.baseURL };
      instances = [first, await startTestSystem(shared), await startTestSystem(shared)];
      [one, two, three] = instances as [TestSystem, TestSystem, TestSystem];
    });
    afterAll(async () => {
      for (const instance of instances.reverse()) await instance.stop();
    });

    async function converse(): Promise<{ id: string; latestEventCursor: string }> {
      const { data } = await one.request(CREATE, { input: { greet: false, pacing: 'INSTANT' } });
      return data.createConversation.conversation;
    }
    const send = async (
      on: TestSystem,
      conversationId: string,
      text: string,
      clientMessageId?: string,
    ): Promise<Data> =>
      (await on.request(SEND, { input: { conversationId, text, clientMessageId } })).data.sendMessage;

    test('a message that is sent on one is answered on another and stopped on a third', async () => {
      const { id, latestEventCursor } = await converse();
      const listener = two.listen(EVENTS, { conversationId: id, after: latestEventCursor });
      const sent = await send(one, id, 'Say it');
      const request = await one.upstream.nextRequest();
      await request.send('Once upon ');
      expect((await listener.until('TurnTextAdded')).at(-1)).toMatchObject({
        turnId: sent.turnId,
        text: 'Once upon ',
      });
      const { data } = await three.request(CANCEL, { input: { conversationId: id } });
      await request.closed;
      expect(data.cancelTurn.interrupted).toMatchObject({ id: sent.turnId, content: 'Once upon ' });
      expect((await listener.until('TurnInterrupted')).at(-1).partial.content).toBe('Once upon ');
    });

    test('the same message sent to all of them at once is one message with one answer', async () => {
      const { id, latestEventCursor } = await converse();
      const listener = three.listen(EVENTS, { conversationId: id, after: latestEventCursor });
      const clientMessageId = crypto.randomUUID();
      const outcomes = await Promise.all(
        instances.map((instance) => send(instance, id, 'Once', clientMessageId)),
      );
      expect(new Set(outcomes.map(({ turnId }) => turnId)).size).toBe(1);
      expect(new Set(outcomes.map(({ sentMessage }) => sentMessage.id)).size).toBe(1);
      const request = await one.upstream.nextRequest();
      await request.send('Yes.');
      await request.finish();
      const types = (await listener.until('TurnCompleted')).map(({ __typename }) => __typename);
      expect(types.filter((type) => type === 'MessageAdded')).toHaveLength(1);
      expect(types).not.toContain('TurnInterrupted');
    });

    test('after many interruptions in a row, on all instances, one turn is left, and each earlier one has ended once', async () => {
      const { id, latestEventCursor } = await converse();
      one.upstream.answerAll('word '.repeat(2_000), { chunkSize: 5, delayMs: 1 });
      const sent: Data[] = [];
      for (let round = 0; round < 4; round++) {
        sent.push(...(await Promise.all(instances.map((on, i) => send(on, id, `${round}-${i}`)))));
      }
      one.upstream.answerAll('The end.');
      const last = await send(two, id, 'last');
      const events = await untilDone(
        three.listen(EVENTS, { conversationId: id, after: latestEventCursor }),
        last.turnId,
      );
      one.upstream.answerAll(null);

      const open = new Set<string>();
      const ended = new Map<string, number>();
      for (const { __typename, turnId } of events) {
        if (__typename === 'TurnStarted') {
          expect(open.size, 'turns never overlap').toBe(0);
          open.add(turnId);
        } else if (['TurnCompleted', 'TurnInterrupted', 'TurnFailed'].includes(__typename)) {
          expect(open.delete(turnId)).toBe(true);
          ended.set(turnId, (ended.get(turnId) ?? 0) + 1);
        }
      }
      expect([...ended.values()].every((times) => times === 1)).toBe(true);
      expect(open.size).toBe(0);
      // A turn that was superseded before it began has no events: the next one's start implies its end.
      for (const { turnId } of sent)
        expect(
          [...ended.keys()].some((other) => other >= turnId),
          'every message has its answer, or a newer one has',
        ).toBe(true);

      const { data } = await one.request(CONVERSATION, { id });
      const stored: Data[] = data.conversation.messages.nodes;
      const users = stored.filter(({ role }) => role === 'USER');
      expect(users).toHaveLength(13);
      expect(users.map(({ content }) => content[0]).join('')).toBe('000111222333l');
      for (const [turnId] of ended) {
        const heard = events.filter(
          (event) => event.__typename === 'TurnTextAdded' && event.turnId === turnId,
        );
        const text = heard.map(({ text }) => text).join('');
        const message = stored.find((candidate) => candidate.id === turnId);
        expect(message?.content ?? '').toBe(text);
      }
    });

    async function untilDone(listener: { event(): Promise<Data> }, turnId: string): Promise<Data[]> {
      const events: Data[] = [];
      do events.push(await listener.event());
      while (events.at(-1).__typename !== 'TurnCompleted' || events.at(-1).turnId !== turnId);
      await vi.waitFor(async () => {
        const { data } = await one.request(`{ node(id: "${turnId}") { id } }`);
        expect(data.node?.id).toBe(turnId);
      }, 60_000);
      return events;
    }
  },
  { embedded: false },
);
