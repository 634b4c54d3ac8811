import type { Session } from '@taskflow/client/core';
import { useCallback, useEffect, useState } from 'react';
import { useClient } from 'urql';
import { CancelTurnDocument } from '../gql/graphql.ts';
import { problemOf } from '../graphql/problem.ts';
import { pressed } from '../pressed.ts';
import { useServices } from '../services/services.ts';
import { useCutIn } from './use-cut-in.ts';

/**
 * Stops turn `turnId`, the one that the user sees pending or being spoken (null: there is none), by call or by Esc, and no
 * other: a turn that has begun meanwhile is not stopped. `stopping` until the turn has ended; a failure is shown, and can be
 * tried again.
 */
export function useStop(conversationId: string, session: Session | null, turnId: string | null) {
  const client = useClient();
  const { toasts } = useServices();
  const cutIn = useCutIn(session?.live ?? null);
  const [stoppingTurn, setStoppingTurn] = useState<string | null>(null);
  const stopping = turnId !== null && stoppingTurn === turnId;

  const stop = useCallback(async () => {
    if (!turnId || stopping) return;
    setStoppingTurn(turnId);
    await cutIn(async (seen) => {
      const input = { conversationId, turnId, ...(seen && { seen }) };
      const { data, error } = await client.mutation(CancelTurnDocument, { input }).toPromise();
      const payload = data?.cancelTurn;
      const problem = problemOf(error, payload);
      if (problem) {
        toasts.show(problem.said);
        setStoppingTurn(null);
      } else if (payload?.__typename === 'CancelTurnSuccess') {
        await session?.cancelled(turnId, payload.interrupted);
        // The turn may have begun just now, and not be stopped.
        if (!payload.interrupted) setStoppingTurn(null);
      }
      return problem === null;
    });
  }, [client, conversationId, session, turnId, stopping, toasts, cutIn]);

  useEffect(() => {
    if (!turnId) return;
    const onKey = (event: KeyboardEvent) => {
      if (pressed(event) !== 'Escape' || event.defaultPrevented || document.querySelector('dialog[open]'))
        return;
      event.preventDefault();
      void stop();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [turnId, stop]);

  return { stopping, stop };
}
