import type { GraphQLSchema } from 'graphql';
import { builder } from './builder.ts';
import './errors.ts';
import './viewer.ts';
import './model.ts';
import './conversations.ts';
import './events.ts';
import './changes.ts';
import './inference-logs.ts';
import './inference-stats.ts';
import './mutations/create-conversation.ts';
import './mutations/send-message.ts';
import './mutations/retry-turn.ts';
import './mutations/cancel-turn.ts';
import './mutations/set-typing.ts';
import './mutations/select-model.ts';
import './mutations/rename-conversation.ts';
import './mutations/end-conversation.ts';
import './mutations/delete-conversation.ts';
import './mutations/ingest-inference.ts';

/** The executable schema: what `schema.graphql` is printed from. */
export const schema: GraphQLSchema = builder.toSchema();
