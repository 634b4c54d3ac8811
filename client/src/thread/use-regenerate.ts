import type { Session } from '@taskflow/client/core';
import { useCallback, useState } from 'react';
import { useClient } from 'urql';
import { RegenerateAnswerDocument } from '../gql/graphql.ts';
import { problemOf } from '../graphql/problem.ts';
import { RequestId } from '../graphql/request-id.ts';
import { phrase } from '../language/phrase.ts';
import { useServices } from '../services/services.ts';
import type { Unanswered } from './unanswered.ts';

/**
 * Has something without a whole answer answered again. A failed call can be repeated and starts nothing twice.
 * `regenerating` until the server has accepted it; a failure is shown.
 */
export function useRegenerate(
  conversationId: string,
  session: Session | null,
  unanswered: Unanswered | null,
) {
  const client = useClient();
  const { toasts } = useServices();
  const [requestId] = useState(() => new RequestId());
  const [regenerating, setRegenerating] = useState(false);

  const regenerate = useCallback(async () => {
    if (!unanswered) return;
    setRegenerating(true);
    const { messageId, failure } = unanswered;
    const clientRequestId = requestId.of(`${messageId} ${failure?.turnId}`);
    const input = { conversationId, messageId, clientRequestId };
    const { data, error } = await client.mutation(RegenerateAnswerDocument, { input }).toPromise();
    const payload = data?.regenerateAnswer;
    const problem = problemOf(error, payload);
    if (!problem?.retryable) requestId.done();
    if (payload?.__typename === 'RegenerateAnswerSuccess') session?.accepted(payload.turnId, messageId);
    if (payload?.__typename === 'InvalidInputError') {
      // Another device was faster, and this one has not received that yet.
      toasts.show(phrase('thread.answeredAlready'));
      await session?.reload();
    } else if (problem) toasts.show(problem.said);
    setRegenerating(false);
  }, [client, conversationId, session, unanswered, requestId, toasts]);

  return { regenerating, regenerate };
}
