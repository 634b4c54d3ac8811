import type { Outgoing } from '@taskflow/client/core';
import { texts } from '../texts.ts';
import { Entry } from './entry.tsx';

const STATUS = { sending: 'SENDING', sent: 'COMPLETED', failed: 'FAILED' };

/** A message on its way, or one that could not be sent, with its actions. */
export function OutgoingMessage(props: {
  item: Outgoing;
  onRetry(): void;
  onEdit(): void;
  onDiscard(): void;
}) {
  const { item } = props;
  return (
    <Entry
      id={item.messageId ?? item.clientMessageId}
      speaker="USER"
      status={STATUS[item.status]}
      at={item.at}
      actions={
        item.status === 'sending' ? (
          <span>{texts.thread.sending}</span>
        ) : item.status === 'failed' ? (
          <>
            <span className="entry-problem" role="alert" data-testid="send-problem">
              {texts.thread.notSent} {item.problem?.text}
            </span>
            {item.problem?.retryable && (
              <button type="button" className="text-button" data-testid="retry-send" onClick={props.onRetry}>
                {texts.thread.retry}
              </button>
            )}
            <button type="button" className="text-button" onClick={props.onEdit}>
              {texts.thread.edit}
            </button>
            <button type="button" className="text-button" onClick={props.onDiscard}>
              {texts.thread.discard}
            </button>
          </>
        ) : null
      }
    >
      <p dir="auto">{item.text}</p>
    </Entry>
  );
}
