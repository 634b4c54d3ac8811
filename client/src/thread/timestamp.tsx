import { useTranslation } from '../language/language-context.tsx';
import { messageTime } from './message-time.ts';

/** When something was said: a short text, with the full time on hover and for machines. */
export function Timestamp({ at }: { at: string }) {
  const translation = useTranslation();
  const date = new Date(at);
  return (
    <time
      dateTime={at}
      title={translation.date(date, { dateStyle: 'full', timeStyle: 'medium' })}
      data-testid="timestamp"
    >
      {messageTime(date, new Date(), translation)}
    </time>
  );
}
