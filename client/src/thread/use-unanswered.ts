import { type LiveStore, type Outgoing, unansweredIn } from '@taskflow/client/core';
import { useMemo } from 'react';
import type { Unanswered } from './unanswered.ts';
import type { Answering } from './use-answering.ts';
import { useLive } from './use-session.ts';

/** What has no whole answer; null while an answer, or a message that will get one, is on its way. */
export function useUnanswered(
  live: LiveStore | null,
  outgoing: readonly Outgoing[],
  { stoppableId, pendingId }: Answering,
): Unanswered | null {
  const failure = useLive(live, (state) => state.failure);
  const messageId = useLive(live, unansweredIn);
  const isAwaited =
    stoppableId !== null || pendingId !== null || outgoing.some((it) => it.status !== 'failed');
  return useMemo(() => {
    if (isAwaited) return null;
    if (failure) return { messageId: failure.messageId, failure };
    return messageId === null ? null : { messageId, failure: null };
  }, [isAwaited, failure, messageId]);
}
