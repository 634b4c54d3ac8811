import { memo } from 'react';
import type { MessagePartsFragment } from '../gql/graphql.ts';
import type { LiveTurn } from '../live/live-state.ts';
import type { LiveStore } from '../live/live-store.ts';
import { CopyButton } from '../markdown/copy-button.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { texts } from '../texts.ts';
import { Entry, type EntryHead } from './entry.tsx';
import { TruncatedNote } from './truncated-note.tsx';
import { TypingIndicator } from './typing-indicator.tsx';
import { selectTurn, useLive } from './use-session.ts';

/**
 * An answer of the AI. The same component shows it from its first dot to its stored message, so that nothing is drawn again
 * when it ends: with `message` it shows that message, with `pendingId` a turn that has not begun, otherwise the live turn.
 */
export const Answer = memo(function Answer(props: {
  message: MessagePartsFragment | null;
  pendingId: string | null;
  live: LiveStore | null;
}) {
  const { message, pendingId, live } = props;
  const turn = useLive(message || pendingId ? null : live, selectTurn);
  const view = message
    ? viewOfMessage(message)
    : pendingId
      ? viewOfPending(pendingId)
      : turn && viewOfTurn(turn);
  if (!view) return null;
  const { text, open, thinkingSeconds, isTruncated, ...entry } = view;
  return (
    <Entry
      {...entry}
      note={isTruncated && <TruncatedNote />}
      actions={open ? null : <CopyButton text={text} label={texts.thread.copyAnswer} />}
    >
      <div data-testid={open ? 'live-answer' : undefined}>
        {text !== '' && <Markdown text={text} live={open} />}
        {open && <TypingIndicator thinkingSeconds={thinkingSeconds} isFirstWord={text === ''} />}
      </div>
    </Entry>
  );
});

interface AnswerView extends EntryHead {
  text: string;
  /** See {@link LiveTurn.thinkingSeconds}. */
  thinkingSeconds: number | null;
  isTruncated: boolean;
  /** Whether it has not ended. */
  open: boolean;
}

function viewOfMessage(message: MessagePartsFragment): AnswerView {
  return {
    id: message.id,
    speaker: message.role,
    status: message.status,
    at: message.createdAt,
    modelName: message.answeredBy?.name ?? null,
    text: message.content,
    thinkingSeconds: null,
    isTruncated: message.isTruncated,
    open: false,
  };
}

function viewOfTurn(turn: LiveTurn): AnswerView {
  const open = turn.phase !== 'ended';
  return {
    id: turn.id,
    speaker: 'ASSISTANT',
    status: open ? turn.phase.toUpperCase() : turn.status,
    at: turn.startedAt,
    modelName: turn.modelName,
    text: turn.text,
    thinkingSeconds: turn.thinkingSeconds,
    isTruncated: turn.isTruncated,
    open,
  };
}

function viewOfPending(id: string): AnswerView {
  return {
    id,
    speaker: 'ASSISTANT',
    status: 'THINKING',
    at: null,
    modelName: null,
    text: '',
    thinkingSeconds: null,
    isTruncated: false,
    open: true,
  };
}
