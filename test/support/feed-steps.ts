import { KeyedQueue } from '../../core/async/keyed-queue.ts';
import type { InterruptionReason } from '../../core/domain/vocabulary.ts';
import type { FeedEventBody, Position } from '../../core/live/feed/events.ts';
import type {
  Advanced,
  Feed,
  FeedEntry,
  HeldTurn,
  NewTurn,
  OpenTurn,
  TurnEnding,
  TurnRef,
} from '../../core/live/feed/feed.ts';
import { terminalEvent } from '../../core/store/outbox.ts';

/*
 * The life of a turn for tests of the feed alone, without a row and its outbox: their entries are made here.
 */

/** The number of outbox entries of each conversation, and the queue that publishes them in order. */
const entryCounts = new Map<string, number>();
const queue = new KeyedQueue();

function entry(conversationId: string, events: readonly FeedEventBody[], ends?: string): FeedEntry {
  const n = (entryCounts.get(conversationId) ?? 0) + 1;
  entryCounts.set(conversationId, n);
  return { n, events, ...(ends !== undefined && { ends }) };
}

/** Publishes events, then opens the turn if no other one is open. */
export function begin(
  feed: Feed,
  conversationId: string,
  pending: NewTurn,
  events: readonly FeedEventBody[] = [],
): Promise<Advanced> {
  return queue.run(conversationId, () => {
    const entries = events.length > 0 ? [entry(conversationId, events)] : [];
    return feed.advance(conversationId, { pending, last: null, over: [], entries });
  });
}

/** Publishes events that belong to no turn. Returns the position of the newest. */
export async function publish(
  feed: Feed,
  conversationId: string,
  events: readonly FeedEventBody[],
): Promise<Position> {
  await queue.run(conversationId, () => {
    const entries = [entry(conversationId, events)];
    return feed.advance(conversationId, { pending: null, last: null, over: [], entries });
  });
  const { epoch, seq } = await feed.state(conversationId);
  return { epoch, seq };
}

/** Opens the turn. Rejects if it does not open. */
export async function opened(
  feed: Feed,
  conversationId: string,
  pending: NewTurn,
  events: readonly FeedEventBody[] = [],
): Promise<OpenTurn> {
  const advanced = await begin(feed, conversationId, pending, events);
  const turn = advanced.gone ? null : advanced.turn;
  if (turn?.id !== pending.id || turn.ending) throw new Error('not opened');
  return turn;
}

/** Ends the turn as its speaker does, and publishes its terminal event. Returns the text that was heard. */
export async function close(
  feed: Feed,
  conversationId: string,
  turn: TurnRef,
  ending: TurnEnding,
): Promise<{ outcome: 'closed'; text: string; tokens: number } | { outcome: 'fenced' | 'lost' }> {
  const outcome = await feed.finish(conversationId, turn, ending);
  if (outcome !== 'finished') return { outcome };
  const { turn: held } = await feed.state(conversationId);
  if (held?.id !== turn.id) throw new Error('published by another');
  await publishEnd(feed, conversationId, held);
  return { outcome: 'closed', text: held.text, tokens: held.tokens };
}

/** Interrupts the open turn, or only this one, and publishes its terminal event. Null if there was none to interrupt. */
export async function interrupt(
  feed: Feed,
  conversationId: string,
  reason: InterruptionReason,
  only?: { turnId: string },
): Promise<HeldTurn | null> {
  const { turn } = await feed.state(conversationId);
  if (!turn || turn.ending || (only && only.turnId !== turn.id)) return null;
  const advanced = await feed.advance(conversationId, {
    pending: null,
    last: turn.id,
    over: [],
    entries: [],
  });
  const held = advanced.gone ? null : advanced.turn;
  if (held?.id !== turn.id || held.ending?.type !== 'cut') return null;
  const isOurs = await publishEnd(feed, conversationId, held, reason);
  return isOurs ? held : null;
}

/** Publishes the terminal event of a turn that the feed holds; false if it was published already. */
export async function publishEnd(
  feed: Feed,
  conversationId: string,
  held: HeldTurn,
  reason: InterruptionReason = 'CANCELLED',
): Promise<boolean> {
  const { id, model, text, tokens, ending } = held;
  const how =
    ending?.type === 'TurnCompleted'
      ? ({ how: 'completed', usage: ending.usage, isTruncated: ending.isTruncated } as const)
      : ending?.type === 'TurnFailed'
        ? ({ how: 'failed', code: ending.code, retryable: ending.retryable } as const)
        : ({ how: 'interrupted', reason, tokens } as const);
  const events = [terminalEvent(id, { ...how, model }, text)];
  return queue.run(conversationId, async () => {
    const before = await feed.state(conversationId);
    if (before.turn?.id !== id) return false;
    const entries = [entry(conversationId, events, id)];
    await feed.advance(conversationId, { pending: null, last: null, over: [], entries });
    return true;
  });
}
