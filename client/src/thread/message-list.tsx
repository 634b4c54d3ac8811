import type { LiveStore, Outgoing } from '@taskflow/client/core';
import type { MessagePartsFragment } from '../gql/graphql.ts';
import { texts } from '../texts.ts';
import type { Acknowledgement } from './acknowledgements.ts';
import { Answer } from './answer.tsx';
import { OutgoingMessage } from './outgoing-message.tsx';
import { UserMessage } from './user-message.tsx';

/** All entries in order, each once: stored messages, the answer being spoken, messages on their way, the pending answer. */
export function MessageList(props: {
  messages: readonly MessagePartsFragment[];
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
  const { live, turnId, pendingId, acknowledgements } = props;
  // One array, because the live turn becomes a message: React keeps an element by its key only within the same array.
  const entries = [
    ...props.messages.map((message) =>
      message.role === 'USER' ? (
        <UserMessage key={message.id} message={message} />
      ) : (
        <Answer
          key={message.id}
          message={message}
          pendingId={null}
          live={live}
          acknowledgements={acknowledgements.get(message.id)}
        />
      ),
    ),
    ...(turnId
      ? [
          <Answer
            key={turnId}
            message={null}
            pendingId={null}
            live={live}
            acknowledgements={acknowledgements.get(turnId)}
          />,
        ]
      : []),
    ...props.outgoing.map((item) => (
      <OutgoingMessage
        key={item.messageId ?? item.clientMessageId}
        item={item}
        onRetry={() => props.onRetry(item)}
        onEdit={() => props.onEdit(item)}
        onDiscard={() => props.onDiscard(item)}
      />
    )),
    ...(pendingId ? [<Answer key={pendingId} message={null} pendingId={pendingId} live={live} />] : []),
  ];
  return (
    <ol className="entries" aria-label={texts.thread.label}>
      {entries}
    </ol>
  );
}
