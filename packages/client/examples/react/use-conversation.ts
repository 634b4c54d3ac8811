import type { Conversation, ConversationState } from '@taskflow/client';
import { useSyncExternalStore } from 'react';

// #region hook
/** The state of a conversation, which is followed as long as a component uses it. */
export function useConversation(conversation: Conversation): ConversationState {
  return useSyncExternalStore(conversation.subscribe, conversation.getSnapshot);
}
// #endregion
