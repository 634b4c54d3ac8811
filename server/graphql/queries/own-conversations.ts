import type { Conversation as ConversationRow } from '../../../generated/prisma/client.ts';
import type { GraphQLContext } from '../context.ts';
import { readFeedThenRows } from '../live-state.ts';

/**
 * The viewer's conversations among these ids, in no order. Those of other owners are left out like ids that do not exist.
 * `live`: whether live fields are selected.
 */
export async function readOwnConversations(
  ids: readonly string[],
  context: GraphQLContext,
  live: boolean,
): Promise<ConversationRow[]> {
  const own = await context.own.conversations(ids);
  if (!live || own.length === 0) return own;
  // Only the feeds of the viewer's own conversations are read: a caller can send many ids that are not.
  const found = own.map(({ id }) => id);
  return readFeedThenRows(context, found, () => context.own.conversations(found));
}
