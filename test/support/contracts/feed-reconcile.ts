import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../../../core/domain/errors.ts';
import type { LooseEventBody, Position } from '../../../core/live/feed/events.ts';
import type { AdvanceTarget, Feed, FeedEntry } from '../../../core/live/feed/feed.ts';
import { Listener } from '../../../core/live/feed/listener.ts';
import { type FeedTestOptions, type FeedUnderTest, newTurn } from './feed.ts';

/** The contract suite of every adapter of the feed for conversations that its store has lost. */
export function describeReconciling(
  adapter: string,
  create: (options: FeedTestOptions) => Promise<FeedUnderTest>,
): void {
  describe(`feed contract: ${adapter}: a feed that was lost`, () => {
    let under: FeedUnderTest;
    let feed: Feed;
    let conversation: string;
    /** The state in the conversation's row. */
    let row: AdvanceTarget;
    /** What waited for each reconciliation. */
    let waited: ('call' | 'listener')[];
    let heard: Position;
    const listeners: Listener[] = [];

    /** Reconciles as `drive` does. */
    async function reconcile(waiting: 'call' | 'listener'): Promise<void> {
      waited.push(waiting);
      const begun = await feed.advance(conversation, { ...row, opens: false });
      if (!begun.gone)
        await feed.advance(conversation, { ...row, opens: false, reconciles: begun.unreconciled });
    }
    function listen(after: Position): Listener {
      const listener = new Listener(feed, conversation, after);
      listeners.push(listener);
      return listener;
    }

    beforeEach(async () => {
      conversation = uuidv7();
      row = { pending: null, last: null, over: [], entries: [entry(1), entry(2)] };
      waited = [];
      under = await create({ reconcile: (_conversation, waiting) => reconcile(waiting) });
      feed = under.feed;
      await feed.begin(conversation);
      await feed.advance(conversation, row);
      heard = await feed.state(conversation);
      await under.lose(conversation);
    });
    afterEach(async () => {
      for (const listener of listeners.splice(0)) listener.stop();
      await under.stop();
    });

    test('[P-35] what was heard before is not heard again: the FeedReset comes after it', async () => {
      const listener = listen(heard);
      expect(await listener.take(1)).toMatchObject([{ type: 'FeedReset' }]);
      row = { ...row, entries: [...row.entries, entry(3)] };
      await feed.advance(conversation, row);
      expect(await listener.take(1)).toMatchObject([{ type: 'TypingNudge', text: '3' }]);
      expect(waited).toEqual(['listener']);
    });

    test.each<[string, () => Promise<unknown>]>([
      ['its state', () => feed.state(conversation)],
      ['an event', () => feed.append(conversation, [nudge('now')])],
      ['a claim', () => feed.claim(conversation, uuidv7())],
    ])('%s has it reconciled first, once', async (_what, act) => {
      await act();
      await act();
      expect(waited).toEqual(['call']);
    });

    test('an advance from a row that may be older than the feed does not reconcile the feed', async () => {
      await feed.advance(conversation, { ...row, entries: [entry(1)] });
      await feed.state(conversation);
      expect(waited).toHaveLength(1);
      const { seq } = await feed.state(conversation);
      await feed.advance(conversation, row);
      expect((await feed.state(conversation)).seq).toBe(seq);
    });

    test('a pending turn is left for its speaker to open', async () => {
      const pending = newTurn();
      row = { ...row, pending, last: pending.id };
      expect((await feed.state(conversation)).turn).toBeNull();
      const opened = await feed.advance(conversation, { ...row, pending: { ...pending, spoken: SPOKEN } });
      expect(opened).toMatchObject({ turn: { id: pending.id, text: SPOKEN.text }, unreconciled: null });
    });

    test('a turn that is over does not open for a late caller', async () => {
      const over = newTurn();
      row = { ...row, last: over.id };
      await feed.state(conversation);
      const late = await feed.advance(conversation, { ...row, pending: over });
      expect(late).toMatchObject({ turn: null });
    });

    test('it is not reconciled while an entry is not filled', async () => {
      const cut = newTurn();
      const filled = row.entries;
      row = { ...row, last: cut.id, over: [cut.id], entries: [...filled, { n: 3, events: null }] };
      await expect(feed.state(conversation)).rejects.toThrow(StoreUnavailableError);
      row = { ...row, over: [], entries: [...filled, { ...entry(3), ends: cut.id }] };
      await expect(feed.state(conversation)).resolves.toMatchObject({ turn: null });
    });

    test('without the queue, which turns need, it is unavailable, too', async () => {
      await under.stop();
      const unavailable = async () => {
        throw new StoreUnavailableError('unavailable');
      };
      under = await create({ reconcile: unavailable });
      await expect(under.feed.state(conversation)).rejects.toThrow(StoreUnavailableError);
    });

    test('without the database, which has the row, it is unavailable and shows nothing', async () => {
      await under.stop();
      let isUnavailable = true;
      under = await create({
        reconcile: async (_conversation, waiting) => {
          if (isUnavailable) throw new StoreUnavailableError('reset');
          await reconcile(waiting);
        },
      });
      feed = under.feed;
      await expect(feed.state(conversation)).rejects.toThrow(StoreUnavailableError);
      isUnavailable = false;
      await expect(feed.state(conversation)).resolves.toMatchObject({ turn: null });
    });

    test('a conversation that was deleted meanwhile is gone', async () => {
      await feed.advance(conversation, row);
      await feed.remove(conversation);
      await feed.state(conversation);
      expect(await feed.advance(conversation, row)).toEqual({ gone: true });
      expect(waited).toEqual([]);
    });
  });
}

const SPOKEN = { text: 'Half', tokens: 1 };

function entry(n: number): FeedEntry {
  return { n, events: [nudge(String(n))] };
}

function nudge(text: string): LooseEventBody {
  return { type: 'TypingNudge', text };
}
