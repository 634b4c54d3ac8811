import { v7 as uuidv7 } from 'uuid';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { StoreUnavailableError } from '../../../core/domain/errors.ts';
import type { LooseEventBody, Position } from '../../../core/live/feed/events.ts';
import type { AdvanceTarget, Feed, FeedEntry } from '../../../core/live/feed/feed.ts';
import { Listener } from '../../../core/live/feed/listener.ts';
import { type FeedTestOptions, type FeedUnderTest, newTurn } from './feed.ts';

/** What every adapter of the feed promises of a conversation that its store has lost. One suite, run over each of them. */
export function describeReconciling(
  adapter: string,
  create: (options: FeedTestOptions) => Promise<FeedUnderTest>,
): void {
  describe(`feed contract: ${adapter}: a feed that was lost`, () => {
    let under: FeedUnderTest;
    let feed: Feed;
    let conversation: string;
    /** What the conversation's row says. */
    let row: AdvanceTarget;
    /** For whom it was reconciled. */
    let waited: ('call' | 'listener')[];
    let heard: Position;
    const listeners: Listener[] = [];

    /** As `drive` does it. */
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

    test('[P-35] what was heard before is not heard again: the FeedReset stands behind it', async () => {
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

    test('an advance from a row that may be older than the feed does not reconcile it', async () => {
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

    test('a turn that is over does not open for a caller that is late', async () => {
      const over = newTurn();
      row = { ...row, last: over.id };
      await feed.state(conversation);
      const late = await feed.advance(conversation, { ...row, pending: over });
      expect(late).toMatchObject({ turn: null });
    });

    test('it is not reconciled while a place is not filled', async () => {
      const cut = newTurn();
      const filled = row.entries;
      row = { ...row, last: cut.id, over: [cut.id], entries: [...filled, { n: 3, events: null }] };
      await expect(feed.state(conversation)).rejects.toThrow(StoreUnavailableError);
      row = { ...row, over: [], entries: [...filled, { ...entry(3), ends: cut.id }] };
      await expect(feed.state(conversation)).resolves.toMatchObject({ turn: null });
    });

    test('without the queue, which has a turn spoken, it is unavailable, too', async () => {
      await under.stop();
      const away = async () => {
        throw new StoreUnavailableError('unavailable');
      };
      under = await create({ reconcile: away });
      await expect(under.feed.state(conversation)).rejects.toThrow(StoreUnavailableError);
    });

    test('without the database, which knows the row, it is unavailable, and nothing is shown', async () => {
      await under.stop();
      let isAway = true;
      under = await create({
        reconcile: async (_conversation, waiting) => {
          if (isAway) throw new StoreUnavailableError('reset');
          await reconcile(waiting);
        },
      });
      feed = under.feed;
      await expect(feed.state(conversation)).rejects.toThrow(StoreUnavailableError);
      isAway = false;
      await expect(feed.state(conversation)).resolves.toMatchObject({ turn: null });
    });

    test('a conversation that is deleted meanwhile is gone', async () => {
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
