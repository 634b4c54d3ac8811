import { isOpen, type LiveStore, type Outgoing } from '@taskflow/client/core';
import type { MessagePartsFragment } from '../gql/graphql.ts';
import { pendingTurnOf } from './pending-turn.ts';
import { useLive } from './use-session.ts';

/** The answer that is on its way, as shown. */
export interface Answering {
  /** The live turn, unless it is among the messages already. */
  turnId: string | null;
  /** The id of the pending turn, or {@link UNKNOWN}. Null when none is pending, and while another is spoken. */
  pendingId: string | null;
  /** The turn that Stop ends: the one being spoken, otherwise the pending one. Null when there is none with a known id. */
  stoppableId: string | null;
}

/** Stands for a pending turn whose id is not known yet. */
const UNKNOWN = 'pending';

/** `items`: the messages on their way; `messages`: those that are shown. */
export function useAnswering(
  live: LiveStore | null,
  items: readonly Outgoing[],
  messages: readonly MessagePartsFragment[],
): Answering {
  const liveTurnId = useLive(live, (state) => state.turn?.id ?? null);
  const isSpoken = useLive(live, (state) => isOpen(state.turn)) ?? false;
  const pending = pendingTurnOf(
    useLive(live, (state) => state.pending),
    items,
  );
  const turnId = messages.some((it) => it.id === liveTurnId) ? null : liveTurnId;
  if (isSpoken) return { turnId, pendingId: null, stoppableId: turnId };
  return {
    turnId,
    pendingId: pending && (pending.turnId ?? UNKNOWN),
    stoppableId: pending?.turnId ?? null,
  };
}
