import { brandWithType } from '@pothos/core';
import { builder } from '../builder.ts';
import { fromNodeId } from '../ids.ts';
import { TELEMETRY_READERS } from '../role.ts';
import { Conversation } from '../types/conversation.ts';
import { InferenceLog } from '../types/inference-log.ts';
import { Message } from '../types/message.ts';
import { readConversation } from './conversations.ts';
import { readOwnMessages } from './own-rows.ts';

builder.queryField('node', (t) =>
  t.field({
    type: builder.nodeInterfaceRef(),
    nullable: true,
    description: 'Anything by its id. Null when it does not exist or the caller may not read it.',
    args: { id: t.arg.id({ required: true, description: 'The id of any Node.' }) },
    resolve: async (_root, args, context, info) => {
      const node = fromNodeId(args.id);
      if (node?.type === 'Conversation')
        return branded(Conversation, await readConversation(node.id, context, info));
      const { prisma, viewer } = context;
      if (node?.type === 'InferenceLog' && TELEMETRY_READERS.some((role) => role === viewer.role))
        return branded(InferenceLog, await prisma.inferenceLog.findUnique({ where: { id: node.id } }));
      if (node?.type !== 'Message') return null;
      const [message] = await readOwnMessages([node.id], context);
      return branded(Message, message ?? null);
    },
  }),
);

/** Marks a row with its type, which the Node interface needs. */
function branded<Row extends object>(
  type: typeof Conversation | typeof Message | typeof InferenceLog,
  row: Row | null,
): Row | null {
  if (row) brandWithType(row, type);
  return row;
}
