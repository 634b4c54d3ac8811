import type { Conversation as ConversationRow } from '../../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { readFeedThenRows, selectsLive } from '../live-state.ts';
import { Conversation } from '../types/conversation.ts';

export interface WithConversation {
  conversation: ConversationRow;
}

/** The success type of a mutation that returns its conversation. */
export function conversationSuccess<Shape extends WithConversation>(name: string, description: string) {
  const ref = builder.objectRef<Shape>(name);
  builder.objectType(ref, { description });
  builder.objectField(ref, 'conversation', (t) =>
    t.field({
      type: Conversation,
      description: 'The conversation as it is now.',
      resolve: async (parent, _args, context, info) => {
        const { conversation } = parent as WithConversation;
        if (!selectsLive(info)) return conversation;
        const { id } = conversation;
        const [fresh] = await readFeedThenRows(context, [id], () => context.own.conversations([id]));
        return fresh ?? conversation;
      },
    }),
  );
  return ref;
}
