import type {
  Conversation as ConversationRow,
  Message as MessageRow,
} from '../../../generated/prisma/client.ts';
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
  const read = (some: readonly string[]) =>
    context.prisma.conversation.findMany({ where: { id: { in: [...some] }, owner: context.viewer.id } });
  const own = await read(ids);
  if (!live || own.length === 0) return own;
  // Only the feeds of the viewer's own conversations are read: a caller can send many ids that are not.
  const found = own.map(({ id }) => id);
  return readFeedThenRows(context, found, () => read(found));
}

/** The messages among these ids that are in the viewer's conversations, in no order. */
export async function readOwnMessages(
  ids: readonly string[],
  { prisma, viewer }: GraphQLContext,
): Promise<MessageRow[]> {
  return prisma.message.findMany({
    where: { id: { in: [...ids] }, conversation: { owner: viewer.id } },
  });
}
