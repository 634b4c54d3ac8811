import type { ReactNode } from 'react';
import { useMutation } from 'urql';
import { StatusBadge } from '../conversations/status-badge.tsx';
import { EndConversationDocument, type ThreadHeadFragment } from '../gql/graphql.ts';
import { problemOf } from '../graphql/problem.ts';
import { useServices } from '../services/services.ts';
import { texts } from '../texts.ts';
import type { CutIn } from './use-cut-in.ts';

/** The conversation's title, and a button that ends it, and with it the answer being spoken. */
export function ThreadHeader(props: { conversation: ThreadHeadFragment; menu: ReactNode; cutIn: CutIn }) {
  const { conversation, menu, cutIn } = props;
  const { toasts } = useServices();
  const [, endConversation] = useMutation(EndConversationDocument);
  const end = () =>
    cutIn(async (seen) => {
      const input = { conversationId: conversation.id, ...(seen && { seen }) };
      const { data, error } = await endConversation({ input });
      const problem = problemOf(error, data?.endConversation);
      if (problem) toasts.show(problem.text);
      return problem === null;
    });
  return (
    <header className="page-header">
      {menu}
      <h1 data-testid="thread-title" dir="auto">
        {conversation.title ?? texts.newConversation}
      </h1>
      {conversation.provider === 'demo' && (
        <span className="badge" data-testid="demo-badge" title={texts.thread.demoHint}>
          {texts.thread.demo}
        </span>
      )}
      {conversation.status === 'ACTIVE' ? (
        <button
          type="button"
          className="quiet-button"
          data-testid="end-conversation"
          aria-label={texts.thread.end}
          title={texts.thread.end}
          onClick={() => void end()}
        >
          {texts.thread.endShort}
        </button>
      ) : (
        <StatusBadge status={conversation.status} />
      )}
    </header>
  );
}
