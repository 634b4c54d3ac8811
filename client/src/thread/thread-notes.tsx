import type { Substitution } from '@taskflow/client/core';
import type { ConversationStatus } from '../gql/graphql.ts';
import { useTranslation } from '../language/language-context.tsx';
import { nameIn } from '../name-in.ts';
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
  const { t } = useTranslation();
  const { unanswered, substitution, typingElsewhere, nudge, status } = props;
  const ended = nameIn(ENDED, status);
  const shown = footNote({ unanswered, ended, substitution, typingElsewhere, nudge });
  return (
    <>
      {shown === 'substitution' && substitution && (
        <p className="note" role="status" data-testid="substitution">
          {t(nameIn(SUBSTITUTED, substitution.reason) ?? 'thread.substitutedSomehow', {
            requested: substitution.requested,
            answering: substitution.answering,
          })}
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
          {t('thread.typingElsewhere')}
          <span className="typing" aria-hidden="true">
            <span />
            <span />
            <span />
          </span>
        </p>
      )}
      {shown === 'nudge' && (
        <p className="note note-nudge" role="status" data-testid="typing-nudge" dir="auto">
          {nudge}
        </p>
      )}
      {shown === 'ended' && (
        <div className="note note-ended" role="status" data-testid="conversation-ended">
          <span>{ended && t(ended)}</span>
          <button type="button" className="button" data-testid="go-on" onClick={props.onGoOn}>
            {t('thread.goOn')}
          </button>
        </div>
      )}
    </>
  );
}

const ENDED = { COMPLETED: 'thread.ended.COMPLETED', CANCELLED: 'thread.ended.CANCELLED' } as const;

const SUBSTITUTED = {
  UNAVAILABLE: 'thread.substituted.UNAVAILABLE',
  RETIRED: 'thread.substituted.RETIRED',
} as const;
