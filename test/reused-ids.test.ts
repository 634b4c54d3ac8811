import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { LOCAL_OWNER } from '../core/domain/owner.ts';
import { IN_PROCESS } from './support/backends.ts';
import { Frames } from './support/frames.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { HeldResources, WAIT } from './support/held.ts';
import { nodeId } from './support/node-ids.ts';

const ROUNDS = 200;
const CHANGES = 'subscription { conversationChanges { kind conversationId } }';

let system: TestSystem;
let held: HeldResources;
beforeAll(async () => {
  // More subscriptions than a client begins in 10 s.
  system = await startTestSystem({ ...IN_PROCESS, SUBSCRIBES_PER_SOCKET: '0' }, { worker: false });
  held = new HeldResources(system, randomUUID(), {});
});
afterAll(() => system.stop());

test(`an id used again right after its complete, ${ROUNDS} times, belongs to the newest operation alone`, async () => {
  const subscribed = vi.spyOn(system.app.changes, 'subscribe');
  const frames = await Frames.ready(system.url);
  const subscribe = { id: 'X', type: 'subscribe', payload: { query: CHANGES } };
  const complete = { id: 'X', type: 'complete' };
  const published: string[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    // From no gap to several turns of the event loop, at each of the two places.
    frames.send(subscribe);
    await turns(round % 8);
    frames.send(complete);
    await turns(Math.floor(round / 8) % 8);
    frames.send(subscribe);
    await vi.waitFor(() => expect(subscribed).toHaveBeenCalledTimes(2 * (round + 1)), QUICKLY);
    await held.untilSubscriptions(1);
    const conversationId = randomUUID();
    published.push(conversationId);
    await system.app.changes.publish(LOCAL_OWNER, { kind: 'UPDATED', conversationId });
    // By the time a later query is answered, a second listener would have been heard.
    frames.send({ id: 'Q', type: 'subscribe', payload: { query: '{ viewer { id } }' } });
    expect(await untilComplete(frames, 'Q')).toEqual([
      { id: 'X', type: 'next', payload: { data: { conversationChanges: change(conversationId) } } },
    ]);
    frames.send(complete);
    await held.untilSubscriptions(0);
  }
  expect(published).toHaveLength(ROUNDS);
  await frames.close();
  await vi.waitFor(
    async () => expect(await held.now()).toMatchObject({ subscriptions: 0, sockets: 0 }),
    WAIT,
  );
});

const QUICKLY = { timeout: 60_000, interval: 1 };

/** The other messages that arrive until an operation is completed. */
async function untilComplete(frames: Frames, id: string): Promise<Data[]> {
  const others: Data[] = [];
  for (;;) {
    const message = await frames.next();
    if (message.id !== id) others.push(message);
    else if (message.type === 'complete') return others;
  }
}

function change(conversationId: string) {
  const id = nodeId('Conversation', conversationId);
  return { kind: 'UPDATED', conversationId: id };
}

async function turns(count: number): Promise<void> {
  for (let turn = 0; turn < count; turn++) await new Promise((resolve) => setImmediate(resolve));
}
