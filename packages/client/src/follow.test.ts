import type { SubscribePayload } from 'graphql-ws';
import { beforeEach, expect, it } from 'vitest';
import { follow } from './follow.ts';
import type { ConversationEvent } from './live-state.ts';

interface FakeSink {
  next(value: unknown): void;
  error(error: unknown): void;
  complete(): void;
}

/** A graphql-ws client that the test drives. Like the real one, it keeps the payload object and sends it again on reconnect. */
class FakeClient {
  readonly opened: { after: unknown; payload: SubscribePayload; sink: FakeSink; open: boolean }[] = [];

  subscribe(payload: SubscribePayload, sink: FakeSink): () => void {
    const subscription = { after: payload.variables?.after, payload, sink, open: true };
    this.opened.push(subscription);
    return () => {
      subscription.open = false;
    };
  }

  get last() {
    const last = this.opened.at(-1);
    if (!last) throw new Error('nothing was subscribed');
    return last;
  }

  emit(cursor: string): void {
    const event = { __typename: 'TypingChanged', cursor, at: '', typing: true };
    this.last.sink.next({ data: { conversationEvents: event } });
  }
}

let client: FakeClient;
let heard: ConversationEvent[];
let refused: unknown[];
let pauses: { ms: number; end(): void }[];

beforeEach(() => {
  client = new FakeClient();
  heard = [];
  refused = [];
  pauses = [];
});

const start = () =>
  follow({
    client,
    conversationId: 'c',
    after: 'e0',
    onEvent: (event) => heard.push(event),
    onRefused: (errors) => refused.push(...errors),
    pause: (ms) => new Promise((end) => pauses.push({ ms, end })),
  });

async function passPause(): Promise<number> {
  const pause = pauses.shift();
  if (!pause) throw new Error('nobody waits');
  pause.end();
  await Promise.resolve();
  return pause.ms;
}

it('starts after the cursor that it was given', () => {
  start();
  expect(client.last.payload.variables).toEqual({ conversationId: 'c', after: 'e0' });
  expect(client.last.payload.query).toContain('conversationEvents(');
});

it('a reconnect of the socket re-sends the payload with the cursor of the last event', () => {
  start();
  client.emit('e1');
  client.emit('e2');
  expect(JSON.parse(JSON.stringify(client.last.payload)).variables.after).toBe('e2');
});

it('a completed subscription is opened again after the last event, with back-off', async () => {
  start();
  client.emit('e1');
  client.last.sink.complete();
  expect(await passPause()).toBeGreaterThan(0);
  expect(client.last.after).toBe('e1');
});

it('after a fatal close it is tried again, with longer pauses each time', async () => {
  start();
  const waits: number[] = [];
  for (let i = 0; i < 6; i += 1) {
    client.last.sink.error({ code: 4500, reason: 'Internal server error' });
    waits.push(await passPause());
  }
  expect(client.opened).toHaveLength(7);
  expect(waits.at(-1)).toBeGreaterThan(2_000);
});

it('a listener that was too slow resumes at once', async () => {
  start();
  client.emit('e7');
  client.last.sink.error([{ message: 'too slow', extensions: { resumable: true } }]);
  expect(await passPause()).toBe(0);
  expect(client.last.after).toBe('e7');
  expect(refused).toEqual([]);
});

it('resumable errors without an event in between do not cause a hot loop', async () => {
  start();
  client.last.sink.error([{ message: 'too slow', extensions: { resumable: true } }]);
  expect(await passPause()).toBe(0);
  client.last.sink.error([{ message: 'too slow', extensions: { resumable: true } }]);
  expect(await passPause()).toBeGreaterThan(0);
});

it('an error within a result ends that subscription too', async () => {
  start();
  const first = client.last;
  first.sink.next({ errors: [{ message: 'too slow', extensions: { resumable: true } }] });
  expect(first.open).toBe(false);
  await passPause();
  expect(client.opened).toHaveLength(2);
});

it('a refusal is reported and ends it', () => {
  start();
  client.last.sink.error([{ message: 'gone', extensions: { code: 'NOT_FOUND' } }]);
  expect(refused).toHaveLength(1);
  expect(pauses).toHaveLength(0);
});

it('once stopped it delivers no events and does not subscribe again', async () => {
  const stop = start();
  const first = client.last;
  first.sink.complete();
  stop();
  first.sink.next({ data: { conversationEvents: { cursor: 'late' } } });
  await passPause();
  expect(client.opened).toHaveLength(1);
  expect(heard).toEqual([]);
});
