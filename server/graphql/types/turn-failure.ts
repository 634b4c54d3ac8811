import { turnFailureText } from '../../../core/domain/texts.ts';
import type { TurnFailure as Failure } from '../../../core/turns/answer.ts';
import { builder } from '../builder.ts';
import { toNodeId } from '../ids.ts';
import { ModelErrorCode } from './enums.ts';

export const TurnFailure = builder.objectRef<Failure & { turnId: string }>('TurnFailure').implement({
  description: 'Why the model could not answer, or not to the end.',
  fields: (t) => ({
    turnId: t.id({
      description: 'The turn that failed.',
      resolve: ({ turnId }) => toNodeId('Message', turnId),
    }),
    code: t.field({
      type: ModelErrorCode,
      description: 'The kind of failure, for programs.',
      resolve: ({ code }) => code,
    }),
    text: t.string({
      description: 'For people: what happened and what they can do.',
      resolve: ({ code, retryable }) => turnFailureText(code, retryable),
    }),
    retryable: t.exposeBoolean('retryable', {
      description: 'Whether `regenerateAnswer` may help without a change.',
    }),
  }),
});

/** The columns in which a message, or a conversation, keeps a failure. */
interface FailureColumns {
  failedTurnId: string | null;
  failureCode: string | null;
  failureRetryable: boolean | null;
}

/** The failure that a row keeps; null when it keeps none. */
export function failureOf({ failedTurnId, failureCode, failureRetryable }: FailureColumns) {
  return failedTurnId === null
    ? null
    : { turnId: failedTurnId, code: failureCode as Failure['code'], retryable: failureRetryable === true };
}
