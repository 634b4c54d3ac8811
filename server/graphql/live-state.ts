import type { GraphQLResolveInfo } from 'graphql';
import type { FeedState } from '../../core/live/feed/feed.ts';
import type { GraphQLContext } from './context.ts';
import { selects } from './selection.ts';

/**
 * Whether conversations are asked for with what is live of them. Then their rows must be read after the feed was
 * looked at, so that `latestEventCursor` is no newer than anything else that is shown: {@link readAfterLooking}.
 */
export function asksForLive(info: GraphQLResolveInfo, path: readonly string[] = []): boolean {
  return selects(info, path, ['latestEventCursor', 'activeTurn']);
}

/** Looks at the feed of each conversation, then reads their rows. */
export async function readAfterLooking<Row extends { id: string }>(
  context: GraphQLContext,
  ids: readonly string[],
  read: () => Promise<Row[]>,
): Promise<Row[]> {
  const looked = ids.map(async (id): Promise<[string, FeedState]> => [id, await context.feed.state(id)]);
  const states = new Map(await Promise.all(looked));
  const rows = await read();
  for (const row of rows) {
    const state = states.get(row.id);
    if (state) context.states.set(row, state);
  }
  return rows;
}

/** What is live of a conversation: as it was looked at for this row, else as it is now. */
export async function liveStateOf(row: { id: string }, context: GraphQLContext): Promise<FeedState> {
  const known = context.states.get(row);
  if (known) return known;
  const state = await context.feed.state(row.id);
  context.states.set(row, state);
  return state;
}
