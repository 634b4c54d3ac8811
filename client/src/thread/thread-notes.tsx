import type { ConversationStatus } from '../gql/graphql.ts';
import type { Substitution } from '../live/live-state.ts';
import { nameIn } from '../name-in.ts';
import { texts } from '../texts.ts';
import './thread-notes.css';
import type { Unanswered } from './unanswered.ts';
import { UnansweredNote } from './unanswered-note.tsx';

/**
 * The notes below the last message: that another model answers, that there is no answer, that the user types elsewhere,
 * encouragement, the end of the conversation.
 */
export function ThreadNotes(props: {
  unanswered: Unanswered | null;
  substitution: Substitution | null;
  typingElsewhere: boolean;
  nudge: string | null;
  status: ConversationStatus;
  onRegenerate(): void;
  regenerating: boolean;
  onGoOn(): void;
}) {
  const { unanswered, substitution, nudge, status } = props;
  const ended = nameIn(texts.thread.ended, status);
  return (
    <>
      {substitution && (
        <p className="note" role="status" data-testid="substitution">
          {substitutionText(substitution)}
        </p>
      )}
      {unanswered && (
        <UnansweredNote
          unanswered={unanswered}
          regenerating={props.regenerating}
          onRegenerate={props.onRegenerate}
        />
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
      {ended && (
        <div className="note note-ended" role="status" data-testid="conversation-ended">
          <span>{ended}</span>
          <button type="button" className="button" data-testid="go-on" onClick={props.onGoOn}>
            {texts.thread.goOn}
          </button>
        </div>
      )}
    </>
  );
}

function substitutionText({ requested, answering, reason }: Substitution): string {
  const say = nameIn(texts.thread.substituted, reason) ?? texts.thread.substitutedSomehow;
  return say(requested, answering);
}
