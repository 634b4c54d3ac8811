import { randomUUID } from 'node:crypto';
import { afterAll, describe, expect, test } from 'vitest';
import { count, countOn, lacking, Platform, REFUSED_WITHIN_MS } from './platform.ts';

const missing = lacking();

describe.skipIf(missing)(
  `${missing && `SKIPPED, no ${missing}: `}when PostgreSQL fails in mid-answer`,
  () => {
    // Each on a platform of its own, at the same time: they mostly wait.
    const platforms: Platform[] = [];
    async function start(): Promise<Platform> {
      const platform = await Platform.start({ servers: 1, workers: 1 });
      platforms.push(platform);
      platform.upstream.answerAll(countOn, { chunkSize: 8, delayMs: 20 });
      return platform;
    }
    afterAll(() => Promise.all(platforms.map((platform) => platform.stop())));

    test.concurrent.each(['kill', 'freeze'] as const)(
      'and is unavailable for twenty seconds (%s), answers are heard to their last word, end once they are stored, and new messages are refused',
      async (how) => {
        const platform = await start();
        const { id, listener } = await platform.conversation();
        const quiet = await platform.conversation();
        const { turnId } = await platform.send(id, `Count ${how} to 200`);
        await listener.heard((event) => event.turnId === turnId && event.__typename === 'TurnTextAdded');
        if (how === 'kill') await platform.postgres.kill();
        else platform.postgres.freeze();
        const failedAt = Date.now();

        // More than the connections of the pool: a frozen server must not delay those that wait for one either.
        const refused = await Promise.all(
          Array.from({ length: 15 }, (_, i) => platform.send(quiet.id, `Refused ${i}`)),
        );
        for (const { __typename, ms } of refused) {
          expect(__typename).toBe('UnavailableError');
          expect(ms).toBeLessThan(REFUSED_WITHIN_MS);
        }
        // A new listener gets an error that it may retry.
        expect(await platform.refusalOf(quiet.id)).toMatchObject({
          extensions: { code: 'SERVICE_UNAVAILABLE', resumable: true },
        });
        await listener.heard(() => listener.texts.get(turnId) === count(how, 200));
        expect(listener.endings.has(turnId)).toBe(false);
        await new Promise((resolve) => setTimeout(resolve, 20_000 - (Date.now() - failedAt)));
        if (how === 'kill') await platform.postgres.start();
        else platform.postgres.thaw();
        expect(await platform.stored(id, turnId)).toMatchObject({
          content: count(how, 200),
          status: 'COMPLETED',
        });
        const ending = await listener.ended(turnId);
        expect(ending).toMatchObject({ __typename: 'TurnCompleted', message: { content: count(how, 200) } });
        expect(await platform.messages(quiet.id)).toEqual([]);
        const again = await platform.send(quiet.id, `Count again-${how} to 20`);
        expect((await quiet.listener.ended(again.turnId)).message.content).toBe(count(`again-${how}`, 20));
        for (const each of [listener, quiet.listener])
          expect(each).toMatchObject({ faults: [], resets: 0, interruptions: 0 });
      },
    );

    test.concurrent('a message whose outcome is unknown to the caller is stored once, however often it is repeated', async () => {
      const platform = await start();
      const { id } = await platform.conversation();
      const input = { conversationId: id, text: 'Count once to 20', clientMessageId: randomUUID() };
      // Its data are null when the outcome could not be found out while the database was gone.
      const send = async () => (await platform.request(SEND, { input })).data?.sendMessage;
      const calls = [send(), send(), send()];
      await platform.postgres.kill();
      await Promise.all(calls);
      await platform.postgres.start();
      let sent = await send();
      while (sent?.__typename !== 'SendMessageSuccess') sent = await send();
      await platform.stored(id, sent.turnId);
      const texts = (await platform.messages(id)).map(({ content }) => content);
      expect(texts).toEqual(['Count once to 20', count('once', 20)]);
    });
  },
);

/** Selects nothing that must be read afterwards: the database may be gone by then, which is another error. */
const SEND = `mutation ($input: SendMessageInput!) {
  sendMessage(input: $input) { __typename ... on SendMessageSuccess { turnId } } }`;
