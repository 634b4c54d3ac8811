import type { Outgoing } from '@taskflow/client/core';
import { wordsOf } from '../graphql/problem.ts';
import { useTranslation } from '../language/language-context.tsx';
import { Entry } from './entry.tsx';

const STATUS = { sending: 'SENDING', sent: 'COMPLETED', failed: 'FAILED' };

/** A message on its way, or one that could not be sent, with its actions. */
export function OutgoingMessage(props: {
  item: Outgoing;
  onRetry(): void;
  onEdit(): void;
  onDiscard(): void;
}) {
  const translation = useTranslation();
  const { t } = translation;
  const { item } = props;
  return (
    <Entry
      id={item.messageId ?? item.clientMessageId}
      speaker="USER"
      status={STATUS[item.status]}
      at={item.at}
      actions={
        item.status === 'sending' ? (
          <span>{t('thread.sending')}</span>
        ) : item.status === 'failed' ? (
          <>
            <span className="entry-problem" role="alert" data-testid="send-problem">
              {t('thread.notSent')} {item.problem && wordsOf(item.problem, translation)}
            </span>
            {item.problem?.retryable && (
              <button type="button" className="text-button" data-testid="retry-send" onClick={props.onRetry}>
                {t('thread.retry')}
              </button>
            )}
            <button type="button" className="text-button" onClick={props.onEdit}>
              {t('thread.edit')}
            </button>
            <button type="button" className="text-button" onClick={props.onDiscard}>
              {t('thread.discard')}
            </button>
          </>
        ) : null
      }
    >
      <p dir="auto">{item.text}</p>
    </Entry>
  );
}
