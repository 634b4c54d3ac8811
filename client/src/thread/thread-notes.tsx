import type { ConversationStatus } from '../gql/graphql.ts';
import type { Failure } from '../live/live-state.ts';
import { texts } from '../texts.ts';
import './thread-notes.css';

/** The quiet lines under the last message: a failed answer, encouragement, the end of the conversation. */
export function ThreadNotes(props: {
  failure: Failure | null;
  nudge: string | null;
  status: ConversationStatus;
  /** Null when there is nothing to say again. */
  onTryAgain: (() => void) | null;
}) {
  const { failure, nudge, status, onTryAgain } = props;
  return (
    <>
      {failure && (
        <div className="note note-failure" role="alert" data-testid="ai-error" data-code={failure.code}>
          <span>{failure.text}</span>
          {failure.retryable && onTryAgain && (
            <button type="button" className="button" data-testid="try-again" onClick={onTryAgain}>
              {texts.thread.tryAgain}
            </button>
          )}
        </div>
      )}
      {nudge && (
        <p className="note" role="status" data-testid="typing-nudge">
          {nudge}
        </p>
      )}
      {status !== 'ACTIVE' && (
        <p className="note" role="status" data-testid="conversation-ended">
          {status === 'COMPLETED' ? texts.thread.endedIdle : texts.thread.endedByUser}
        </p>
      )}
    </>
  );
}
