import { useEffect, useMemo } from 'react';
import { useClient } from 'urql';
import { SetTypingDocument } from '../gql/graphql.ts';
import { TypingSignal } from './typing-signal.ts';

/** The typing signal of one conversation. Whether it arrives is not worth a word to the user. */
export function useTyping(conversationId: string): TypingSignal {
  const client = useClient();
  const signal = useMemo(
    () =>
      new TypingSignal((typing) => {
        void client.mutation(SetTypingDocument, { input: { conversationId, typing } }).toPromise();
      }),
    [client, conversationId],
  );
  useEffect(() => () => signal.stop(), [signal]);
  return signal;
}
