import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import type { FeedEventBody } from '../core/live/feed/events.ts';
import { IN_PROCESS } from './support/backends.ts';
import { publish } from './support/feed-steps.ts';
import { type Data, startTestSystem, type TestSystem } from './support/harness.ts';
import { rowIdOf } from './support/node-ids.ts';
import { CREATE, EVENTS } from './support/operations.ts';

let system: TestSystem;
beforeAll(async () => {
  system = await startTestSystem(IN_PROCESS);
});
afterAll(() => system.stop());

/** More than the socket's own buffers and the listener's together can hold. */
const EVENT_BYTES = 16_000;
const EVENT_COUNT = 4_000;

test('[P-16] a listener that stops reading ends with a named, resumable error, without an effect on others', async () => {
  const { data } = await system.request(CREATE, { input: { greet: false } });
  const { id, latestEventCursor } = data.createConversation.conversation;
  const other = system.listen(EVENTS, { conversationId: id, after: latestEventCursor });

  const socket = new WebSocket(`${system.url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws');
  const messages: Data[] = [];
  socket.on('message', (message) => messages.push(JSON.parse(String(message))));
  await once(socket, 'open');
  socket.send(JSON.stringify({ type: 'connection_init' }));
  await once(socket, 'message');
  const variables = { conversationId: id, after: latestEventCursor };
  socket.send(JSON.stringify({ id: 'slow', type: 'subscribe', payload: { query: EVENTS, variables } }));

  const { feed } = system.app;
  const conversationId = rowIdOf(id);
  await publish(feed, conversationId, [titled('first')]);
  await expect.poll(() => messages.length, { interval: 5 }).toBeGreaterThan(1);
  expect((await other.event()).title).toBe('first');

  socket.pause();
  for (let i = 0; i < EVENT_COUNT; i++) {
    await publish(feed, conversationId, [titled(`${i} ${'x'.repeat(EVENT_BYTES)}`)]);
    expect((await other.event()).title.startsWith(`${i} `)).toBe(true);
  }
  socket.resume();
  await expect.poll(() => messages.at(-1)?.type, { interval: 20, timeout: 60_000 }).toBe('complete');
  const error = messages.at(-2).payload.errors[0];
  expect(error.extensions).toEqual({ code: 'SLOW_LISTENER', resumable: true });

  const heard = messages.filter(({ type, payload }) => type === 'next' && payload.data).length - 1;
  expect(heard).toBeLessThan(EVENT_COUNT);
  const last = messages.at(-3).payload.data.conversationEvents;
  const resumed = system.listen(EVENTS, { conversationId: id, after: last.cursor });
  expect((await resumed.event()).title.startsWith(`${heard} `) || heard === 0).toBe(true);
  expect(socket.readyState).toBe(WebSocket.OPEN);
  socket.terminate();
});

/** An event whose size the feed does not count, so that all of them are retained. */
function titled(title: string): FeedEventBody {
  return { type: 'ConversationUpdated', title, model: 'm', pacing: 'HUMAN' };
}
