import { aiErrorText } from '../../core/conversation/texts.ts';
import type { TurnFailure as Failure } from '../../core/turns/answer.ts';
import type { Conversation } from '../../generated/prisma/client.ts';
import { builder } from './builder.ts';
import { AiErrorCode } from './enums.ts';
import { toNodeId } from './ids.ts';

export const TurnFailure = builder.objectRef<Failure & { turnId: string }>('TurnFailure').implement({
  description: 'Why an answer failed, as its AiError told it.',
  fields: (t) => ({
    turnId: t.id({
      description: 'The turn that failed.',
      resolve: ({ turnId }) => toNodeId('Message', turnId),
    }),
    code: t.field({ type: AiErrorCode, description: 'Why.', resolve: ({ code }) => code }),
    message: t.string({
      description: 'For people: what happened and what they can do.',
      resolve: ({ code, retryable }) => aiErrorText(code, retryable),
    }),
    retryable: t.exposeBoolean('retryable', { description: 'Whether sending again may help.' }),
  }),
});

/** The failure that a conversation remembers. */
export function failureOf({ failedTurnId, failureCode, failureRetryable }: Conversation) {
  return failedTurnId === null
    ? null
    : { turnId: failedTurnId, code: failureCode as Failure['code'], retryable: failureRetryable === true };
}
