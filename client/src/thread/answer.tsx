import type { LiveStore, LiveTurn } from '@taskflow/client/core';
import { memo } from 'react';
import type { MessagePartsFragment } from '../gql/graphql.ts';
import { AgainIcon } from '../icons.tsx';
import { useTranslation } from '../language/language-context.tsx';
import type { Translation } from '../language/translation.ts';
import { CopyButton } from '../markdown/copy-button.tsx';
import { type Mark, Markdown } from '../markdown/markdown.tsx';
import type { Acknowledgement } from './acknowledgements.ts';
import { BranchPager } from './branch-pager.tsx';
import { useBranches } from './branches.ts';
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
  acknowledgements?: readonly Acknowledgement[] | undefined;
}) {
  const translation = useTranslation();
  const { t } = translation;
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
      actions={
        open ? null : (
          <>
            <BranchPager messageId={entry.id} />
            <CopyButton text={text} label={t('thread.copyAnswer')} />
            <AgainButton messageId={entry.id} />
          </>
        )
      }
    >
      <div data-testid={open ? 'live-answer' : undefined}>
        {text !== '' && (
          <Markdown text={text} live={open} marks={marksOf(props.acknowledgements, translation)} />
        )}
        {open && <TypingIndicator thinkingSeconds={thinkingSeconds} isFirstWord={text === ''} />}
      </div>
    </Entry>
  );
});

function AgainButton({ messageId }: { messageId: string }) {
  const { t } = useTranslation();
  const { again, busy } = useBranches();
  return (
    <button
      type="button"
      className="icon-button"
      data-testid="regenerate"
      aria-label={t('thread.answerAgain')}
      title={t('thread.answerAgain')}
      disabled={busy}
      onClick={() => again(messageId)}
    >
      <AgainIcon />
    </button>
  );
}

/** What is shown in the text. Undefined stays so, so that a text without any is not drawn again. */
function marksOf(
  acknowledgements: readonly Acknowledgement[] | undefined,
  { t }: Translation,
): readonly Mark[] | undefined {
  return acknowledgements?.map(({ id, text, offset }) => ({
    id,
    offset,
    text,
    label: t('thread.acknowledged', { text }),
  }));
}

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
