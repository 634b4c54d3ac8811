import { memo } from 'react';
import type { MessagePartsFragment } from '../gql/graphql.ts';
import { Entry } from './entry.tsx';

/** A message of the user, as it was written. */
export const UserMessage = memo(function UserMessage({ message }: { message: MessagePartsFragment }) {
  return (
    <Entry id={message.id} speaker={message.role} status={message.status} at={message.createdAt}>
      {message.content}
    </Entry>
  );
});
