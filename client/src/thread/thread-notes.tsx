import type { ConversationStatus } from '../gql/graphql.ts';
import type { Failure, Substitution } from '../live/live-state.ts';
import { texts } from '../texts.ts';
import './thread-notes.css';

/**
 * The quiet lines under the last message: that another model answers, a failed answer, that the user types elsewhere, encouragement, the end of the
 * conversation.
 */
export function ThreadNotes(props: {
  failure: Failure | null;
  substitution: Substitution | null;
  typingElsewhere: boolean;
  nudge: string | null;
  status: ConversationStatus;
  onTryAgain(): void;
  /** It is being tried again. */
  trying: boolean;
  onGoOn(): void;
}) {
  const { failure, substitution, nudge, status } = props;
  return (
    <>
      {substitution && (
        <p className="note" role="status" data-testid="substitution">
          {texts.thread.substituted[substitution.reason](substitution.requested, substitution.answering)}
        </p>
      )}
      {failure && (
        <div
          className="note note-failure"
          role="alert"
          data-testid="ai-error"
          data-code={failure.code ?? undefined}
        >
          <span>{failure.text}</span>
          {failure.retryable && (
            <button
              type="button"
              className="button"
              data-testid="try-again"
              disabled={props.trying}
              onClick={props.onTryAgain}
            >
              {props.trying ? texts.thread.trying : texts.thread.tryAgain}
            </button>
          )}
        </div>
      )}
      {props.typingElsewhere && (
        <p className="note note-typing" role="status" data-testid="typing-elsewhere">
          {texts.thread.typingElsewhere}
          <span className="typing" aria-hidden="true">
            <span />
            <span />
            <span />
          </span>
        </p>
      )}
      {nudge && !props.typingElsewhere && (
        <p className="note note-nudge" role="status" data-testid="typing-nudge">
          {nudge}
        </p>
      )}
      {status !== 'ACTIVE' && (
        <div className="note note-ended" role="status" data-testid="conversation-ended">
          <span>{status === 'COMPLETED' ? texts.thread.endedIdle : texts.thread.endedByUser}</span>
          <button type="button" className="button" data-testid="go-on" onClick={props.onGoOn}>
            {texts.thread.goOn}
          </button>
        </div>
      )}
    </>
  );
}
