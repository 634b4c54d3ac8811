import type { Conversation } from '@taskflow/client';
import { type FormEvent, useState } from 'react';
import { useConversation } from './use-conversation.ts';

/** The messages of a conversation, the answer that is being spoken, and a box to write in. */
export function Chat({ conversation }: { conversation: Conversation }) {
  const { messages, turn, outgoing, connection } = useConversation(conversation);
  const [text, setText] = useState('');
  const send = (event: FormEvent) => {
    event.preventDefault();
    void conversation.send(text);
    setText('');
  };
  return (
    <main>
      <ol>
        {messages.map(({ id, role, status, content }) => (
          <li key={id} data-role={role} data-status={status}>
            {content}
          </li>
        ))}
        {turn && (
          <li key={turn.id} data-role="ASSISTANT" data-status={turn.phase}>
            {turn.text || '…'}
          </li>
        )}
        {outgoing.map((item) => (
          <li key={item.clientMessageId} data-role="USER" data-status={item.status}>
            {item.text}
            {item.problem && (
              <button type="button" onClick={() => conversation.retry(item.clientMessageId)}>
                {item.problem.text} Try again
              </button>
            )}
          </li>
        ))}
      </ol>
      <form onSubmit={send}>
        <input
          aria-label="Message"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            conversation.typing();
          }}
          required
        />
        <button type="submit">Send</button>
        {turn && (
          <button type="button" onClick={() => void conversation.stop()}>
            Stop
          </button>
        )}
        {connection === 'reconnecting' && <output>What you send goes out when the line is back.</output>}
      </form>
    </main>
  );
}
