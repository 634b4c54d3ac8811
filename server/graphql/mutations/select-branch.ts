import {
  BusyError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  UnavailableError,
} from '../../../core/domain/errors.ts';
import { builder } from '../builder.ts';
import { messageIdFrom } from '../ids.ts';
import { ownMessage } from './own-message.ts';
import { conversationSuccess } from './success.ts';

const SelectBranchInput = builder.inputType('SelectBranchInput', {
  description: 'Which branch to show.',
  fields: (t) => ({
    messageId: t.id({ required: true, description: 'A message of the branch.' }),
  }),
});

const SelectBranchSuccess = conversationSuccess('SelectBranchSuccess', 'The branch is visible.');

builder.mutationField('selectBranch', (t) =>
  t.field({
    type: SelectBranchSuccess,
    description:
      'Makes the branch that holds this message the visible one, and goes on from it to what was visible last. A BusyError while an answer is pending or a message waits. Every listener gets BranchSelected.',
    authScopes: { scope: 'CONVERSATIONS_WRITE' },
    errors: { types: [InvalidInputError, NotFoundError, BusyError, RateLimitedError, UnavailableError] },
    args: { input: t.arg({ type: SelectBranchInput, required: true, description: 'Which branch to show.' }) },
    resolve: async (_root, { input }, { branches, own, viewer }) => {
      const { id, conversationId } = await ownMessage(own, messageIdFrom(input.messageId));
      return branches.select(conversationId, viewer, id);
    },
  }),
);
