import { beforeEach, describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../../domain/errors.ts';
import { DEFAULT_BOUNDS } from './event-buffer.ts';
import type { FeedEvent, HeardEvent, Position } from './events.ts';
import { type FeedLog, type FeedTail, followFeed, type LiveListener } from './subscription.ts';

/** A log whose push and reads the test controls: a push may be lost, late, repeated, or arrive during a read. */
class ScriptedLog implements FeedLog {
  readonly events: FeedEvent[] = [];
  epoch = 'epoch-one';
  push: LiveListener = () => {};
  detached = false;
  fault: Error | null = null;
  /** Runs after a read has taken its events and before it returns. */
  duringRead: (() => void) | null = null;
  reads = 0;

  async attach(_conversationId: string, listener: LiveListener) {
    this.push = listener;
    return () => {
      this.detached = true;
    };
  }

  async read(_conversationId: string, after: Position | null): Promise<FeedTail> {
    this.reads += 1;
    if (this.fault) throw this.fault;
    const retained = after?.epoch === this.epoch && after.seq <= this.events.length;
    const tail = {
      epoch: this.epoch,
      seq: this.events.length,
      retained,
      events: retained ? this.events.slice(after.seq) : [],
      turn: null,
    };
    this.duringRead?.();
    this.duringRead = null;
    await Promise.resolve();
    return tail;
  }

  append(): FeedEvent {
    const seq = this.events.length + 1;
    const event: FeedEvent = { type: 'TypingNudge', text: `${seq}`, epoch: this.epoch, seq, at: 0 };
    this.events.push(event);
    return event;
  }

  say(): void {
    this.push(this.append());
  }
}

describe('following a log', () => {
  let log: ScriptedLog;
  let events: AsyncIterableIterator<HeardEvent>;
  beforeEach(() => {
    log = new ScriptedLog();
    follow({ epoch: log.epoch, seq: 0 });
  });

  function follow(after?: Position): void {
    events = followFeed(log, 'c', { after, bounds: DEFAULT_BOUNDS, now: () => 0 });
  }
  async function hear(count: number): Promise<number[]> {
    const heard: number[] = [];
    while (heard.length < count) heard.push((await events.next()).value.seq);
    return heard;
  }

  test('an event that is pushed during the first read is delivered, though nothing follows it', async () => {
    log.duringRead = () => log.say();
    follow({ epoch: log.epoch, seq: 0 });
    expect(await hear(1)).toEqual([1]);
  });

  test('an event that a read returned and a push repeats is delivered once', async () => {
    const first = log.append();
    follow({ epoch: log.epoch, seq: 0 });
    expect(await hear(1)).toEqual([1]);
    log.push(first);
    log.say();
    expect(await hear(1)).toEqual([2]);
  });

  test('a gap in the push is filled from the log, in order', async () => {
    log.say();
    expect(await hear(1)).toEqual([1]);
    log.append();
    log.append();
    log.say();
    expect(await hear(3)).toEqual([2, 3, 4]);
  });

  test('after a push of null it delivers what was not pushed', async () => {
    log.say();
    expect(await hear(1)).toEqual([1]);
    log.append();
    log.push(null);
    expect(await hear(1)).toEqual([2]);
  });

  test('without a gap it reads once', async () => {
    for (let i = 0; i < 5; i++) log.say();
    await hear(5);
    for (let i = 0; i < 5; i++) log.say();
    await hear(5);
    expect(log.reads).toBeLessThanOrEqual(2);
  });

  test('another epoch gives one FeedReset, then live', async () => {
    log.say();
    await hear(1);
    log.epoch = 'epoch-two';
    log.events.length = 0;
    log.say();
    expect((await events.next()).value).toMatchObject({ type: 'FeedReset', epoch: 'epoch-two', seq: 1 });
    log.say();
    expect((await events.next()).value).toMatchObject({ type: 'TypingNudge', epoch: 'epoch-two', seq: 2 });
  });

  test('a store that is unavailable at the start ends it with StoreUnavailableError', async () => {
    log.fault = new StoreUnavailableError('unavailable');
    follow();
    await expect(events.next()).rejects.toBe(log.fault);
    expect(log.detached).toBe(true);
  });

  test('a store that becomes unavailable later is retried', async () => {
    log.say();
    await hear(1);
    log.fault = new StoreUnavailableError('unavailable');
    log.append();
    log.push(null);
    await Promise.resolve();
    // Nothing announces its return.
    log.fault = null;
    expect(await hear(1)).toEqual([2]);
  });

  test('it detaches when the iterator is returned', async () => {
    log.say();
    await hear(1);
    await events.return?.();
    expect(log.detached).toBe(true);
  });
});
