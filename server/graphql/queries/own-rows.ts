import type {
  Conversation as ConversationRow,
  Message as MessageRow,
} from '../../../generated/prisma/client.ts';
import type { GraphQLContext } from '../context.ts';
import { readAfterLooking } from '../live-state.ts';

/**
 * The viewer's conversations among these ids, in no order: what is somebody else's is as what is not there. `live` is
 * whether what is live of them is asked for, too.
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
  // No feed is looked at but those of the viewer's own: a stranger may send as many ids as are let through.
  const found = own.map(({ id }) => id);
  return readAfterLooking(context, found, () => read(found));
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
