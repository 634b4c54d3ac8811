import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import type { HeardEvent } from '../core/live/feed/events.ts';
import { startBufferingProxy } from './support/buffering-proxy.ts';
import { type CuttableProxy, startCuttableProxy } from './support/cuttable-proxy.ts';
import { Listeners } from './support/endable-listeners.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { HeldResources, WAIT } from './support/held.ts';
import { rowIdOf } from './support/node-ids.ts';
import { CONVERSATION } from './support/protocol-documents.ts';
import { StrangersProgram } from './support/strangers-program.ts';

/**
 * Programs of third parties, each with a different client. In mid-answer the connection is lost ten times, and the server
 * ends their subscription twice, as it does with a listener that is too slow.
 */
const CLIENTS = [
  'graphql-ws',
  'apollo-ws',
  'apollo-multipart',
  'urql',
  'relay',
  'eventsource',
  'graphql-sse',
  'graphql-sse-single',
];
const CUTS_PER_ANSWER = 5;
/** Bytes of a stream before the proxy cuts it: three or four events, and a part of the next. */
const CUT_AFTER_BYTES = 1_500;

const has = existsSync(new URL('strangers/node_modules/.package-lock.json', import.meta.url));
const skipped = has ? '' : 'SKIPPED, the packages of test/strangers are not installed (npm test does it): ';

describe.skipIf(!has)(`${skipped}a program that is cut off in mid-answer, again and again`, () => {
  let system: TestSystem;
  let line: CuttableProxy;
  let program: StrangersProgram;
  let witness: AsyncIterableIterator<HeardEvent>;
  let listeners: Listeners;
  beforeAll(async () => {
    system = await startTestSystem({ IDLE_NUDGE_MS: '3600000' });
    line = await startCuttableProxy(system.url);
  });
  afterEach(() => {
    program.kill();
    listeners.restore();
    void witness.return?.();
  });
  afterAll(async () => {
    await line.stop();
    await system.stop();
  });

  test.each(CLIENTS)(
    '[P-12] [P-22] by %s shows what is stored, to the character, and has heard nothing twice',
    async (client) => {
      const id = await start(client, line.url);
      const bees = await beginAnswer('Bees dance 🐝. ');
      await bees.send('However, ');
      await program.cutsIn();
      const ants = await beginAnswer('Ants march… ');
      await ants.finish();

      const result = await program.printed(({ shown }) => shown);
      const stored = await storedMessages(id);
      expect(stored).toHaveLength(4);
      expect(stored[1]?.[1]).toMatch(/^Bees .*5, — However, $/);
      expect(result).toMatchObject({
        shown: stored,
        pages: [stored.slice(0, 3), stored.slice(3)],
        afterReset: { types: ['FeedReset'], shown: stored },
        refused: { __typename: 'InvalidInputError', fieldErrors: [{ path: 'text' }] },
        twice: 0,
        repeated: 0,
      });
      await untilNothingIsHeld(id);
      expect(await program.end()).toEqual({ code: 0, stderr: '' });
    },
  );

  test('[P-69] by eventsource through a proxy that buffers, and cuts within events, shows each word before the next is said', async () => {
    const proxy = await startBufferingProxy(system.url, CUT_AFTER_BYTES);
    const id = await start('eventsource', proxy.url);
    const speak = async (subject: string) => {
      const answer = await system.upstream.nextRequest();
      let said = '';
      for (let word = 1; word <= 12; word++) {
        const more = `${subject} dance 🐝 in circles, ${word}\n`;
        said += more;
        await answer.send(more);
        await program.shows(said);
      }
      return answer;
    };
    await (await speak('Bees')).send('However, ');
    await program.cutsIn();
    await (await speak('Ants')).finish();

    const result = await program.printed(({ shown }) => shown);
    expect(result).toMatchObject({ shown: await storedMessages(id), twice: 0, repeated: 0 });
    expect(proxy.cuts).toBeGreaterThan(3);
    await untilNothingIsHeld(id);
    expect(await program.end()).toEqual({ code: 0, stderr: '' });
    await proxy.stop();
  });

  /** Starts the program. Returns the id of its conversation. */
  async function start(client: string, url: string): Promise<string> {
    listeners = new Listeners(system.app.feed);
    program = new StrangersProgram(client, url);
    const { conversationId } = await program.printed((printed) => printed.conversationId);
    witness = listeners.subscribe(rowIdOf(conversationId), {});
    return conversationId;
  }

  /** Begins the next answer with these words, and continues it while the connection is lost again and again. */
  async function beginAnswer(words: string) {
    const answer = await system.upstream.nextRequest();
    let said = '';
    const say = async (more: string) => {
      said += more;
      await answer.send(more);
      await untilPublished(witness, said);
    };
    await say(words);
    await program.shows(said);
    expect(listeners.endAll()).toBe(1);
    await say('Slowly, ');
    await program.shows(said);
    for (let cut = 1; cut <= CUTS_PER_ANSWER; cut++) {
      line.cut();
      await say(`And ${cut}, — `);
      line.restore();
      await program.shows(said);
    }
    return answer;
  }

  async function storedMessages(id: string): Promise<[id: string, content: string][]> {
    const { data } = await system.request(CONVERSATION, { id });
    return data.conversation.messages.nodes.map((message: Data) => [message.id, message.content]);
  }

  async function untilNothingIsHeld(id: string) {
    const held = new HeldResources(system, rowIdOf(id), {});
    const nothing = { subscriptions: 0, sockets: 0, present: false };
    await vi.waitFor(async () => expect(await held.now()).toMatchObject(nothing), WAIT);
    held.close();
  }
});

/** Resolves when the text of an answer ends here. */
async function untilPublished(witness: AsyncIterator<HeardEvent>, text: string): Promise<void> {
  for (;;) {
    const { value: event } = await witness.next();
    if (event.type === 'TurnTextAdded' && event.offset + event.text.length === text.length) return;
  }
}
