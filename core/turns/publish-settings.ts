import type { Draft } from '../store/draft.ts';

/** Publishes all current settings of a conversation. */
export function publishSettings(draft: Draft): void {
  const { title, model, pacing, readingWpm, idleTimeout, instructions } = draft.row;
  draft.publish({ type: 'ConversationUpdated', title, model, pacing, readingWpm, idleTimeout, instructions });
}
