import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { BufferBounds } from '../../../core/live/feed/event-buffer.ts';
import type { FeedEventBody, HeardEvent, LooseEventBody, Position } from '../../../core/live/feed/events.ts';
import type {
  AdvanceTarget,
  Feed,
  FeedEntry,
  FeedRetention,
  TurnEnding,
} from '../../../core/live/feed/feed.ts';
import { Listener, type Reads } from '../../../core/live/feed/listener.ts';
import type { Reconcile } from '../../../core/live/feed/reconciled.ts';
import { begin, close, interrupt, opened, publish } from '../feed-steps.ts';

export interface FeedUnderTest {
  feed: Feed;
  /** Lets the age of the retention pass, as if this much time had passed. */
  age(ms: number): Promise<void>;
  /** Makes the store lose all data of the conversation. */
  lose(conversationId: string): Promise<void>;
  stop(): Promise<void>;
}

export interface FeedTestOptions {
  retention?: Partial<FeedRetention>;
  bounds?: Partial<BufferBounds>;
  /** Reconciles a lost feed with its row; by default there is no row. */
  reconcile?: Reconcile;
}

/** The contract suite of every adapter of the feed. */
export function describeFeed(
  adapter: string,
  create: (options: FeedTestOptions) => Promise<FeedUnderTest>,
  reads: Reads = 'asks',
): void {
  describe(`feed contract: ${adapter}, of a listener that ${reads}`, () => {
    let under: FeedUnderTest;
    let feed: Feed;
    let conversation: string;
    const listeners: Listener[] = [];

    async function use(options: FeedTestOptions): Promise<void> {
      await under?.stop();
      under = await create(options);
      feed = under.feed;
      await feed.begin(conversation);
    }
    /** Hears all events from now on. */
    async function listenNow(): Promise<Listener> {
      return listen(await feed.state(conversation));
    }
    function listen(after?: Position): Listener {
      const listener = new Listener(feed, conversation, after, reads);
      listeners.push(listener);
      return listener;
    }

    beforeEach(async () => {
      conversation = uuidv7();
      under = await create({});
      feed = under.feed;
      await feed.begin(conversation);
    });
    afterEach(async () => {
      for (const listener of listeners.splice(0)) listener.stop();
      await under.stop();
    });

    describe('order and exactly once', () => {
      test('events are numbered from 1 without gaps, in one epoch', async () => {
        const listener = await listenNow();
        const turn = await opened(feed, conversation, newTurn(), [message('hi')]);
        await feed.speak(conversation, turn, 'Hello ', 1);
        await feed.append(conversation, [title('amid the turn')]);
        await close(feed, conversation, turn, DONE);
        const heard = await listener.take(5);
        expect(heard.map((e) => e.type)).toEqual([
          'MessageAdded',
          'TurnStarted',
          'TurnTextAdded',
          'TypingNudge',
          'TurnCompleted',
        ]);
        expect(heard.map((e) => e.seq)).toEqual([1, 2, 3, 4, 5]);
        expect(new Set(heard.map((e) => e.epoch)).size).toBe(1);
      });

      test('[P-10] every listener hears the same events', async () => {
        const [one, two] = [await listenNow(), await listenNow()];
        await feed.append(conversation, [title('a'), title('b')]);
        expect(await one.take(2)).toEqual(await two.take(2));
      });

      test('the events of one conversation are not heard in another', async () => {
        const listener = await listenNow();
        await feed.append(uuidv7(), [title('elsewhere')]);
        await feed.append(conversation, [title('here')]);
        expect(await listener.take(1)).toMatchObject([{ type: 'TypingNudge', text: 'here' }]);
      });

      test('[P-12] a listener that resumes after a cursor hears each later event once, then live', async () => {
        const first = await feed.append(conversation, [title('1')]);
        await feed.append(conversation, [title('2'), title('3')]);
        const listener = listen(first);
        expect(titles(await listener.take(2))).toEqual(['2', '3']);
        await feed.append(conversation, [title('4')]);
        expect(titles(await listener.take(1))).toEqual(['4']);
      });

      test('[P-12] an event published between the attachment and the replay is delivered once', async () => {
        const first = await feed.append(conversation, [title('0')]);
        const listener = listen(first);
        const appended: Promise<Position>[] = [];
        for (let i = 1; i <= 50; i++) appended.push(feed.append(conversation, [title(String(i))]));
        await Promise.all(appended);
        expect(titles(await listener.take(50))).toEqual(Array.from({ length: 50 }, (_, i) => String(i + 1)));
      });

      test('listening after the position of a state neither misses nor repeats an event', async () => {
        const before = await feed.state(conversation);
        await feed.append(conversation, [title('next')]);
        expect(titles(await listen(before).take(1))).toEqual(['next']);
      });

      test('a run of tokens is replayed as one, with the offset of its first', async () => {
        const turn = await opened(feed, conversation, newTurn());
        for (const word of ['One ', 'two ', '😀 ', 'four']) await feed.speak(conversation, turn, word, 1);
        const [token] = await listen({ epoch: turn.epoch, seq: turn.startSeq }).take(1);
        expect(token).toMatchObject({
          type: 'TurnTextAdded',
          text: 'One two 😀 four',
          offset: 0,
          tokens: 4,
          seq: turn.startSeq + 4,
        });
        const [rest] = await listen({ epoch: turn.epoch, seq: turn.startSeq + 3 }).take(1);
        expect(rest).toMatchObject({ type: 'TurnTextAdded', text: 'four', offset: 'One two 😀 '.length });
      });

      test('[P-33] TurnThinking is heard in order, and does not change the text of its turn', async () => {
        const listener = await listenNow();
        const turn = await opened(feed, conversation, newTurn());
        expect(await feed.think(conversation, turn, 0)).toBe('published');
        await feed.speak(conversation, turn, 'Well, ', 1);
        expect(await feed.think(conversation, turn, 1.25)).toBe('published');
        await feed.speak(conversation, turn, 'yes', 1);
        expect(await close(feed, conversation, turn, DONE)).toEqual({
          outcome: 'closed',
          text: 'Well, yes',
          tokens: 2,
        });
        expect(await listener.take(6)).toMatchObject([
          { type: 'TurnStarted', seq: 1 },
          { type: 'TurnThinking', turnId: turn.id, seconds: 0, seq: 2 },
          { type: 'TurnTextAdded', offset: 0, seq: 3 },
          { type: 'TurnThinking', turnId: turn.id, seconds: 1.25, seq: 4 },
          { type: 'TurnTextAdded', offset: 'Well, '.length, seq: 5 },
          { type: 'TurnCompleted', text: 'Well, yes', seq: 6 },
        ]);
      });

      test('of a run of TurnThinking only the newest is replayed, at its own cursor', async () => {
        const turn = await opened(feed, conversation, newTurn());
        for (const seconds of [0, 1, 2]) await feed.think(conversation, turn, seconds);
        await feed.speak(conversation, turn, 'So', 1);
        await feed.think(conversation, turn, 0);
        const heard = await listen({ epoch: turn.epoch, seq: turn.startSeq }).take(3);
        expect(heard).toMatchObject([
          { type: 'TurnThinking', seconds: 2, seq: turn.startSeq + 3 },
          { type: 'TurnTextAdded', text: 'So', seq: turn.startSeq + 4 },
          { type: 'TurnThinking', seconds: 0, seq: turn.startSeq + 5 },
        ]);
        const [rest] = await listen({ epoch: turn.epoch, seq: turn.startSeq + 3 }).take(1);
        expect(rest).toMatchObject({ type: 'TurnTextAdded', seq: turn.startSeq + 4 });
      });

      test('[P-22] any text arrives unchanged', async () => {
        const turn = await opened(feed, conversation, newTurn());
        const text = '{"json":"\\"} \u0000 \u2028 नमस्ते 👩‍👩‍👧 \n]]> \\u0041 %s';
        await feed.speak(conversation, turn, text, 1);
        expect(await close(feed, conversation, turn, DONE)).toEqual({ outcome: 'closed', text, tokens: 1 });
        const [token, done] = await listen({ epoch: turn.epoch, seq: turn.startSeq }).take(2);
        expect(token).toMatchObject({ text });
        expect(done).toMatchObject({ type: 'TurnCompleted', text });
      });
    });

    describe('without a cursor', () => {
      test('[P-13] the turn being spoken is heard from its start, then live', async () => {
        const turn = await opened(feed, conversation, newTurn(), [message('q')]);
        await feed.speak(conversation, turn, 'So ', 1);
        await feed.speak(conversation, turn, 'far', 1);
        const listener = listen();
        expect(await listener.take(2)).toMatchObject([
          { type: 'TurnStarted', turnId: turn.id },
          { type: 'TurnTextAdded', text: 'So far', offset: 0 },
        ]);
        await feed.speak(conversation, turn, ' so good', 1);
        expect(await listener.take(1)).toMatchObject([
          { type: 'TurnTextAdded', text: ' so good', offset: 6 },
        ]);
      });

      test('of a turn whose model thinks, the start is heard, then the next TurnThinking', async () => {
        const turn = await opened(feed, conversation, newTurn());
        await feed.think(conversation, turn, 3);
        const listener = listen();
        expect(await listener.take(1)).toMatchObject([{ type: 'TurnStarted', turnId: turn.id }]);
        await feed.think(conversation, turn, 4);
        expect(await listener.take(1)).toMatchObject([{ type: 'TurnThinking', seconds: 4 }]);
      });

      test('[P-13] what ended before is not repeated', async () => {
        const turn = await opened(feed, conversation, newTurn());
        await close(feed, conversation, turn, DONE);
        const listener = listen();
        let heard: HeardEvent[] | null = null;
        const first = listener.take(1).then((events) => {
          heard = events;
          return events;
        });
        // The moment at which a listener is attached is not visible from outside; it does not hear events before that.
        while (!heard) await feed.append(conversation, [title('live')]);
        expect(titles(await first)).toEqual(['live']);
      });
    });

    describe('the fence', () => {
      test('a turn is opened once; opening it again is idempotent', async () => {
        const turn = await opened(feed, conversation, newTurn());
        await feed.speak(conversation, turn, 'x', 1);
        const again = await begin(feed, conversation, newTurn(turn.id));
        expect(again).toMatchObject({ turn: { id: turn.id, text: 'x', ending: null } });
        expect((await feed.state(conversation)).seq).toBe(turn.startSeq + 1);
      });

      test('a turn that has ended does not open again', async () => {
        const turn = await opened(feed, conversation, newTurn());
        await close(feed, conversation, turn, DONE);
        expect(await begin(feed, conversation, newTurn(turn.id))).toMatchObject({ turn: null });
      });

      test('a turn that the row has interrupted is held until its end is published, and nothing is appended to it', async () => {
        const turn = await opened(feed, conversation, newTurn());
        await feed.speak(conversation, turn, 'Half', 1);
        const next = newTurn();
        const cut = { ...NOTHING, pending: next, last: next.id, over: [turn.id], entries: [unfilled(1)] };
        const advanced = await feed.advance(conversation, cut);
        expect(advanced).toMatchObject({ turn: { id: turn.id, text: 'Half', ending: { type: 'cut' } } });
        expect(await feed.speak(conversation, turn, ' more', 1)).toBe('fenced');
        expect(await feed.finish(conversation, turn, DONE)).toBe('fenced');
        expect(await feed.claim(conversation, turn.id)).toBeNull();
        expect(await feed.advance(conversation, cut)).toEqual(advanced);
        expect((await feed.state(conversation)).turn).toMatchObject({ id: turn.id, text: 'Half' });
        const listener = listen();
        expect(await listener.take(2)).toMatchObject([{ type: 'TurnStarted' }, { text: 'Half' }]);
        const filled = { n: 1, ends: turn.id, events: [message('the end')] };
        expect(await feed.advance(conversation, { ...cut, over: [], entries: [filled] })).toMatchObject({
          turn: { id: next.id, ending: null },
          before: 0,
          published: 1,
        });
        expect(types(await listener.take(2))).toEqual(['MessageAdded', 'TurnStarted']);
      });

      test('a row that is older than the feed does not interrupt a newer turn', async () => {
        const old = uuidv7();
        const turn = await opened(feed, conversation, newTurn());
        expect(await feed.advance(conversation, { ...NOTHING, last: old })).toMatchObject({
          turn: { id: turn.id, ending: null },
        });
      });

      test('a turn that was interrupted before it began never opens, nor does one that is older than a pending one', async () => {
        const [first, second, third] = [newTurn(), newTurn(), newTurn()];
        await feed.advance(conversation, { ...NOTHING, last: second.id, over: [second.id] });
        expect(await begin(feed, conversation, first)).toMatchObject({ turn: null });
        expect(await begin(feed, conversation, second)).toMatchObject({ turn: null });
        expect(await begin(feed, conversation, third)).toMatchObject({ turn: { id: third.id } });
      });

      test('a turn whose end is published never opens, also where the feed has lost its start', async () => {
        const turn = newTurn();
        const entries = [{ n: 1, ends: turn.id, events: [title('the end')] }];
        await feed.advance(conversation, { ...NOTHING, last: turn.id, entries });
        expect(await begin(feed, conversation, turn)).toMatchObject({ turn: null });
      });

      test('entries that are published by the row are not published again to a feed that has lost them', async () => {
        const { seq } = await feed.state(conversation);
        await feed.advance(conversation, { ...NOTHING, published: 2 });
        const entries = [1, 2, 3].map((n) => ({ n, events: [title(String(n))] }));
        expect(await feed.advance(conversation, { ...NOTHING, entries })).toMatchObject({
          before: 2,
          published: 3,
        });
        expect((await feed.state(conversation)).seq).toBe(seq + 1);
      });

      test('the start of a turn that never began is published with its end, unless the feed holds it', async () => {
        for (const isHeld of [false, true]) {
          const listener = await listenNow();
          const turn = newTurn();
          if (isHeld) await begin(feed, conversation, turn);
          const started = { type: 'TurnStarted' as const, turnId: turn.id, cause: turn.cause, model: 'm' };
          const entries = [{ n: isHeld ? 2 : 1, ends: turn.id, events: [started, title('the end')] }];
          await feed.advance(conversation, { ...NOTHING, last: turn.id, entries });
          expect(types(await listener.take(2))).toEqual(['TurnStarted', 'TypingNudge']);
          expect((await feed.state(conversation)).turn).toBeNull();
        }
      });

      test('the end of a turn without events is published only where the feed holds the turn', async () => {
        for (const isHeld of [false, true]) {
          const { seq } = await feed.state(conversation);
          const turn = newTurn();
          if (isHeld) await begin(feed, conversation, turn);
          const entry = { ends: turn.id, isQuiet: true, events: [title('the end')] };
          const entries = [{ n: isHeld ? 2 : 1, ...entry }];
          expect(await feed.advance(conversation, { ...NOTHING, last: turn.id, entries })).toMatchObject({
            turn: null,
            published: isHeld ? 2 : 1,
          });
          expect((await feed.state(conversation)).seq).toBe(seq + (isHeld ? 2 : 0));
        }
      });

      test('entries are published once and in order, up to the first that is not filled', async () => {
        const listener = await listenNow();
        const [one, two, three] = ['1', '2', '3'].map((text, at) => ({ n: at + 1, events: [title(text)] }));
        if (!one || !two || !three) throw new Error('none');
        const open = unfilled(2);
        const target = { ...NOTHING, pending: newTurn(), entries: [one, open, three] };
        expect(await feed.advance(conversation, target)).toMatchObject({
          before: 0,
          published: 1,
          turn: null,
        });
        expect(await feed.advance(conversation, target)).toMatchObject({
          before: 1,
          published: 1,
          turn: null,
        });
        const filled = { ...target, entries: [one, two, three] };
        expect(await feed.advance(conversation, filled)).toMatchObject({
          published: 3,
          turn: target.pending,
        });
        await feed.advance(conversation, filled);
        await feed.advance(conversation, { ...NOTHING, entries: [{ n: 4, events: [title('4')] }] });
        expect(titles((await listener.take(5)).filter(({ type }) => type === 'TypingNudge'))).toEqual([
          ...['1', '2', '3', '4'],
        ]);
      });

      test('a turn that its speaker has finished is held, with its ending, until the end is published', async () => {
        const turn = await opened(feed, conversation, newTurn());
        await feed.speak(conversation, turn, 'All', 1);
        expect(await feed.finish(conversation, turn, { ...DONE, isTruncated: true })).toBe('finished');
        expect(await feed.finish(conversation, turn, DONE)).toBe('fenced');
        expect(await feed.speak(conversation, turn, '!', 1)).toBe('fenced');
        const { seq, turn: held } = await feed.state(conversation);
        expect({ seq, held }).toMatchObject({
          seq: turn.startSeq + 1,
          held: { id: turn.id, text: 'All', ending: { type: 'TurnCompleted', isTruncated: true } },
        });
        expect(await begin(feed, conversation, newTurn())).toMatchObject({ turn: { id: turn.id } });
      });

      test('a held turn that the row has ended and published is dropped, and its listeners hear a FeedReset', async () => {
        const turn = await opened(feed, conversation, newTurn());
        const listener = await listenNow();
        const drops = turn.id;
        const isHeld = { turn: { id: turn.id } };
        expect(await feed.advance(conversation, { ...NOTHING, drops })).toMatchObject(isHeld);
        await feed.finish(conversation, turn, DONE);
        expect(await feed.advance(conversation, { ...NOTHING, drops: uuidv7() })).toMatchObject(isHeld);
        expect(await feed.advance(conversation, { ...NOTHING, drops })).toMatchObject({ turn: null });
        expect(types(await listener.take(1))).toEqual(['FeedReset']);
        expect(await begin(feed, conversation, { ...newTurn(turn.id) })).toMatchObject({ turn: null });
      });

      test('a reset begins a new epoch, and every listener hears it', async () => {
        const turn = await opened(feed, conversation, newTurn());
        await feed.speak(conversation, turn, 'Half', 1);
        const listener = await listenNow();
        await feed.advance(conversation, { ...NOTHING, entries: [{ n: 1, events: [], resets: true }] });
        const pending = { ...newTurn(turn.id) };
        await feed.advance(conversation, { ...NOTHING, pending, last: turn.id });
        const [reset, started] = await listener.take(2);
        expect([reset?.type, started?.type]).toEqual(['FeedReset', 'TurnStarted']);
        expect(reset?.epoch).not.toBe(turn.epoch);
        expect(await feed.speak(conversation, turn, '!', 1)).toBe('lost');
        const taken = await feed.claim(conversation, turn.id, turn);
        expect(taken).toMatchObject({ text: 'Half', fencingToken: 1 });
      });

      test('nothing is heard of a deleted conversation', async () => {
        const turn = await opened(feed, conversation, newTurn());
        await feed.remove(conversation);
        expect(await feed.advance(conversation, { ...NOTHING, pending: newTurn() })).toEqual({ gone: true });
        await feed.append(conversation, [title('late')]);
        expect(await feed.speak(conversation, turn, 'late', 1)).toBe('lost');
        expect(await feed.claim(conversation, turn.id)).toBeNull();
        expect(await feed.state(conversation)).toMatchObject({ seq: 0, turn: null });
      });

      test('[P-31] an older turn is superseded by a newer one: its message is added, it does not open', async () => {
        const older = newTurn();
        const newer = await opened(feed, conversation, newTurn());
        const { seq } = await feed.state(conversation);
        await begin(feed, conversation, older, [message('late')]);
        expect(await listen({ epoch: newer.epoch, seq }).take(1)).toMatchObject([{ type: 'MessageAdded' }]);
        expect((await feed.state(conversation)).turn?.id).toBe(newer.id);
      });

      test('a turn that another speaker has claimed is fenced for the previous speaker', async () => {
        const first = await feed.claim(conversation, (await opened(feed, conversation, newTurn())).id);
        if (!first) throw new Error('not open');
        await feed.speak(conversation, first, 'Half', 1);
        const second = await feed.claim(conversation, first.id);
        expect(second).toMatchObject({ id: first.id, text: 'Half', tokens: 1 });
        expect(await feed.speak(conversation, first, 'Half', 1)).toBe('fenced');
        expect(await feed.think(conversation, first, 1)).toBe('fenced');
        expect(await close(feed, conversation, first, DONE)).toEqual({ outcome: 'fenced' });
        expect(second && (await feed.think(conversation, second, 1))).toBe('published');
        expect(second && (await feed.speak(conversation, second, ' and half', 1))).toBe('spoken');
      });

      test('a speaker that lost the turn cannot take it back by claiming it as its own', async () => {
        const { id } = await opened(feed, conversation, newTurn());
        const first = await feed.claim(conversation, id);
        const second = first && (await feed.claim(conversation, id, first));
        if (!first || !second) throw new Error('not claimed');
        expect(await feed.claim(conversation, id, first)).toBeNull();
        expect(await feed.speak(conversation, second, 'on', 1)).toBe('spoken');
        await under.lose(conversation);
        await begin(feed, conversation, newTurn(id));
        const third = await feed.claim(conversation, id, second);
        expect(third).toMatchObject({ id, fencingToken: 1 });
        expect(await feed.claim(conversation, id, second)).toBeNull();
      });

      test('a turn that is not open cannot be claimed', async () => {
        const turn = await opened(feed, conversation, newTurn());
        await interrupt(feed, conversation, 'CANCELLED');
        expect(await feed.claim(conversation, turn.id)).toBeNull();
      });

      test('of many turns that begin at once exactly one opens first', async () => {
        const outcomes = await Promise.all(
          Array.from({ length: 20 }, () => begin(feed, conversation, newTurn())),
        );
        expect(new Set(outcomes.map((one) => (one.gone ? null : one.turn?.id))).size).toBe(1);
      });

      test('[P-21] an interruption returns exactly what was spoken, and no token is appended after it', async () => {
        const turn = await opened(feed, conversation, newTurn());
        await feed.speak(conversation, turn, 'I was say', 2);
        expect(await interrupt(feed, conversation, 'USER_MESSAGE')).toMatchObject({
          id: turn.id,
          cause: 'USER_MESSAGE',
          model: 'm',
          text: 'I was say',
          tokens: 2,
        });
        expect(await feed.speak(conversation, turn, 'ing', 1)).toBe('fenced');
        expect(await feed.think(conversation, turn, 1)).toBe('fenced');
        expect(await close(feed, conversation, turn, DONE)).toEqual({ outcome: 'fenced' });
        const heard = await listen({ epoch: turn.epoch, seq: turn.startSeq }).take(2);
        expect(heard[1]).toMatchObject({
          type: 'TurnInterrupted',
          text: 'I was say',
          tokens: 2,
          reason: 'USER_MESSAGE',
        });
        expect((await feed.state(conversation)).seq).toBe(turn.startSeq + 2);
      });

      test('an interruption without an open turn has no effect', async () => {
        const { seq } = await feed.state(conversation);
        expect(await interrupt(feed, conversation, 'CANCELLED')).toBeNull();
        expect((await feed.state(conversation)).seq).toBe(seq);
      });

      test('an interruption of one turn does not affect another', async () => {
        const turn = await opened(feed, conversation, newTurn());
        expect(await interrupt(feed, conversation, 'CANCELLED', { turnId: uuidv7() })).toBeNull();
        expect(await interrupt(feed, conversation, 'CANCELLED', { turnId: turn.id })).toMatchObject({
          id: turn.id,
        });
      });

      test('[P-21] of concurrent interruptions and a close exactly one ends the turn', async () => {
        const turn = await opened(feed, conversation, newTurn());
        const [closed, ...interrupted] = await Promise.all([
          close(feed, conversation, turn, DONE),
          interrupt(feed, conversation, 'CANCELLED'),
          interrupt(feed, conversation, 'USER_MESSAGE'),
        ]);
        const ends = [closed.outcome === 'closed', ...interrupted.map((turn) => turn !== null)];
        expect(ends.filter(Boolean)).toHaveLength(1);
        expect((await feed.state(conversation)).seq).toBe(turn.startSeq + 1);
      });

      test('a watcher of a turn is notified once, when the turn is interrupted', async () => {
        const turn = await opened(feed, conversation, newTurn());
        let notified = 0;
        const fenced = new Promise<void>((resolve) => {
          const onFenced = () => {
            notified += 1;
            resolve();
          };
          void feed.watchTurn(conversation, turn.id, { onFenced, onLost: neverCalled });
        });
        await feed.speak(conversation, turn, 'x', 1);
        expect(notified).toBe(0);
        await interrupt(feed, conversation, 'CANCELLED');
        await fenced;
        await interrupt(feed, conversation, 'CANCELLED');
        expect(notified).toBe(1);
      });

      test('a watcher of a turn that has ended, or that a newer one followed, is notified at once', async () => {
        const [first, second] = [await opened(feed, conversation, newTurn()), uuidv7()];
        await interrupt(feed, conversation, 'CANCELLED');
        await new Promise<void>(
          (onFenced) => void feed.watchTurn(conversation, first.id, { onFenced, onLost: neverCalled }),
        );
        await opened(feed, conversation, newTurn());
        await new Promise<void>(
          (onFenced) => void feed.watchTurn(conversation, second, { onFenced, onLost: neverCalled }),
        );
      });

      test('a watcher of a turn that the feed does not know is notified that it is lost, not that it is over', async () => {
        await new Promise<void>(
          (onLost) => void feed.watchTurn(conversation, uuidv7(), { onLost, onFenced: neverCalled }),
        );
      });
    });

    test('notifies the speaker of a turn, and no other, that the row says something new', async () => {
      const turn = await opened(feed, conversation, newTurn());
      const watch = (id: string, onRowChanged: () => void) =>
        feed.watchTurn(conversation, id, { onFenced: neverCalled, onLost: () => {}, onRowChanged });
      await watch(uuidv7(), neverCalled);
      await new Promise<void>((resolve, reject) => {
        watch(turn.id, resolve)
          .then(() => feed.notifySpeaker(conversation, uuidv7()))
          .then(() => feed.notifySpeaker(conversation, turn.id))
          .catch(reject);
      });
      expect(await feed.speak(conversation, turn, 'x', 1)).toBe('spoken');
    });

    describe('fast forward', () => {
      /** Watches a turn; `calls` are the times that it was fast-forwarded. */
      function watch(turnId: string) {
        let calls = 0;
        let notify = () => {};
        const notified = new Promise<void>((resolve) => {
          notify = resolve;
        });
        const onFastForward = () => {
          calls += 1;
          notify();
        };
        const watcher = { onFenced: neverCalled, onLost: neverCalled, onFastForward };
        return { watching: feed.watchTurn(conversation, turnId, watcher), notified, calls: () => calls };
      }

      test('[P-98] notifies the speaker, and who claims the turn later finds it', async () => {
        const turn = await opened(feed, conversation, newTurn());
        const speaker = watch(turn.id);
        await speaker.watching;
        await feed.speak(conversation, turn, 'x', 1);
        expect(speaker.calls()).toBe(0);
        await feed.fastForward(conversation, turn.id);
        await speaker.notified;
        expect(await feed.speak(conversation, turn, 'y', 1)).toBe('spoken');
        expect(await feed.claim(conversation, turn.id)).toMatchObject({ text: 'xy', isFastForwarded: true });
      });

      test('is found by who watches the turn after it', async () => {
        const turn = await opened(feed, conversation, newTurn());
        await feed.fastForward(conversation, turn.id);
        const speaker = watch(turn.id);
        await speaker.watching;
        await speaker.notified;
      });

      test('is idempotent, and publishes nothing', async () => {
        const turn = await opened(feed, conversation, newTurn());
        const before = await feed.state(conversation);
        await feed.fastForward(conversation, turn.id);
        await feed.fastForward(conversation, turn.id);
        const { turn: held, ...position } = await feed.state(conversation);
        expect(position).toEqual({ epoch: before.epoch, seq: before.seq });
        expect(held).toMatchObject({ id: turn.id, fencingToken: turn.fencingToken, text: '', ending: null });
      });

      test('has no effect on another turn, one that has ended, or the one after it', async () => {
        await feed.fastForward(conversation, uuidv7());
        const first = await opened(feed, conversation, newTurn());
        await feed.fastForward(conversation, uuidv7());
        expect((await feed.state(conversation)).turn).not.toHaveProperty('isFastForwarded');
        await feed.fastForward(conversation, first.id);
        await close(feed, conversation, first, DONE);
        await feed.fastForward(conversation, first.id);
        const second = await opened(feed, conversation, newTurn());
        expect(second).not.toHaveProperty('isFastForwarded');
        expect(await feed.claim(conversation, second.id)).not.toHaveProperty('isFastForwarded');
      });
    });

    describe('retention', () => {
      test('[P-14] a cursor older than the retention gives one FeedReset, then live', async () => {
        await use({ retention: { events: 10 } });
        const first = await feed.append(conversation, [title('0')]);
        for (let i = 1; i <= 200; i++) await feed.append(conversation, [title(String(i))]);
        const listener = listen(first);
        const [reset] = await listener.take(1);
        expect(reset).toMatchObject({ type: 'FeedReset', seq: 201 });
        await feed.append(conversation, [title('live')]);
        expect(titles(await listener.take(1))).toEqual(['live']);
      });

      test('[P-14] after a FeedReset the open turn is heard from its start, though its tokens are no longer kept', async () => {
        await use({ retention: { events: 10 } });
        const first = await feed.append(conversation, [title('0')]);
        const turn = await opened(feed, conversation, newTurn());
        for (let i = 0; i < 200; i++) await feed.speak(conversation, turn, `${i} `, 1);
        const text = Array.from({ length: 200 }, (_, i) => `${i} `).join('');
        const listener = listen(first);
        expect(await listener.take(3)).toMatchObject([
          { type: 'FeedReset', seq: turn.startSeq - 1 },
          { type: 'TurnStarted', turnId: turn.id },
          { type: 'TurnTextAdded', text, offset: 0, tokens: 200 },
        ]);
        await feed.speak(conversation, turn, 'on', 1);
        expect(await listener.take(1)).toMatchObject([
          { type: 'TurnTextAdded', text: 'on', offset: text.length },
        ]);
      });

      test('events are kept up to the limit of their text, the newest one always', async () => {
        await use({ retention: { bytes: 20_000 } });
        const long = 'x'.repeat(1_000);
        const positions: Position[] = [];
        for (let i = 0; i < 60; i++) positions.push(await publish(feed, conversation, [message(long)]));
        const [old, recent] = [positions[10] as Position, positions[54] as Position];
        expect(await listen(old).take(1)).toMatchObject([{ type: 'FeedReset' }]);
        expect((await listen(recent).take(5)).map(({ seq }) => seq)).toEqual([56, 57, 58, 59, 60]);
        const before = await feed.append(conversation, [title('small')]);
        await publish(feed, conversation, [message('x'.repeat(30_000))]);
        expect(await listen(before).take(1)).toMatchObject([{ type: 'MessageAdded' }]);
      });

      test('many small events are kept up to the limit', async () => {
        await use({ retention: { bytes: 20_000 } });
        const turn = await opened(feed, conversation, newTurn());
        for (let i = 0; i < 1_000; i++) await feed.speak(conversation, turn, `${i} `, 1);
        const { epoch, seq } = await feed.state(conversation);
        expect(await listen({ epoch, seq: seq - 300 }).take(1)).toMatchObject([{ type: 'FeedReset' }]);
        expect(await listen({ epoch, seq: seq - 40 }).take(1)).toMatchObject([
          { type: 'TurnTextAdded', tokens: 40 },
        ]);
      });

      test('[P-14] a cursor beyond the end, or of another epoch, gives a FeedReset', async () => {
        const { epoch, seq } = await feed.append(conversation, [title('0')]);
        expect(await listen({ epoch, seq: seq + 5 }).take(1)).toMatchObject([
          { type: 'FeedReset', epoch, seq },
        ]);
        expect(await listen({ epoch: 'another-epoch', seq }).take(1)).toMatchObject([
          { type: 'FeedReset', epoch, seq },
        ]);
      });

      test('a feed without events for longer than its age begins again in another epoch', async () => {
        await use({ retention: { ageMs: 1_000 } });
        const before = await feed.append(conversation, [title('0')]);
        await under.age(1_100);
        const after = await feed.state(conversation);
        expect(after.epoch).not.toBe(before.epoch);
        expect(await listen(before).take(1)).toMatchObject([{ type: 'FeedReset', epoch: after.epoch }]);
      });

      test('the speaker of a lost feed gets `lost`, and its turn goes on in the new feed after what it had said', async () => {
        const turn = await opened(feed, conversation, newTurn());
        await feed.speak(conversation, turn, 'Half of ', 2);
        await under.lose(conversation);
        const listener = listen({ epoch: turn.epoch, seq: turn.startSeq });
        expect(await listener.take(1)).toMatchObject([{ type: 'FeedReset' }]);
        expect(await feed.speak(conversation, turn, 'it', 1)).toBe('lost');
        expect(await feed.think(conversation, turn, 1)).toBe('lost');
        expect(await close(feed, conversation, turn, DONE)).toEqual({ outcome: 'lost' });
        const spoken = { text: 'Half of ', tokens: 2 };
        const again = await opened(feed, conversation, { ...newTurn(turn.id), spoken });
        expect(again.epoch).not.toBe(turn.epoch);
        expect(await feed.speak(conversation, again, 'it', 1)).toBe('spoken');
        expect(
          joined(
            await listener.takeUntil((e) => e.type === 'TurnTextAdded' && e.text.endsWith('it')),
            turn.id,
          ),
        ).toBe('Half of it');
      });
    });

    describe('listeners', () => {
      test('return() ends a listener immediately, also while it waits', async () => {
        const events = feed.subscribe(conversation, {});
        const next = events.next();
        await events.return?.();
        expect(await next).toEqual({ value: undefined, done: true });
      });

      test('a listener that does not read has its waiting tokens merged, and misses nothing', async () => {
        await use({ bounds: { events: 5 } });
        const listener = await listenNow();
        const turn = await opened(feed, conversation, newTurn());
        await listener.take(1);
        listener.pause();
        for (let i = 0; i < 100; i++) await feed.speak(conversation, turn, `${i} `, 1);
        await close(feed, conversation, turn, DONE);
        listener.go();
        const heard = await listener.takeUntil((e) => e.type === 'TurnCompleted');
        expect(heard.length).toBeLessThan(10);
        expect(joined(heard, turn.id)).toBe(Array.from({ length: 100 }, (_, i) => `${i} `).join(''));
      });

      test('a listener that does not read keeps only the newest TurnThinking, and is not ended because of many', async () => {
        await use({ bounds: { events: 5 } });
        const listener = await listenNow();
        const turn = await opened(feed, conversation, newTurn());
        await listener.take(1);
        listener.pause();
        for (let seconds = 0; seconds < 100; seconds++) await feed.think(conversation, turn, seconds);
        await close(feed, conversation, turn, DONE);
        listener.go();
        const heard = await listener.takeUntil((e) => e.type === 'TurnCompleted');
        expect(heard.length).toBeLessThan(10);
        expect(heard.at(-2)).toMatchObject({ type: 'TurnThinking', seconds: 99 });
      });

      test('[P-16] beyond its limits a listener ends with SlowListenerError and can resume, without an effect on others', async () => {
        await use({ bounds: { events: 5 } });
        const [slow, other] = [await listenNow(), await listenNow()];
        await feed.append(conversation, [title('0')]);
        const [first] = await slow.take(1);
        slow.pause();
        for (let i = 1; i <= 20; i++) {
          await feed.append(conversation, [title(String(i))]);
          await other.takeUntil((e) => e.type === 'TypingNudge' && e.text === String(i));
        }
        slow.go();
        const { error, heard } = await slow.ended;
        expect(error?.name).toBe('SlowListenerError');
        const all = [...heard, ...(await listen(heard.at(-1) ?? first).take(20 - heard.length))];
        expect(titles(all)).toEqual(Array.from({ length: 20 }, (_, i) => String(i + 1)));
      });

      test('removing a conversation ends its listeners and drops its events', async () => {
        const before = await feed.append(conversation, [title('0')]);
        const listener = listen(before);
        await feed.append(conversation, [title('1')]);
        await listener.take(1);
        await feed.remove(conversation);
        expect((await listener.ended).error).toBeNull();
        expect((await feed.state(conversation)).epoch).not.toBe(before.epoch);
      });

      test('onEnd is called once when a listener has ended, for any reason', async () => {
        let calls = 0;
        const events = feed.subscribe(conversation, { onEnd: () => (calls += 1) });
        const next = events.next();
        await events.return?.();
        await next;
        await events.return?.();
        expect(calls).toBe(1);
      });

      test('stopping ends every listener', async () => {
        const listener = await listenNow();
        await feed.append(conversation, [title('1')]);
        await listener.take(1);
        await feed.stop();
        expect((await listener.ended).error).toBeNull();
      });
    });
  });
}

