import {
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from '../../../core/domain/errors.ts';
import { INPUT_TEXTS } from '../../../core/domain/texts.ts';
import type { Message as MessageRow } from '../../../generated/prisma/client.ts';
import { builder } from '../builder.ts';
import { conversationIdFrom, fromNodeId } from '../ids.ts';
import { Message } from '../types/message.ts';
import { conversationSuccess, type WithConversation } from './success.ts';

const CancelTurnInput = builder.inputType('CancelTurnInput', {
  description: 'Which answer to stop.',
  fields: (t) => ({
    conversationId: t.id({ required: true, description: 'The conversation in which the AI speaks.' }),
    turnId: t.id({
      description: 'The turn to stop; unless given, the turn that is pending or being spoken.',
    }),
  }),
});

const CancelTurnSuccess = conversationSuccess<WithConversation & { interrupted: MessageRow | null }>(
  'CancelTurnSuccess',
  'The answer is stopped, or there was none to stop.',
);
builder.objectField(CancelTurnSuccess, 'interrupted', (t) =>
  t.field({
    type: Message,
    nullable: true,
    description:
      'The partial answer as stored; null when nothing had been spoken, and when it is not known yet: TurnInterrupted follows.',
    resolve: ({ interrupted }) => interrupted,
  }),
);

builder.mutationField('cancelTurn', (t) =>
  t.field({
    type: CancelTurnSuccess,
    description:
      'Stops the answer being spoken; a no-op (`interrupted` is null) when there is none, or when `turnId` is given and that turn is over.',
    authScopes: { scope: 'CONVERSATIONS_WRITE' },
    errors: { types: [InvalidInputError, NotFoundError, UnavailableError, RateLimitedError] },
    args: { input: t.arg({ type: CancelTurnInput, required: true, description: 'Which answer to stop.' }) },
    resolve: (_root, { input }, { turns, viewer }) =>
      turns.cancel(
        conversationIdFrom(input.conversationId),
        viewer,
        input.turnId == null ? undefined : turnIdFrom(input.turnId),
      ),
  }),
);

function turnIdFrom(nodeId: string): string {
  const node = fromNodeId(nodeId);
  if (node?.type === 'Message') return node.id;
  throw new InvalidInputError([{ path: 'turnId', message: INPUT_TEXTS.notId('turn') }]);
}
