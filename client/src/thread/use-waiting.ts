import { useState } from 'react';
import { useClient } from 'urql';
import {
  type QueuedPartsFragment,
  SendQueuedMessageNowDocument,
  WithdrawQueuedMessageDocument,
} from '../gql/graphql.ts';
import { problemOf, type SaidProblem } from '../graphql/problem.ts';
import { useServices } from '../services/services.ts';
import type { CutIn } from './use-cut-in.ts';

/** What can be done to the messages that wait. A failure is shown; a message that does not wait any more was sent elsewhere. */
export function useWaiting(conversationId: string, cutIn: CutIn) {
  const client = useClient();
  const { toasts } = useServices();
  const [busy, setBusy] = useState<ReadonlySet<string>>(new Set());

  const during = async (id: string, call: () => Promise<SaidProblem | null>): Promise<boolean> => {
    setBusy((ids) => new Set([...ids, id]));
    const problem = await call();
    setBusy((ids) => new Set([...ids].filter((one) => one !== id)));
    if (problem) toasts.show(problem.said);
    return problem === null;
  };

  const sendNow = ({ id }: QueuedPartsFragment) =>
    cutIn((seen) =>
      during(id, async () => {
        const input = { conversationId, queuedMessageId: id, ...(seen && { seen }) };
        const { data, error } = await client.mutation(SendQueuedMessageNowDocument, { input }).toPromise();
        return problemOf(error, data?.sendQueuedMessageNow);
      }),
    );
  const withdraw = ({ id }: QueuedPartsFragment) =>
    during(id, async () => {
      const input = { conversationId, queuedMessageId: id };
      const { data, error } = await client.mutation(WithdrawQueuedMessageDocument, { input }).toPromise();
      return problemOf(error, data?.withdrawQueuedMessage);
    });

  return { busy, sendNow, withdraw };
}
