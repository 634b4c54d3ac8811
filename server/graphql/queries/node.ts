import { brandWithType } from '@pothos/core';
import { hasScope } from '../../../core/domain/caller.ts';
import { readsTelemetry, telemetryOf } from '../auth-scopes.ts';
import { builder } from '../builder.ts';
import { fromNodeId } from '../ids.ts';
import { ApiToken } from '../types/api-token.ts';
import { Conversation } from '../types/conversation.ts';
import { InferenceLog } from '../types/inference-log.ts';
import { Message } from '../types/message.ts';
import { readConversation } from './conversations.ts';

builder.queryField('node', (t) =>
  t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    description: 'Anything by its id. Null when it does not exist or the caller may not read it.',
    authScopes: { anyCaller: true },
    args: { id: t.arg.id({ required: true, description: 'The id of any Node.' }) },
    resolve: async (_root, args, context, info) => {
      const node = fromNodeId(args.id);
      const { own, inferenceLogs, apiTokens, viewer } = context;
      switch (node?.type) {
        case 'Conversation':
          if (!hasScope(viewer, 'CONVERSATIONS_READ')) return null;
          return branded(Conversation, await readConversation(node.id, context, info));
        case 'Message': {
          if (!hasScope(viewer, 'CONVERSATIONS_READ')) return null;
          const [message] = await own.messages([node.id]);
          return branded(Message, message ?? null);
        }
        case 'InferenceLog':
          if (!readsTelemetry(viewer)) return null;
          return branded(InferenceLog, await inferenceLogs.find(telemetryOf(viewer), node.id));
        case 'ApiToken':
          if (viewer.apiTokenId !== null) return null;
          return branded(ApiToken, await apiTokens.find(viewer, node.id));
        default:
          return null;
      }
    },
  }),
);

/** Marks a row with its type, which the Node interface needs. */
function branded<Row extends object>(
  type: typeof Conversation | typeof Message | typeof InferenceLog | typeof ApiToken,
  row: Row | null,
): Row | null {
  if (row) brandWithType(row, type);
  return row;
}
