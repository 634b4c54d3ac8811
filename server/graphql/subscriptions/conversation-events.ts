import { GraphQLError } from 'graphql';
import { PROBLEM_TEXTS } from '../../../core/domain/texts.ts';
import { decodeCursor, MalformedCursorError } from '../../../core/live/feed/cursor.ts';
import { badInput } from '../bad-input.ts';
import { builder } from '../builder.ts';
import { fromNodeId } from '../ids.ts';
import { ConversationEvent } from '../types/conversation-event.ts';
import { knownEvents } from './known-events.ts';

builder.subscriptionField('conversationEvents', (t) =>
  t.field({
    type: ConversationEvent,
    description: [
      'The events of a conversation until it is deleted, in order, each exactly once, whichever instance publishes them.',
      'With `after`: the events since that cursor, then live events. Without it: the answer being spoken, if any, from its start, then live events.',
      'A cursor older than the retained events gives one `FeedReset`, then live events: reload the conversation.',
    ].join('\n'),
    args: {
      conversationId: t.arg.id({ required: true, description: 'The conversation to listen to.' }),
      after: t.arg.string({
        description:
          'The cursor of the last event that was handled (exclusive). Over HTTP the header `Last-Event-ID` takes precedence.',
      }),
    },
    authScopes: { scope: 'CONVERSATIONS_READ' },
    subscribe: async (_root, args, { feed, own, presence, conversations, lastEventId, live }) => {
      // An event source reconnects with the URL of its first request: the cursor in the header is newer.
      const cursor = lastEventId ?? args.after;
      const after = cursor == null ? undefined : positionFrom(cursor);
      const node = fromNodeId(args.conversationId);
      const conversation = node?.type === 'Conversation' ? await own.conversation(node.id) : null;
      if (!conversation) throw notFound();
      const joining = presence.join(conversation.id);
      const onEnd = () => void joining.then((leave) => leave());
      void conversations.joined(conversation);
      try {
        const events = feed.subscribe(conversation.id, { after, onEnd });
        live.waiting = events.waiting ?? null;
        return knownEvents(events);
      } catch (error) {
        onEnd();
        throw error;
      }
    },
    resolve: (event, _args, { delivered }) => {
      delivered.set(event);
      return event;
    },
  }),
);

function notFound(): GraphQLError {
  return new GraphQLError(PROBLEM_TEXTS.noConversation, {
    extensions: { code: 'NOT_FOUND', argument: 'conversationId' },
  });
}

function positionFrom(cursor: string) {
  try {
    return decodeCursor(cursor);
  } catch (error) {
    if (error instanceof MalformedCursorError) throw badInput('after', error.message);
    throw error;
  }
}
