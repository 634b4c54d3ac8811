import type { GraphQLResolveInfo } from 'graphql';
import type { FeedState } from '../../core/live/feed/feed.ts';
import type { GraphQLContext } from './context.ts';
import { selects } from './selection.ts';

/**
 * Whether conversations are selected with live fields. Then the feed must be read before their rows, so that
 * `latestEventCursor` is not newer than the rest of the response: {@link readFeedThenRows}.
 */
export function selectsLive(info: GraphQLResolveInfo, path: readonly string[] = []): boolean {
  return selects(info, path, ['latestEventCursor', 'activeTurn']);
}

/** Reads the feed of each conversation, then their rows. */
export async function readFeedThenRows<Row extends { id: string }>(
  context: GraphQLContext,
  ids: readonly string[],
  read: () => Promise<Row[]>,
): Promise<Row[]> {
  const reads = ids.map(async (id): Promise<[string, FeedState]> => [id, await context.feed.state(id)]);
  const states = new Map(await Promise.all(reads));
  const rows = await read();
  for (const row of rows) {
    const state = states.get(row.id);
    if (state) context.states.set(row, state);
  }
  return rows;
}

/** The live state of a conversation: as it was read before this row, otherwise as it is now. */
export async function liveStateOf(row: { id: string }, context: GraphQLContext): Promise<FeedState> {
  const known = context.states.get(row);
  if (known) return known;
  const state = await context.feed.state(row.id);
  context.states.set(row, state);
  return state;
}
