import type { ConversationStatus } from '../gql/graphql.ts';
import { useTranslation } from '../language/language-context.tsx';
import { nameIn } from '../name-in.ts';

const STATUSES = { COMPLETED: 'status.COMPLETED', CANCELLED: 'status.CANCELLED' } as const;

/** How a conversation has ended; empty while it is active, and for a status that this client does not know. */
export function StatusBadge({ status }: { status: ConversationStatus }) {
  const { t } = useTranslation();
  const name = nameIn(STATUSES, status);
  if (!name) return null;
  return (
    <span className="badge" data-testid="conversation-status">
      {t(name)}
    </span>
  );
}
