import { memo } from 'react';
import type { MessagePartsFragment } from '../gql/graphql.ts';
import type { LiveTurn } from '../live/live-state.ts';
import type { LiveStore } from '../live/live-store.ts';
import { CopyButton } from '../markdown/copy-button.tsx';
import { Markdown } from '../markdown/markdown.tsx';
import { texts } from '../texts.ts';
import { Entry } from './entry.tsx';
import { TypingIndicator } from './typing-indicator.tsx';
import { selectTurn, useLive } from './use-session.ts';

/**
 * An answer of the AI, the same component from its first dot to its stored message, so that nothing is drawn anew when it is
 * done: with `message` it is that, without it is the live turn.
 */
export const Answer = memo(function Answer(props: {
  message: MessagePartsFragment | null;
  live: LiveStore | null;
}) {
  const turn = useLive(props.message ? null : props.live, selectTurn);
  const view = props.message ? viewOfMessage(props.message) : turn && viewOfTurn(turn);
  if (!view) return null;
  const { text, open, ...entry } = view;
  return (
    <Entry {...entry} actions={open ? null : <CopyButton text={text} label={texts.thread.copyAnswer} />}>
      <div data-testid={open ? 'live-answer' : undefined}>
        {text === '' ? <TypingIndicator /> : <Markdown text={text} live={open} />}
      </div>
    </Entry>
  );
});

function viewOfMessage(message: MessagePartsFragment) {
  return {
    id: message.id,
    speaker: message.role,
    status: message.status as string,
    at: message.createdAt,
    modelName: message.model?.name ?? null,
    text: message.content,
    open: false,
  };
}

function viewOfTurn(turn: LiveTurn) {
  const open = turn.phase !== 'ended';
  return {
    id: turn.id,
    speaker: 'ASSISTANT' as const,
    status: open ? turn.phase.toUpperCase() : turn.status,
    at: turn.startedAt,
    modelName: turn.modelName,
    text: turn.text,
    open,
  };
}
