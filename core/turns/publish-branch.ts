import type { Draft } from '../store/draft.ts';

/** Publishes which branch is visible. `leafMessageId`: its newest message, or the turn that becomes the first. */
export function publishBranch(draft: Draft, leafMessageId: string): void {
  draft.publish({ type: 'BranchSelected', leafMessageId });
}
