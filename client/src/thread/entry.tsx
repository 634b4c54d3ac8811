import { memo, type ReactNode } from 'react';
import type { MessageRole } from '../gql/graphql.ts';
import { useTranslation } from '../language/language-context.tsx';
import { nameIn } from '../name-in.ts';
import './entry.css';
import { Timestamp } from './timestamp.tsx';

/** Who said it, when, and its status. */
export interface EntryHead {
  id: string;
  speaker: MessageRole;
  /** A MessageStatus, or THINKING, SPEAKING, SENDING or FAILED. */
  status: string;
  /** RFC 3339; null before it has begun. */
  at: string | null;
  modelName?: string | null;
}

/** The common properties of all entries of a thread. */
export interface EntryProps extends EntryHead {
  /** Shown below the text. */
  note?: ReactNode;
  /** Shown beside the time. */
  actions?: ReactNode;
  children: ReactNode;
}

const SPEAKERS = { USER: 'thread.speakers.USER', ASSISTANT: 'thread.speakers.ASSISTANT' } as const;

/** One entry of a thread: who said what, and when. */
export const Entry = memo(function Entry(props: EntryProps) {
  const { t } = useTranslation();
  const name = nameIn(SPEAKERS, props.speaker);
  const { id, speaker, status, at, modelName, note, actions, children } = props;
  return (
    <div
      className="entry"
      data-testid="message"
      data-message-id={id}
      data-role={speaker}
      data-status={status}
    >
      {name && <span className="visually-hidden">{t(name)}</span>}
      <div className="entry-body" data-testid="message-text">
        {children}
      </div>
      {note}
      <div className="entry-foot">
        {at !== null && <Timestamp at={at} />}
        {modelName && <span className="entry-model">{modelName}</span>}
        {status === 'INTERRUPTED' && (
          <span className="badge" data-testid="interrupted-badge">
            {t('thread.interrupted')}
          </span>
        )}
        {actions}
      </div>
    </div>
  );
});
