import type { QueuedPartsFragment } from '../gql/graphql.ts';
import { texts } from '../texts.ts';
import './waiting-messages.css';

/** The messages that wait for the answer to end, above the composer. */
export function WaitingMessages(props: {
  messages: readonly QueuedPartsFragment[];
  /** The ids of those about which a call is on its way. */
  busy: ReadonlySet<string>;
  onSendNow(message: QueuedPartsFragment): void;
  onWithdraw(message: QueuedPartsFragment): void;
}) {
  if (props.messages.length === 0) return null;
  const { sendNow, sendNowOf, withdraw, withdrawOf } = texts.thread;
  const actions = [
    { testId: 'send-now', name: sendNow, label: sendNowOf, act: props.onSendNow },
    { testId: 'withdraw', name: withdraw, label: withdrawOf, act: props.onWithdraw },
  ];
  return (
    <ol className="waiting-messages" aria-label={texts.thread.waiting}>
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
              aria-label={label(message.text)}
              disabled={props.busy.has(message.id)}
              onClick={() => act(message)}
            >
              {name}
            </button>
          ))}
        </li>
      ))}
    </ol>
  );
}
