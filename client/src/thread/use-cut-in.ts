import type { LiveStore, Seen } from '@taskflow/client/core';
import { useCallback } from 'react';

/**
 * Runs an action that cuts off the answer being spoken, with what of it is on the screen. The screen shows no more of it, unless
 * the action resolves to false: it was refused.
 */
export type CutIn = (act: (seen: Seen | null) => Promise<boolean>) => Promise<void>;

/** See {@link CutIn}. */
export function useCutIn(live: LiveStore | null): CutIn {
  return useCallback(
    async (act) => {
      if (live) await live.cutIn(act);
      else await act(null);
    },
    [live],
  );
}
