import type { MessageBranch as Branch } from '../../../core/store/own-rows.ts';
import { builder } from '../builder.ts';
import { toNodeId } from '../ids.ts';

export const MessageBranch = builder.objectRef<Branch>('MessageBranch').implement({
  description:
    'The place of a message among its alternatives: edits of one message, answers to one message, or what else follows the same message. `selectBranch` shows another one.',
  fields: (t) => ({
    index: t.exposeInt('index', { description: 'Its place, from 0, in the order in which they were made.' }),
    count: t.exposeInt('count', { description: 'How many alternatives there are, itself included.' }),
    previousId: t.id({
      nullable: true,
      description: 'The alternative before it; null when it is the first.',
      resolve: ({ previousId }) => previousId && toNodeId('Message', previousId),
    }),
    nextId: t.id({
      nullable: true,
      description: 'The alternative after it; null when it is the last.',
      resolve: ({ nextId }) => nextId && toNodeId('Message', nextId),
    }),
  }),
});
