import { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';
import './errors.ts';
import './viewer.ts';
import './model.ts';
import './conversations.ts';
import './conversation-events.ts';
import './changes.ts';
import './inference-logs.ts';
import './inference-stats.ts';
import './mutations/create-conversation.ts';
import './mutations/send-message.ts';
import './mutations/cancel-turn.ts';
import './mutations/regenerate-answer.ts';
import './mutations/update-conversation.ts';
import './mutations/report-activity.ts';
import './mutations/end-conversation.ts';
import './mutations/delete-conversation.ts';
import './mutations/ingest-inference.ts';

/** The executable schema: what `schema.graphql` is printed from. */
export const schema = new GraphQLSchema({
  ...builder.toSchema().toConfig(),
  description: [
    'Live conversations with language models, version 1.',
    'A client sends messages by mutations and follows `conversationEvents`, on which each answer is streamed.',
    'Fields, types, enum values and members of unions may be added; nothing is renamed, retyped or dropped.',
  ].join('\n'),
});
