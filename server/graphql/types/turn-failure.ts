import { turnFailureText } from '../../../core/domain/texts.ts';
import type { TurnFailure as Failure } from '../../../core/turns/answer.ts';
import { builder } from '../builder.ts';
import { toNodeId } from '../ids.ts';
import { ModelErrorCode } from './enums.ts';

export const TurnFailure = builder.objectRef<Failure & { turnId: string }>('TurnFailure').implement({
  description: 'Why a turn failed: the model could not answer, or not to the end.',
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
      description: 'What happened and what the user can do, in English, for people.',
      resolve: ({ code, retryable }) => turnFailureText(code, retryable),
    }),
    retryable: t.exposeBoolean('retryable', {
      description: 'Whether `regenerateAnswer` may succeed without a change of message or model.',
    }),
  }),
});

/** The columns of a message or a conversation that store a failure. */
interface FailureColumns {
  failedTurnId: string | null;
  failureCode: Failure['code'] | null;
  failureRetryable: boolean | null;
}

/** The failure that a row stores; null when it stores none. */
export function failureOf({ failedTurnId, failureCode, failureRetryable }: FailureColumns) {
  return failedTurnId === null || failureCode === null
    ? null
    : { turnId: failedTurnId, code: failureCode, retryable: failureRetryable === true };
}
