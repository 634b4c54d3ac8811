import { useCallback, useState } from 'react';
import { useClient } from 'urql';
import { RetryTurnDocument } from '../gql/graphql.ts';
import { problemOf } from '../graphql/problem.ts';
import type { Failure } from '../live/live-state.ts';
import { useServices } from '../services/services.ts';
import { texts } from '../texts.ts';

/** Has the answer that failed tried again. `retrying` until the new one begins; where it cannot, that is said. */
export function useRetry(conversationId: string, failure: Failure | null) {
  const client = useClient();
  const { toasts } = useServices();
  const [retried, setRetried] = useState<string | null>(null);
  const turnId = failure?.turnId ?? null;

  const retry = useCallback(async () => {
    setRetried(turnId);
    const { data, error } = await client
      .mutation(RetryTurnDocument, { input: { conversationId } })
      .toPromise();
    const payload = data?.retryTurn;
    const problem = problemOf(error, payload);
    if (!problem) return;
    toasts.show(payload?.__typename === 'InvalidInputError' ? texts.thread.answeredAlready : problem.text);
    setRetried(null);
  }, [client, conversationId, turnId, toasts]);

  return { retrying: turnId !== null && retried === turnId, retry };
}
