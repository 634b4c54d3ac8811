import type { Client } from '@urql/core';
import { ReportActivityDocument } from '../gql/graphql.ts';

/** Reports to the server whether the user types in a conversation. A failed report is not shown to the user. */
export function reportTyping(urql: Client, conversationId: string): (typing: boolean) => void {
  return (typing) => {
    const activity = typing ? 'TYPING' : 'NONE';
    void urql.mutation(ReportActivityDocument, { input: { conversationId, activity } }).toPromise();
  };
}
