import type { QueuedPartsFragment } from '../gql/graphql.ts';
import { useTranslation } from '../language/language-context.tsx';
import './waiting-messages.css';

/** The messages that wait for the answer to end, above the composer. */
export function WaitingMessages(props: {
  messages: readonly QueuedPartsFragment[];
  /** The ids of those about which a call is on its way. */
  busy: ReadonlySet<string>;
  onSendNow(message: QueuedPartsFragment): void;
  onWithdraw(message: QueuedPartsFragment): void;
}) {
  const { t } = useTranslation();
  if (props.messages.length === 0) return null;
  const actions = [
    { testId: 'send-now', name: 'thread.sendNow', label: 'thread.sendNowOf', act: props.onSendNow },
    { testId: 'withdraw', name: 'thread.withdraw', label: 'thread.withdrawOf', act: props.onWithdraw },
  ] as const;
  return (
    <ol className="waiting-messages" aria-label={t('thread.waiting')}>
      {props.messages.map((message) => (
        <li key={message.id} data-testid="queued-message">
          <span className="waiting-text" dir="auto" title={message.text}>
            {message.text}
          </span>
          {actions.map(({ testId, name, label, act }) => (
            <button
              key={testId}
              type="button"
              className="text-button"
              data-testid={testId}
              aria-label={t(label, { text: message.text })}
              disabled={props.busy.has(message.id)}
              onClick={() => act(message)}
            >
              {t(name)}
            </button>
          ))}
        </li>
      ))}
    </ol>
  );
}
