import type { ConversationStatus } from '../gql/graphql.ts';
import { nameIn } from '../name-in.ts';
import { texts } from '../texts.ts';

/** How a conversation has ended; empty while it is active, and for a status that this client does not know. */
export function StatusBadge({ status }: { status: ConversationStatus }) {
  const name = nameIn(texts.status, status);
  if (!name) return null;
  return (
    <span className="badge" data-testid="conversation-status">
      {name}
    </span>
  );
}
