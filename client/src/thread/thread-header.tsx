import type { ReactNode } from 'react';
import { useMutation } from 'urql';
import { StatusBadge } from '../conversations/status-badge.tsx';
import { EndConversationDocument, type ThreadHeadFragment } from '../gql/graphql.ts';
import { problemOf } from '../graphql/problem.ts';
import { useTranslation } from '../language/language-context.tsx';
import { useServices } from '../services/services.ts';
import type { CutIn } from './use-cut-in.ts';

/** The conversation's title, and a button that ends it, and with it the answer being spoken. */
export function ThreadHeader(props: { conversation: ThreadHeadFragment; menu: ReactNode; cutIn: CutIn }) {
  const { t } = useTranslation();
  const { conversation, menu, cutIn } = props;
  const { toasts } = useServices();
  const [, endConversation] = useMutation(EndConversationDocument);
  const end = () =>
    cutIn(async (seen) => {
      const input = { conversationId: conversation.id, ...(seen && { seen }) };
      const { data, error } = await endConversation({ input });
      const problem = problemOf(error, data?.endConversation);
      if (problem) toasts.show(problem.said);
      return problem === null;
    });
  return (
    <header className="page-header">
      {menu}
      <h1 data-testid="thread-title" dir="auto">
        {conversation.title ?? t('newConversation')}
      </h1>
      {conversation.provider === 'demo' && (
        <span className="badge" data-testid="demo-badge" title={t('thread.demoHint')}>
          {t('thread.demo')}
        </span>
      )}
      {conversation.status === 'ACTIVE' ? (
        <button
          type="button"
          className="quiet-button"
          data-testid="end-conversation"
          aria-label={t('thread.end')}
          title={t('thread.end')}
          onClick={() => void end()}
        >
          {t('thread.endShort')}
        </button>
      ) : (
        <StatusBadge status={conversation.status} />
      )}
    </header>
  );
}
