import type { Session } from '@taskflow/client/core';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useClient, useQuery } from 'urql';
import {
  EditMessageDocument,
  MessageBranchesDocument,
  RegenerateAnswerDocument,
  SelectBranchDocument,
} from '../gql/graphql.ts';
import { problemOf } from '../graphql/problem.ts';
import { RequestId } from '../graphql/request-id.ts';
import { useServices } from '../services/services.ts';
import type { Branches } from './branches.ts';
import type { useCutIn } from './use-cut-in.ts';
import { usePhase } from './use-session.ts';

type CutIn = ReturnType<typeof useCutIn>;

/**
 * The alternatives of a conversation's messages, read when it is loaded, which it is again when another branch is visible, and
 * from then on with each new message. `newestId`: the newest stored message. A failed call is shown, and can be repeated.
 */
export function useMessageBranches(
  conversationId: string,
  session: Session | null,
  cutIn: CutIn,
  newestId: string | undefined,
): Branches {
  const client = useClient();
  const { toasts } = useServices();
  const [busy, setBusy] = useState(false);
  const [editId] = useState(() => new RequestId());
  const [againId] = useState(() => new RequestId());
  const isLive = usePhase(session).name === 'live';
  const loads = useRef(0);
  const known = useRef(newestId);
  const [{ data }, read] = useQuery({
    query: MessageBranchesDocument,
    variables: { id: conversationId },
    requestPolicy: 'cache-and-network',
    pause: !isLive,
  });
  useEffect(() => {
    if (isLive) loads.current += 1;
  }, [isLive]);
  useEffect(() => {
    if (newestId === known.current) return;
    known.current = newestId;
    if (loads.current > 1) read({ requestPolicy: 'network-only' });
  }, [newestId, read]);

  const byId = useMemo(
    () => new Map(data?.conversation?.messages.nodes.map(({ id, branch }) => [id, branch])),
    [data],
  );
  const during = useCallback(async <T>(act: () => Promise<T>): Promise<T> => {
    setBusy(true);
    try {
      return await act();
    } finally {
      setBusy(false);
    }
  }, []);

  return useMemo(
    () => ({
      of: (messageId) => byId.get(messageId) ?? null,
      busy,
      select: (messageId) =>
        void during(async () => {
          const { data, error } = await client
            .mutation(SelectBranchDocument, { input: { messageId } })
            .toPromise();
          const problem = problemOf(error, data?.selectBranch);
          if (problem) toasts.show(problem.said);
        }),
      edit: (messageId, text) =>
        during(async () => {
          let isDone = false;
          await cutIn(async (seen) => {
            const clientMessageId = editId.of(`${messageId} ${text}`);
            const input = { messageId, text, clientMessageId, ...(seen && { seen }) };
            const { data, error } = await client.mutation(EditMessageDocument, { input }).toPromise();
            const problem = problemOf(error, data?.editMessage);
            if (!problem?.retryable) editId.done();
            if (problem) toasts.show(problem.said);
            isDone = problem === null;
            return isDone;
          });
          return isDone;
        }),
      again: (messageId) =>
        void during(() =>
          cutIn(async (seen) => {
            const clientRequestId = againId.of(messageId);
            const input = { conversationId, messageId, clientRequestId, ...(seen && { seen }) };
            const { data, error } = await client.mutation(RegenerateAnswerDocument, { input }).toPromise();
            const problem = problemOf(error, data?.regenerateAnswer);
            if (!problem?.retryable) againId.done();
            if (problem) toasts.show(problem.said);
            return problem === null;
          }),
        ),
    }),
    [byId, busy, during, client, toasts, cutIn, editId, againId, conversationId],
  );
}
