import type { TextRange as Range } from '../../../core/search/folded.ts';
import type { Hit } from '../../../core/store/message-search.ts';
import type { Conversation as ConversationRow } from '../../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import type { Page } from '../page.ts';
import { Conversation } from './conversation.ts';
import { Message } from './message.ts';

/** A hit with the conversation that it is of. */
interface FoundMessage extends Hit {
  conversation: ConversationRow;
}

export interface FoundPage {
  edges: { cursor: string; node: FoundMessage }[];
  pageInfo: Page<FoundMessage>['pageInfo'];
}

/** How many ranges one snippet is assumed to have. */
const USUAL_MATCHES = 4;

const TextRange = builder.objectRef<Range>('TextRange').implement({
  description: 'A range of a text, in UTF-16 code units.',
  fields: (t) => ({
    start: t.exposeInt('start', { description: 'Where it begins in the text.' }),
    end: t.exposeInt('end', { description: 'Where it ends: the first unit that is not part of it.' }),
  }),
});

const MessageSearchEdge = builder.objectRef<FoundPage['edges'][number]>('MessageSearchEdge').implement({
  description: 'A message that matches.',
  fields: (t) => ({
    cursor: t.exposeString('cursor', { description: 'Opaque; pass it as `after`.' }),
    node: t.field({
      type: Message,
      description: 'The message. `Conversation.messages(around:)` shows what stands around it.',
      resolve: ({ node }) => node.message,
    }),
    conversation: t.field({
      type: Conversation,
      description: 'The conversation that it is in.',
      resolve: ({ node }) => node.conversation,
    }),
    snippet: t.string({
      description:
        'One line of plain text around the first match, without the marks of Markdown; `…` stands for what is left out.',
      resolve: ({ node }) => node.snippet.text,
    }),
    matches: t.field({
      type: [TextRange],
      complexity: { field: 1, multiplier: USUAL_MATCHES },
      description: 'Where in the snippet it matches, in its order; ranges do not overlap.',
      resolve: ({ node }) => [...node.snippet.matches],
    }),
  }),
});

export const MessageSearchConnection = builder.objectRef<FoundPage>('MessageSearchConnection').implement({
  description: 'A page of messages that match.',
  fields: (t) => ({
    edges: t.field({
      type: [MessageSearchEdge],
      complexity: { field: 1, multiplier: 1 },
      description: 'The messages, best first.',
      resolve: ({ edges }) => edges,
    }),
    pageInfo: t.field({
      type: builder.pageInfoRef(),
      description: 'The position of the page in its list.',
      resolve: ({ pageInfo }) => pageInfo,
    }),
  }),
});