const DONE = { type: 'TurnCompleted', usage: null, isTruncated: false } satisfies TurnEnding;

export function newTurn(id = uuidv7()) {
  return { id, cause: 'USER_MESSAGE' as const, model: 'm' };
}

/** The target of a row without a turn or an outbox. */
const NOTHING: AdvanceTarget = { pending: null, last: null, over: [], entries: [] };

/** An entry that is not filled. */
function unfilled(n: number): FeedEntry {
  return { n, events: null };
}

function types(events: readonly HeardEvent[]): string[] {
  return events.map(({ type }) => type);
}

/** The texts of a turn's tokens, joined, without what was heard before their offset. */
function joined(events: readonly HeardEvent[], turnId: string): string {
  let text = '';
  for (const event of events) {
    if (event.type === 'TurnTextAdded' && event.turnId === turnId)
      text = text.slice(0, event.offset) + event.text;
  }
  return text;
}

function message(content: string): FeedEventBody {
  return {
    type: 'MessageAdded',
    message: {
      id: uuidv7(),
      role: 'USER',
      content,
      status: 'COMPLETED',
      model: null,
      clientMessageId: null,
      createdAt: 0,
    },
  };
}

function title(text: string): LooseEventBody {
  return { type: 'TypingNudge', text };
}

function titles(events: readonly HeardEvent[]): string[] {
  return events.flatMap((event) => (event.type === 'TypingNudge' ? [event.text] : []));
}

function neverCalled(): never {
  throw new Error('an unexpected notification');
}
