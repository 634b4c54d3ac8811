import { memo, type ReactNode } from 'react';
import { texts } from '../texts.ts';
import './entry.css';
import { Timestamp } from './timestamp.tsx';

/** What is the same for everything said in a thread. */
export interface EntryProps {
  id: string;
  speaker: 'USER' | 'ASSISTANT' | 'SYSTEM';
  /** A MessageStatus, or THINKING, SPEAKING, SENDING or FAILED. */
  status: string;
  /** RFC 3339. */
  at: string;
  modelName?: string | null;
  /** Beside the time. */
  actions?: ReactNode;
  children: ReactNode;
}

/** One thing said: who, what, when. */
export const Entry = memo(function Entry(props: EntryProps) {
  const { id, speaker, status, at, modelName, actions, children } = props;
  return (
    <li className="entry" data-testid="message" data-message-id={id} data-role={speaker} data-status={status}>
      <span className="visually-hidden">{speaker === 'USER' ? texts.thread.you : texts.thread.ai}</span>
      <div className="entry-body" data-testid="message-text">
        {children}
      </div>
      <div className="entry-foot">
        <Timestamp at={at} />
        {modelName && <span className="entry-model">{modelName}</span>}
        {status === 'INTERRUPTED' && (
          <span className="badge" data-testid="interrupted-badge">
            {texts.thread.interrupted}
          </span>
        )}
        {actions}
      </div>
    </li>
  );
});
