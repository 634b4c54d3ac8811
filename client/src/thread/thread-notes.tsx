import type { Substitution } from '@taskflow/client/core';
import type { ConversationStatus } from '../gql/graphql.ts';
import { nameIn } from '../name-in.ts';
import { texts } from '../texts.ts';
import { footNote } from './foot-note.ts';
import './thread-notes.css';
import type { Unanswered } from './unanswered.ts';
import { UnansweredNote } from './unanswered-note.tsx';

/**
 * The note below the last message: that there is no answer, the end of the conversation, that another model answers, that the
 * user types elsewhere, or encouragement.
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
  const { unanswered, substitution, typingElsewhere, nudge, status } = props;
  const ended = nameIn(texts.thread.ended, status);
  const shown = footNote({ unanswered, ended, substitution, typingElsewhere, nudge });
  return (
    <>
      {shown === 'substitution' && substitution && (
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
      {shown === 'typingElsewhere' && (
        <p className="note note-typing" role="status" data-testid="typing-elsewhere">
          {texts.thread.typingElsewhere}
          <span className="typing" aria-hidden="true">
            <span />
            <span />
            <span />
          </span>
        </p>
      )}
      {shown === 'nudge' && (
        <p className="note note-nudge" role="status" data-testid="typing-nudge">
          {nudge}
        </p>
      )}
      {shown === 'ended' && (
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
