import { GraphQLSchema } from 'graphql';
import { builder } from '../builder.ts';
import { withPlainIds } from './with-plain-ids.ts';
import { withResultSize } from './with-result-size.ts';
import '../types/errors.ts';
import '../queries/viewer.ts';
import '../queries/models.ts';
import '../queries/conversations.ts';
import '../queries/node.ts';
import '../queries/search-messages.ts';
import '../subscriptions/conversation-events.ts';
import '../subscriptions/conversation-changes.ts';
import '../queries/inference-logs.ts';
import '../queries/inference-stats.ts';
import '../mutations/create-conversation.ts';
import '../mutations/send-message.ts';
import '../mutations/send-queued-message-now.ts';
import '../mutations/cancel-turn.ts';
import '../mutations/edit-message.ts';
import '../mutations/regenerate-answer.ts';
import '../mutations/select-branch.ts';
import '../mutations/update-conversation.ts';
import '../mutations/withdraw-queued-message.ts';
import '../mutations/report-activity.ts';
import '../mutations/end-conversation.ts';
import '../mutations/fast-forward-turn.ts';
import '../mutations/delete-conversation.ts';
import '../mutations/ingest-inference.ts';
import '../mutations/create-api-token.ts';
import '../mutations/revoke-api-token.ts';
import '../mutations/renew-session.ts';

/** The executable schema: what `schema.graphql` is printed from. */
export const schema = withResultSize(
  withPlainIds(
    new GraphQLSchema({
      ...builder.toSchema().toConfig(),
      description: [
        'Live conversations with language models, version 1.',
        'A client sends messages by mutations and follows `conversationEvents`, on which each answer is streamed.',
        'Fields, types, enum values and members of unions may be added; nothing is renamed, retyped or dropped.',
      ].join('\n'),
    }),
  ),
);
