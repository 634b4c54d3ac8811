import type { LiveStore, Outgoing } from '@taskflow/client/core';
import { type RefObject, useRef } from 'react';
import type { MessagePartsFragment } from '../gql/graphql.ts';
import { useTranslation } from '../language/language-context.tsx';
import type { Acknowledgement } from './acknowledgements.ts';
import { Answer } from './answer.tsx';
import { OutgoingMessage } from './outgoing-message.tsx';
import { Row } from './row.tsx';
import { useScrollAnchor } from './use-scroll-anchor.ts';
import { useVisibleRows } from './use-visible-rows.ts';
import { UserMessage } from './user-message.tsx';

/**
 * All entries in order, each once: stored messages, the answer being spoken, messages on their way, the pending answer. Of the
 * stored messages, only those near the view are in the document.
 */
export function MessageList(props: {
  messages: readonly MessagePartsFragment[];
  /** Whether there are earlier ones that are not loaded. */
  hasMore: boolean;
  scroller: RefObject<HTMLElement | null>;
  /** Whether the view follows its end. */
  isFollowing(): boolean;
  live: LiveStore | null;
  acknowledgements: ReadonlyMap<string, readonly Acknowledgement[]>;
  /** The live turn, unless it is among the messages already. */
  turnId: string | null;
  /** The id of the turn that has not begun; null when there is none. */
  pendingId: string | null;
  outgoing: readonly Outgoing[];
  onRetry(item: Outgoing): void;
  onEdit(item: Outgoing): void;
  onDiscard(item: Outgoing): void;
}) {
  const { t } = useTranslation();
  const { messages, live, turnId, pendingId, acknowledgements, scroller } = props;
  const list = useRef<HTMLOListElement>(null);
  const { rows, measure } = useVisibleRows(messages, scroller, list);
  useScrollAnchor(scroller, list, props.isFollowing);
  const answer = (id: string, message: MessagePartsFragment | null) => (
    <Answer message={message} pendingId={null} live={live} acknowledgements={acknowledgements.get(id)} />
  );
  const last = [
    ...(turnId ? [{ key: turnId, entry: answer(turnId, null) }] : []),
    ...props.outgoing.map((item) => ({
      key: item.messageId ?? item.clientMessageId,
      entry: (
        <OutgoingMessage
          item={item}
          onRetry={() => props.onRetry(item)}
          onEdit={() => props.onEdit(item)}
          onDiscard={() => props.onDiscard(item)}
        />
      ),
    })),
    ...(pendingId
      ? [{ key: pendingId, entry: <Answer message={null} pendingId={pendingId} live={live} /> }]
      : []),
  ];
  const total = props.hasMore ? -1 : messages.length + last.length;
  // One array, because the live turn becomes a message: React keeps an element by its key only within the same array.
  const entries = [
    ...rows.flatMap(({ index, gap }) => {
      const message = messages[index];
      if (!message) return [];
      return (
        <Row key={message.id} position={index + 1} total={total} index={index} gap={gap} measure={measure}>
          {message.role === 'USER' ? <UserMessage message={message} /> : answer(message.id, message)}
        </Row>
      );
    }),
    ...last.map(({ key, entry }, at) => (
      <Row key={key} position={messages.length + at + 1} total={total}>
        {entry}
      </Row>
    )),
  ];
  return (
    <ol className="entries" aria-label={t('thread.label')} ref={list}>
      {entries}
    </ol>
  );
}
