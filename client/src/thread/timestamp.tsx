import { messageTime } from './message-time.ts';

/** When something was said: a short text, with the full time on hover and for machines. */
export function Timestamp({ at }: { at: string }) {
  const date = new Date(at);
  return (
    <time
      dateTime={at}
      title={date.toLocaleString(undefined, { dateStyle: 'full', timeStyle: 'medium' })}
      data-testid="timestamp"
    >
      {messageTime(date, new Date())}
    </time>
  );
}
