import type { Client } from '@urql/core';
import { SetTypingDocument } from '../gql/graphql.ts';

/** Tells the server whether the user types in a conversation. Whether it arrives is not worth a word to them. */
export function tellTyping(urql: Client, conversationId: string): (typing: boolean) => void {
  return (typing) => {
    void urql.mutation(SetTypingDocument, { input: { conversationId, typing } }).toPromise();
  };
}
