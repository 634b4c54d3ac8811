import { beforeEach, expect, test } from 'vitest';
import { DEFAULT_BOUNDS, EventBuffer, SlowListenerError } from '../../core/live/feed/event-buffer.ts';
import type { FeedEvent } from '../../core/live/feed/events.ts';
import { PushedResults } from './pushed-results.ts';

/** A subscription whose socket the test has, and a reader of its results such as graphql-ws. */
class Subscription {
  readonly buffer: EventBuffer;
  /** What the socket got, and from whom. */
  readonly written: string[] = [];
  /** How the reader ended. */
  readonly ended: Promise<unknown>;
  readonly results: PushedResults<string>;
  hasRoom = true;
  notify = () => {};

  constructor({ events = DEFAULT_BOUNDS.events } = {}) {
    this.buffer = new EventBuffer({ ...DEFAULT_BOUNDS, events }, () => {});
    this.results = new PushedResults<string>({
      results: executor(this.buffer),
      waiting: this.buffer,
      project: (event) => (event.type === 'TypingChanged' ? null : textOf(event)),
      hasRoom: (notify) => {
        this.notify = notify;
        return this.hasRoom;
      },
      write: (result) => this.written.push(result),
    });
    this.ended = this.#read().catch((error: unknown) => error);
  }

  async #read(): Promise<void> {
    for await (const result of this.results) {
      this.written.push(`executor ${result}`);
      await null;
    }
  }
}

function executor(buffer: EventBuffer): AsyncIterator<string> {
  return {
    next: async () => {
      const { value, done } = await buffer.next();
      return done ? { value: undefined, done } : { value: textOf(value), done: false };
    },
    return: async () => {
      await buffer.return();
      return { value: undefined, done: true };
    },
  };
}

function textOf(event: object): string {
  return 'text' in event ? String(event.text) : 'typing';
}

let seq = 0;
function nudge(text: string): FeedEvent {
  return { type: 'TypingNudge', text, epoch: 'e', seq: ++seq, at: 0 };
}
function word(text: string, offset: number): FeedEvent {
  return { type: 'TurnTextAdded', turnId: 't', text, offset, tokens: 1, epoch: 'e', seq: ++seq, at: 0 };
}
function typing(): FeedEvent {
  return { type: 'TypingChanged', typing: true, epoch: 'e', seq: ++seq, at: 0 };
}
/** Until nothing more happens by itself. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

let subscription: Subscription;
beforeEach(async () => {
  subscription = new Subscription();
  await settled();
});

test('an event is written in the call that publishes it', () => {
  subscription.buffer.push(nudge('one'));
  expect(subscription.written).toEqual(['one']);
});

test('events that the executor has to make are written in their place among the others', async () => {
  const { buffer, written } = subscription;
  for (const event of [nudge('one'), typing(), nudge('two'), typing(), typing(), nudge('three')])
    buffer.push(event);
  await settled();
  const made = 'executor typing';
  expect(written).toEqual(['one', made, 'two', made, made, 'three']);
  buffer.push(nudge('four'));
  expect(written.at(-1)).toBe('four');
});

test('while there is no room tokens are merged, and written when there is', () => {
  subscription.hasRoom = false;
  for (const [at, text] of ['a', 'b', 'c'].entries()) subscription.buffer.push(word(text, at));
  expect(subscription.written).toEqual([]);
  subscription.hasRoom = true;
  subscription.notify();
  expect(subscription.written).toEqual(['abc']);
});

test('a socket without room ends with SlowListenerError past the bounds of its buffer', async () => {
  subscription = new Subscription({ events: 3 });
  await settled();
  subscription.hasRoom = false;
  for (let n = 0; n < 4; n++) subscription.buffer.push(nudge(String(n)));
  expect(await subscription.ended).toBeInstanceOf(SlowListenerError);
  expect(subscription.written).toEqual([]);
});

test('what waits is written before the end', async () => {
  subscription.hasRoom = false;
  subscription.buffer.push(nudge('one'));
  subscription.buffer.end();
  subscription.hasRoom = true;
  subscription.notify();
  expect(await subscription.ended).toBeUndefined();
  expect(subscription.written).toEqual(['one']);
});

test('a long replay is written in parts, with turns of the event loop between them, in order', async () => {
  const events = Array.from({ length: 200 }, (_, n) => nudge(String(n)));
  subscription.hasRoom = false;
  subscription.buffer.replay(events);
  subscription.hasRoom = true;
  subscription.notify();
  expect(subscription.written.length).toBeLessThan(100);
  while (subscription.written.length < 200) await settled();
  expect(subscription.written).toEqual(events.map(textOf));
});

test('a subscription that is returned ends at once, and writes nothing more', async () => {
  const { results, buffer, written } = subscription;
  await results.return();
  expect(await subscription.ended).toBeUndefined();
  expect(buffer.ended).toBe(true);
  buffer.push(nudge('late'));
  subscription.notify();
  expect(written).toEqual([]);
});
