import type { ConversationChange as Change } from '../../../core/live/changes/conversation-changes.ts';
import { builder } from '../builder.ts';
import { toNodeId } from '../ids.ts';
import { readFeedThenRows, selectsLive } from '../live-state.ts';
import { Conversation } from '../types/conversation.ts';
import { ConversationChangeKind } from '../types/enums.ts';

const ConversationChange = builder.objectRef<Change>('ConversationChange').implement({
  description: "A change to the viewer's list of conversations.",
  fields: (t) => ({
    kind: t.field({
      type: ConversationChangeKind,
      description: 'What happened to the conversation.',
      resolve: ({ kind }) => kind,
    }),
    conversationId: t.id({
      description: 'The conversation that has changed.',
      resolve: ({ conversationId }) => toNodeId('Conversation', conversationId),
    }),
    conversation: t.field({
      type: Conversation,
      nullable: true,
      description: 'The conversation as it is now; null when DELETED.',
      resolve: async ({ kind, conversationId: id }, _args, context, info) => {
        if (kind === 'DELETED') return null;
        const read = () => context.own.conversations([id]);
        const [row] = selectsLive(info) ? await readFeedThenRows(context, [id], read) : await read();
        return row ?? null;
      },
    }),
  }),
});

builder.subscriptionField('conversationChanges', (t) =>
  t.field({
    type: ConversationChange,
    description:
      "Changes to the viewer's list of conversations: UPDATED also when a turn begins or ends. They are hints and not a log: after a lost connection, read the list again.",
    authScopes: { scope: 'CONVERSATIONS_READ' },
    subscribe: (_root, _args, { changes, viewer }) => changes.subscribe(viewer),
    resolve: (change) => change,
  }),
);
