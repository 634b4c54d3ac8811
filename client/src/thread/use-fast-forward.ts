import { useCallback, useEffect } from 'react';
import { useClient } from 'urql';
import { FastForwardTurnDocument } from '../gql/graphql.ts';
import { problemOf } from '../graphql/problem.ts';
import { useServices } from '../services/services.ts';

/** Shows the rest of turn `turnId` at once, by call or by Alt + Down; null: no answer is being spoken. A failure is shown. */
export function useFastForward(conversationId: string, turnId: string | null): () => void {
  const client = useClient();
  const { toasts } = useServices();

  const fastForward = useCallback(async () => {
    if (!turnId) return;
    const input = { conversationId, turnId };
    const { data, error } = await client.mutation(FastForwardTurnDocument, { input }).toPromise();
    const problem = problemOf(error, data?.fastForwardTurn);
    if (problem) toasts.show(problem.said);
  }, [client, conversationId, turnId, toasts]);

  useEffect(() => {
    if (!turnId) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.key !== 'ArrowDown' || !event.altKey || event.defaultPrevented) return;
      event.preventDefault();
      void fastForward();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [turnId, fastForward]);

  return useCallback(() => void fastForward(), [fastForward]);
}
